/* SPDX-License-Identifier: BSD-2-Clause */
/* placed.c - see placed.h. */
#include "vmm/result/placed.h"

const char *cpus_chosen_name(enum cpus_chosen chosen)
{
	static const char *const names[NR_CPUS_CHOSEN] = {
		[CPUS_NAMED] = "named",
		[CPUS_DEFAULT] = "default",
		[CPUS_AUTO] = "auto",
	};

	return names[chosen];
}
