/* SPDX-License-Identifier: BSD-2-Clause */
/* exit_reason.h - why a processor left the guest, by the manuals' names. */
#ifndef VMM_HOST_EXIT_REASON_H
#define VMM_HOST_EXIT_REASON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whose reasons: KVM_ISA_* of arch/x86/kvm/trace.h. */
#define EXIT_VMX 1
#define EXIT_SVM 2

#define EXIT_REASON_LEN 48

/*
 * A reason's name: VMX's basic exit reasons of SDM vol 3 appendix C, SVM's exit
 * codes of APM vol 2 appendix C, there without "VMEXIT_".  What they do not
 * have is "reason 0x123".
 */
void exit_reason_text(uint32_t isa, uint32_t reason,
		      char text[EXIT_REASON_LEN]);

/* The guest's HLT: until the entry the vCPU sleeps, or KVM polls. */
bool exit_reason_is_halt(uint32_t isa, uint32_t reason);

#endif
