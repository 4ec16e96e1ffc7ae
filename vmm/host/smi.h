/* SPDX-License-Identifier: BSD-2-Clause */
/* smi.h - how many system management interrupts a CPU had. */
#ifndef VMM_HOST_SMI_H
#define VMM_HOST_SMI_H

#include <stdint.h>

/* A CPU's MSRs, or -errno; close() when it is not below 0. */
int smi_open(int cpu);

/* *smis, of 32 bits; NULL, or why it is not known. */
const char *smi_read(int fd, uint64_t *smis);

#endif
