/* SPDX-License-Identifier: BSD-2-Clause */
/* test_sweep.c - what only a sweep as a whole says. */
#include "tests/functional/func.h"
#include "tests/functional/results.h"

TEST(sweep_says_first_what_the_clock_counts)
{
	struct run r;
	struct proc p;

	run_now(&r, "hello");
	latvisor(&p, "sweep", "timer-jitter", "interval_us=1000,2000",
		 "samples=20", "--rounds", "1", "--limit", AMPLE_S, NULL);
	must(p.status == 0, "%s%s", p.out, p.err);
	must_announce(p.out, is_insns(r.json));
	proc_free(&p);
	run_free(&r);
}
