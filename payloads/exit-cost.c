/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-cost.c - the price of each kind of exit: every test in the folder
 * exit-cost/, with its distribution and, by KVM's count, its exits.
 */
#include "guest-firmware/exit_cost.h"

extern const struct exit_cost *const exit_costs_start[];
extern const struct exit_cost *const exit_costs_end[];
extern const char nr_exit_costs[]; /* the linker's: its address is the value */

enum {
	PARAM_SAMPLES,
	PARAM_WARMUP,
	PARAM_TEST_LIMIT_MS,
	NR_PARAMS
};

/* To the first sample of a test that some hosts cannot do. */
#define FIRST_SAMPLE_MS 300

/* Where the warm-up goes, to be forgotten. */
static struct hist warmup_hist;

static void count_exits(const struct exit_cost *t, uint64_t n)
{
	struct vcpu_counts *c = &me()->counts;

	switch (t->counts) {
	case EXIT_COST_IN_KERNEL:
		break;
	case EXIT_COST_PIO:
		c->pio += n;
		break;
	case EXIT_COST_MMIO:
		c->mmio += n;
		break;
	case EXIT_COST_MSR:
		c->msr += n;
		break;
	}
}

static void run_test(const struct exit_cost *t, uint64_t samples,
		     uint64_t warmup)
{
	const struct measure forget = {.hist = &warmup_hist};
	struct measure m;

	/* PARAM_WARMUP is always less than max_samples. */
	if (t->max_samples && samples + warmup > t->max_samples)
		samples = t->max_samples - warmup;
	m = metric_add(t->name, 0, METRIC_PER_OP, samples);
	if (t->setup)
		t->setup();
	t->loop(&forget, warmup);
	count_exits(t, warmup);
	if (t->window)
		t->window(window_begin, &m);
	window_begin(&m);
	t->loop(&m, samples);
	count_exits(t, samples);
	window_end(&m);
	if (t->window)
		t->window(window_end, &m);
	if (t->teardown)
		t->teardown();
	metric_done(&m);
}

static void exit_cost(void)
{
	struct param_value p[NR_PARAMS];
	uint64_t nr = (uint64_t)(exit_costs_end - exit_costs_start);

	params_load(p, NR_PARAMS);
	hist_init(&warmup_hist);
	for (uint64_t i = 0; i < nr; i++) {
		const struct exit_cost *t = exit_costs_start[i];
		const char *reason = t->skip ? t->skip() : NULL;
		uint64_t first_ms = 0, warmup = p[PARAM_WARMUP].lo;

		/* A warm-up would count as the time of the first sample. */
		if (t->may_never_return) {
			first_ms = FIRST_SAMPLE_MS;
			warmup = 0;
		}
		if (!step_begin(i, p[PARAM_TEST_LIMIT_MS].lo, first_ms))
			continue;
		if (reason)
			metric_skip(t->name, reason);
		else
			run_test(t, p[PARAM_SAMPLES].lo, warmup);
		step_end();
	}
}

PAYLOAD("exit-cost", exit_cost,
	.summary = "the price of each kind of VM exit, one test a kind",
	.flags = PAYLOAD_MSR_DEVICE, .max_vcpus = 2, .limit_ms = 120000,
	.hists = (uint64_t)nr_exit_costs, .lazy_len = EXIT_COST_LAZY_LEN,
	.params = {
		PARAM_DESC_SAMPLES("of each test", 1000000000, 1000),
		PARAM_DESC_WARMUP("operations before the first sample", 1000,
				  20),
		{.name = "test_limit_ms",
		 .help = "a test that takes longer is ended, the others go on",
		 .kind = PARAM_U64,
		 .min = 10,
		 .max = 3600000,
		 .def = 10000},
	});
