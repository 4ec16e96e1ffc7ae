/* SPDX-License-Identifier: BSD-2-Clause */
/* ends.c - see ends.h. */
#include "vmm/run/ends.h"

bool ends_any(const struct vm *vm, enum vcpu_state state)
{
	for (uint32_t i = 0; i < vm->nr_vcpus; i++)
		if (vm->vcpus[i].state == state)
			return true;
	return false;
}

enum stop_reason ends_why(const struct vm *vm)
{
	if (ends_any(vm, VCPU_PANIC) || ends_any(vm, VCPU_CRASHED))
		return STOP_CRASH;
	return ends_any(vm, VCPU_BROKE) ? STOP_BREAK : STOP_ENDED;
}

bool ends_run(const struct vm *vm, enum stop_reason *why)
{
	uint32_t nr_ended = 0;

	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		enum vcpu_state state = vm->vcpus[i].state;

		nr_ended += state != VCPU_RUNNING;
		if (state == VCPU_DONE)
			nr_ended = vm->nr_vcpus;
	}
	*why = ends_why(vm);
	return *why != STOP_ENDED || nr_ended >= vm->nr_vcpus;
}
