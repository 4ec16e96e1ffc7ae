/* SPDX-License-Identifier: BSD-2-Clause */
/* trap.h - exceptions: expected ones are fixed up, others are reported. */
#ifndef FW_TRAP_H
#define FW_TRAP_H

#include <stdint.h>

/* Reads an MSR.  0, or the vector of the trap (13: #GP, no such MSR). */
int rdmsr_safe(uint32_t msr, uint64_t *value);

/* Writes an MSR.  0, or the vector of the trap. */
int wrmsr_safe(uint32_t msr, uint64_t value);

#endif
