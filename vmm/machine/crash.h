/* SPDX-License-Identifier: BSD-2-Clause */
/* crash.h - a vCPU that died: what is kept of it, and the names of things. */
#ifndef VMM_MACHINE_CRASH_H
#define VMM_MACHINE_CRASH_H

#include "vmm/machine/vcpu.h"

/* Ends this vCPU as CRASHED: the reason (printf-like) and the registers. */
void vcpu_crash(struct vcpu *vcpu, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "KVM_EXIT_IO", ...; where to look for the rest. */
const char *vcpu_exit_name(uint32_t exit_reason);

/* "#PF page fault", ...; "exception" for the unknown ones. */
const char *crash_vector_name(uint64_t vector);

#endif
