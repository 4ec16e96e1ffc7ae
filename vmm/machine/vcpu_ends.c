/* SPDX-License-Identifier: BSD-2-Clause */
/* vcpu_ends.c - the ends that a guest may ask for: device.h. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/text.h"
#include "vmm/machine/crash.h"

#define NAME_LEN sizeof(((struct metric *)0)->name)

void vcpu_park(struct vcpu *vcpu)
{
	vcpu->state = VCPU_PARKED;
}

void vcpu_done(struct vcpu *vcpu)
{
	vcpu->state = VCPU_DONE;
}

/* Where the user's own trace is to be found again. */
static void mark(const struct vcpu *vcpu, uint32_t metric)
{
	const struct vm *vm = vcpu->vm;
	char name[NAME_LEN], text[128];

	if (!vm->config->mark)
		return;
	text_copy(name, sizeof(name), vm_result(vm)->metrics[metric].name,
		  sizeof(name));
	snprintf(text, sizeof(text),
		 "latvisor: vCPU %u: a sample of %s is above --break-at",
		 vcpu->index, name);
	/* Nobody waits for it, and the result has the sample all the same. */
	if (write(vm->config->mark_fd, text, strlen(text)) < 0)
		return;
}

bool vcpu_break(struct vcpu *vcpu, uint32_t metric)
{
	struct vm *vm = vcpu->vm;

	if (vm->break_tsc == 0 || metric >= RESULT_MAX_METRICS)
		return false;
	mark(vcpu, metric);
	vcpu->break_metric = metric;
	if (atomic_fetch_add(&vm->nr_breaks, 1) + 1 >= vm->config->break_most)
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
