/* SPDX-License-Identifier: BSD-2-Clause */
/* crash.h - a vCPU that died: what is kept of it, and the names of things. */
#ifndef VMM_MACHINE_CRASH_H
#define VMM_MACHINE_CRASH_H

#include <stddef.h>

#include "vmm/machine/vcpu.h"

/* Ends this vCPU as CRASHED: the reason (printf-like) and the registers. */
void vcpu_crash(struct vcpu *vcpu, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Where a vCPU is that was stopped from outside, into vcpu->crash and halted.
 */
void vcpu_locate(struct vcpu *vcpu);

/*
 * The length of the OUT or OUTS of size bytes that the code begins with, in
 * 64-bit mode; 0: it begins with something else (SDM vol 2B, OUT, OUTS).
 */
size_t crash_out_len(const unsigned char *code, size_t len, unsigned int size);

/* "KVM_EXIT_IO", ...; where to look for the rest. */
const char *vcpu_exit_name(uint32_t exit_reason);

/* "#PF page fault", ...; "exception" for the unknown ones. */
const char *crash_vector_name(uint64_t vector);

#endif
