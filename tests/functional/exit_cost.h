/* SPDX-License-Identifier: BSD-2-Clause */
/* exit_cost.h - a run of exit-cost, for the tests of it. */
#ifndef FUNC_EXIT_COST_H
#define FUNC_EXIT_COST_H

#include <string.h>

#include "tests/functional/results.h"

#define SAMPLES 50

static inline void run_exit_cost(struct run *r, const char *irqchip,
				 const char *vcpus)
{
	run_now(r, "exit-cost", "samples=50", "--irqchip", irqchip, "--vcpus",
		vcpus);
	must_pass(r);
}

/* The test, on vCPU 0, has that status. */
static inline void must_be(const json_t *result, const char *name,
			   const char *status)
{
	json_t *m = find_metric(result, name, 0);

	must(m, "there is no test %s", name);
	must(strcmp(get_text(m, "status"), status) == 0, "%s is %s, wanted %s",
	     name, get_text(m, "status"), status);
}

#endif
