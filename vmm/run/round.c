/* SPDX-License-Identifier: BSD-2-Clause */
/* round.c - see round.h. */
#include "vmm/run/round.h"
#include "vmm/result/rounds.h"

/* What a round's taker needs to know. */
struct taker {
	struct run_setup *setup;
	struct rounds *x;
};

static void take_round(struct result *r, struct run_report *run, void *arg)
{
	const struct taker *t = arg;
	struct rounds *x = t->x;

	if (!x->all) {
		x->all = r;
		run->kept = true;
		if (!x->single)
			rounds_begin(r);
	} else if (r->interrupted) {
		x->all->interrupted = true;
	} else {
		rounds_add(x->all, r);
	}
	if (r->stuck) {
		x->all->stuck = true;
		rounds_finish(t->setup, x);
	}
}

struct run_outcome run_round(struct run_setup *setup, struct rounds *x)
{
	struct taker t = {.setup = setup, .x = x};

	setup->is_round = !x->single;
	setup->again = x->all != NULL;
	setup->more = true;
	return run_payload(setup, take_round, &t);
}

bool rounds_are_over(const struct rounds *x)
{
	return !x->all || x->all->interrupted ||
	       x->all->verdict != VERDICT_PASS;
}

int rounds_finish(struct run_setup *setup, struct rounds *x)
{
	struct run_report run = {.setup = setup};
	struct result *all = x->all;

	if (!all)
		return 0;
	if (!x->single)
		rounds_end(all, setup->in_suite, setup->config.strict);
	run.status = result_status(all);
	x->take(all, &run, x->arg);
	/* A lost vCPU's thread ends with the program, and so does this; who
	 * took it may have forgotten it already.
	 */
	if (!all->stuck)
		result_free(all);
	x->all = NULL;
	return run.status;
}
