/* SPDX-License-Identifier: BSD-2-Clause */
/* beside.c - see beside.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/base/stop_signals.h"
#include "vmm/host/cpumask.h"
#include "vmm/host/sandbox.h"
#include "vmm/result/rounds.h"
#include "vmm/result/stress_take.h"
#include "vmm/run/beside.h"

/* One of the plan. */
struct mix_rounds {
	struct rounds rounds;
	struct result_stress said;
	bool failed; /* it could not be begun: why is in said.reason */
};

struct beside {
	struct run_setup *setup;
	const struct stress_plan *plan;
	struct stress_keeper *keeper;
	struct rounds quiet;
	struct mix_rounds mixes[STRESS_MOST];
};

/* Not once the first result is there: the last round would not be of use. */
static bool is_over(struct beside *b, unsigned int nr)
{
	if (b->quiet.all && stop_signals_came())
		b->quiet.all->interrupted = true;
	return rounds_are_over(&b->quiet) ||
	       (nr && b->quiet.all->nr_rounds >= nr);
}

static void name_cpus(struct result_stress *said, const struct run_setup *setup)
{
	struct cpumask list;
	struct stress_host h;

	stress_place(&h, &setup->placement, setup->config.machine.nr_vcpus);
	list = cpumask_from_set(&h.cpus);
	cpumask_to_list(&list, said->cpus, sizeof(said->cpus));
}

static bool syncs_clock(const struct stress_mix *mix)
{
	for (unsigned int i = 0; i < mix->nr; i++)
		if (mix->parts[i]->syncs_clock)
			return true;
	return false;
}

/* A round beside mix i, unless an earlier one went wrong. */
static struct run_outcome round_beside(struct beside *b, unsigned int i)
{
	struct run_outcome outcome = {.status = 0};
	struct mix_rounds *m = &b->mixes[i];
	uint64_t done;

	if (m->failed || (m->rounds.all && rounds_are_over(&m->rounds)))
		return outcome;
	if (!stress_begin(b->keeper, i, m->said.reason,
			  sizeof(m->said.reason))) {
		m->failed = true;
		return outcome;
	}
	b->setup->config.sync_clock = syncs_clock(&b->plan->mixes[i]);
	outcome = run_round(b->setup, &m->rounds);
	b->setup->config.sync_clock = false;
	stress_end(b->keeper, &done, m->said.how, sizeof(m->said.how));
	m->said.done += done;
	if (outcome.interrupted)
		b->quiet.all->interrupted = true;
	return outcome;
}

/* What each of them came to, into the quiet result. */
static void gather(struct beside *b)
{
	for (unsigned int i = 0; i < b->plan->nr; i++) {
		struct mix_rounds *m = &b->mixes[i];
		struct result *loaded = m->rounds.all;

		snprintf(m->said.name, sizeof(m->said.name), "%s",
			 b->plan->mixes[i].name);
		name_cpus(&m->said, b->setup);
		if (m->failed) {
			m->said.verdict = VERDICT_ERROR;
			result_verdict(b->quiet.all, VERDICT_ERROR,
				       "--stress %s: %s", m->said.name,
				       m->said.reason);
		}
		/* --strict is about the quiet ones: these are disturbed. */
		if (loaded)
			rounds_end(loaded, b->setup->in_suite, false);
		stress_take(b->quiet.all, &m->said, loaded);
		result_free(loaded);
	}
}

struct run_outcome run_beside(struct run_setup *setup,
			      const struct stress_plan *plan,
			      struct stress_keeper *k, unsigned int nr,
			      run_taker *take)
{
	struct beside b = {.setup = setup,
			   .plan = plan,
			   .keeper = k,
			   .quiet = {.take = take}};
	struct run_outcome outcome;

	/* Ctrl-C between two of them must not lose what they measured. */
	stop_signals_hold();
	/* A lost vCPU's thread ends the program with that round's result. */
	for (unsigned int i = 0; i < plan->nr; i++)
		b.mixes[i].rounds.take = take;
	do {
		outcome = run_round(setup, &b.quiet);
		for (unsigned int i = 0; i < plan->nr && !is_over(&b, 0); i++)
			round_beside(&b, i);
	} while (!is_over(&b, nr));
	sandbox_files_only();
	if (b.quiet.all) {
		gather(&b);
		outcome.broke = b.quiet.all->nr_broke > 0;
		outcome.status = rounds_finish(setup, &b.quiet);
	}
	return outcome;
}
