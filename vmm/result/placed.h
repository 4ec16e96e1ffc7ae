/* SPDX-License-Identifier: BSD-2-Clause */
/* placed.h - where threads and memory of a run were, and who chose that. */
#ifndef VMM_RESULT_PLACED_H
#define VMM_RESULT_PLACED_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/host/choose_cpus.h"

enum cpus_chosen {
	CPUS_NAMED, /* --cpus LIST */
	CPUS_DEFAULT,
	CPUS_AUTO, /* --cpus auto */
	NR_CPUS_CHOSEN,
};

struct result_placed {
	bool known; /* not of files of versions without it */
	enum cpus_chosen chosen;
	char why[CPUS_WHY_LEN]; /* those CPUs; "": they were named */
	/* Where all but vCPUs run, a list. */
	bool housekeeping_named;
	char housekeeping[64];
	/* Nodes of the vCPUs' CPUs; memory_why: "": the memory is bound to
	 * them. */
	char nodes[32], memory_why[64];
	/* Times at least that vCPUs had used up their SCHED_DEADLINE's runtime.
	 */
	bool overruns_known;
	uint64_t overruns;
};

/* The memory_why where there is nothing to bind. */
#define PLACED_ONE_NODE "this host has one node"

/* "named", "default", "auto". */
const char *cpus_chosen_name(enum cpus_chosen chosen);

#endif
