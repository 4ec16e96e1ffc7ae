/* SPDX-License-Identifier: BSD-2-Clause */
/* choose_cpus.h - which CPUs vCPUs are best on: a function of the topology. */
#ifndef VMM_HOST_CHOOSE_CPUS_H
#define VMM_HOST_CHOOSE_CPUS_H

#include <stdint.h>

#include "guest-firmware/abi/layout.h"
#include "vmm/host/host_cpus.h"

#define CPUS_WHY_LEN 192

struct cpu_choice {
	uint32_t nr;	    /* that there are, as many as wanted at most */
	int cpu[MAX_VCPUS]; /* in ascending order */
	char why[CPUS_WHY_LEN];
};

/*
 * nr CPUs, MAX_VCPUS at most: as few of these as there is a choice, what comes
 * first being worse than all that follows:
 *
 *   one that another latvisor measures on; CPU 0; one that is neither isolated
 *   nor nohz_full; one that shares a core with another one of these, or of
 *   another latvisor's; nodes; L3s; kinds of cores; cores that are not the
 *   fastest; one of CPU 0's core; one that is isolated but not nohz_full, or
 *   the other way round.
 *
 * Of those alike the ones with the highest numbers: interrupts and the kernel's
 * work gather on the low ones.
 */
struct cpu_choice choose_cpus(const struct host_cpus *h, uint32_t nr);

#endif
