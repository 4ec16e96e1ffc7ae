/* SPDX-License-Identifier: BSD-2-Clause */
/* stress_take.h - what a disturbance does (stress.h) out of two results. */
#ifndef VMM_RESULT_STRESS_TAKE_H
#define VMM_RESULT_STRESS_TAKE_H

#include "vmm/result/result.h"

/*
 * Adds the rounds beside one to those without; loaded was analysed, and stays
 * the caller's.  NULL: no round of it came to its end.  s has what is said of
 * it, but not of its rounds.  What went wrong beside it is told in the verdict
 * of the whole.  Dies.
 */
void stress_take(struct result *quiet, const struct result_stress *s,
		 const struct result *loaded);

/* The quiet metric that a row stands beside; NULL: there is none. */
const struct result_metric *stress_quiet(const struct result *r,
					 const struct stress_row *row);

/* a - b; a file may have said any two. */
static inline int64_t stress_more(int64_t a, int64_t b)
{
	int64_t more;

	if (!__builtin_sub_overflow(a, b, &more) && more != INT64_MIN)
		return more;
	return a < b ? -INT64_MAX : INT64_MAX;
}

/* The row of a disturbance for a metric; NULL: it has none. */
const struct stress_row *stress_row_of(const struct result_stress *s,
				       const struct result_metric *m);

#endif
