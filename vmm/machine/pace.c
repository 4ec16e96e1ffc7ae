/* SPDX-License-Identifier: BSD-2-Clause */
/* pace.c - see pace.h. */
#include "vmm/machine/pace.h"

void pace_begin(struct pace *p, uint64_t now_ns, uint64_t cpu_ns)
{
	if (!p->begun_ns)
		p->begun_ns = now_ns;
	p->seen_ns = cpu_ns;
}

void pace_account(struct pace *p, uint64_t cpu_ns, bool guests)
{
	if (cpu_ns <= p->seen_ns)
		return;
	if (guests)
		p->spent_ns += cpu_ns - p->seen_ns;
	p->seen_ns = cpu_ns;
}

uint64_t pace_wait_ns(const struct pace *p, uint64_t now_ns)
{
	uint64_t elapsed = now_ns - p->begun_ns, due;

	if (p->spent_ns <= PACE_BURST_NS)
		return 0;
	due = (p->spent_ns - PACE_BURST_NS) * PACE_SHARE;
	return due > elapsed ? due - elapsed : 0;
}
