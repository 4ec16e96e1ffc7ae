/* SPDX-License-Identifier: BSD-2-Clause */
/* vcpu_ends.c - the ends that a guest may ask for: device.h. */
#include "vmm/machine/crash.h"

void vcpu_park(struct vcpu *vcpu)
{
	vcpu->state = VCPU_PARKED;
}

void vcpu_done(struct vcpu *vcpu)
{
	vcpu->state = VCPU_DONE;
}

bool vcpu_break(struct vcpu *vcpu, uint32_t metric)
{
	if (vcpu->vm->break_tsc == 0 || metric >= RESULT_MAX_METRICS)
		return false;
	vcpu->break_metric = metric;
	vcpu->state = VCPU_BROKE;
	return true;
}

void vcpu_panic(struct vcpu *vcpu)
{
	if (vm_result(vcpu->vm)->trap.valid)
		vcpu->state = VCPU_PANIC;
	else
		vcpu_crash(vcpu, "the guest gave up and left no report");
}
