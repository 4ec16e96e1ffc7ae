/* SPDX-License-Identifier: BSD-2-Clause */
/* vcpu_counters.c - who opens a vCPU's counters of APIC writes: vcpu.h. */
#include <errno.h>
#include <time.h>

#include "vmm/machine/vcpu.h"

#define ASK_US 100L

/* Takes it back, unless the main thread was faster. */
static bool give_up(struct vcpu *vcpu)
{
	enum counters_state wanted = COUNTERS_WANTED;

	return atomic_compare_exchange_strong(&vcpu->counters_state, &wanted,
					      COUNTERS_NONE);
}

int vcpu_open_counters(struct vcpu *vcpu)
{
	if (atomic_load(&vcpu->counters_state) == COUNTERS_TRIED)
		return vcpu->counters_error;
	atomic_store(&vcpu->counters_state, COUNTERS_WANTED);
	if (!vm_request(vcpu->vm))
		return -EIO;
	/* As long as it takes, seconds where that is emulated; or to the end.
	 */
	while (!atomic_load(&vcpu->vm->stop) || !give_up(vcpu)) {
		/* A sleep: the main thread may have no other CPU. */
		struct timespec pause = {.tv_nsec = ASK_US * 1000};

		if (atomic_load(&vcpu->counters_state) == COUNTERS_TRIED)
			return vcpu->counters_error;
		nanosleep(&pause, NULL);
	}
	return -ECANCELED;
}

void vcpus_serve(struct vm *vm)
{
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		struct vcpu *vcpu = &vm->vcpus[i];
		enum counters_state wanted = COUNTERS_WANTED;

		if (!atomic_compare_exchange_strong(&vcpu->counters_state,
						    &wanted, COUNTERS_BUSY))
			continue;
		vcpu->counters_error = msr_counters_open(
			&vcpu->msr_counters, &vm->msr_events, vcpu->tid);
		atomic_store(&vcpu->counters_state, COUNTERS_TRIED);
	}
}
