/* SPDX-License-Identifier: BSD-2-Clause */
/* pace.c - see pace.h. */
#include "vmm/run/pace.h"

uint64_t pace_wait_ns(const struct pace *p, uint64_t now_ns)
{
	uint64_t elapsed = now_ns - p->begun_ns, due;

	if (p->spent_ns <= PACE_BURST_NS)
		return 0;
	due = (p->spent_ns - PACE_BURST_NS) * PACE_SHARE;
	return due > elapsed ? due - elapsed : 0;
}
