/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_pool.c - what --explain found in several rounds, its metrics apart:
 * explain_pool.h. */
#include <string.h>

#include "vmm/result/explain_pool.h"

/* What no event tells is known of all rounds that were recorded, or of none. */
static void pool_outside(struct result_trace *to,
			 const struct result_trace *from, bool is_first)
{
	to->steal_known = from->steal_known && (is_first || to->steal_known);
	to->steal_ns += from->steal_ns;
	to->smis += from->smis;
	if (from->no_smis[0])
		memcpy(to->no_smis, from->no_smis, sizeof(to->no_smis));
}

void trace_pool(struct result_trace *to, const struct result_trace *from)
{
	bool is_first = !to->asked || to->missing[0];

	if (!from->asked)
		return;
	if (!to->asked)
		memcpy(to->missing, from->missing, sizeof(to->missing));
	if (!from->missing[0]) {
		to->missing[0] = '\0';
		pool_outside(to, from, is_first);
	}
	to->asked = true;
	to->watched |= from->watched;
	to->nr_events += from->nr_events;
	to->lost += from->lost;
	to->lacks |= from->lacks;
}
