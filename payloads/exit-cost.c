/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit-cost.c - the price of each kind of exit: every test in the folder
 * exit-cost/, with its distribution and, by KVM's count, its exits; on one
 * vCPU, or on all of them at once.
 */
#include "guest-firmware/exit_cost.h"

extern const struct exit_cost *const exit_costs_start[];
extern const struct exit_cost *const exit_costs_end[];
extern const char nr_exit_costs[]; /* the linker's: its address is the value */

enum {
	PARAM_SAMPLES,
	PARAM_WARMUP,
	PARAM_TEST_LIMIT_MS,
	PARAM_PARALLEL,
	NR_PARAMS
};

/* To the first sample of a test that some hosts cannot do. */
#define FIRST_SAMPLE_MS 300

/* Of who is done before the others, at a time. */
#define BATCH 8

/* Where the warm-up goes, to be forgotten. */
static struct hist forgotten[EXIT_COST_MAX_VCPUS];

/* The test that runs; vCPU 0 writes it while no other vCPU has a job. */
static struct {
	const struct exit_cost *test;
	uint64_t samples, warmup;
	uint64_t nr_vcpus; /* from vCPU 0 upwards */
	struct measure m[EXIT_COST_MAX_VCPUS];
	/* All of them. */
	_Atomic uint64_t met __attribute__((aligned(64)));
	_Atomic uint64_t done;
} now;

/* Waits until each vCPU of the test has called it nr times. */
static void meet(uint64_t nr)
{
	word_add(&now.met, 1);
	wait_for(&now.met, nr * now.nr_vcpus);
}

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

static void operations(const struct exit_cost *t, const struct measure *m,
		       uint64_t n)
{
	t->loop(m, n);
	count_exits(t, n);
}

static void measure_samples(const struct exit_cost *t, const struct measure *m)
{
	if (t->window)
		t->window(window_begin, m);
	window_begin(m);
	meet(3);
	operations(t, m, now.samples);
	window_end(m);
	if (t->window)
		t->window(window_end, m);
}

/* On each vCPU of the test: begins with the others, and is there to the end. */
static void take_part(void *arg)
{
	const struct exit_cost *t = now.test;
	const struct measure forget = {.hist = &forgotten[me()->id]};

	(void)arg;
	meet(1); /* none is still waking up another */
	if (t->setup)
		t->setup();
	meet(2);
	operations(t, &forget, now.warmup);
	measure_samples(t, &now.m[me()->id]);
	word_add(&now.done, 1);
	/* No other's last samples are without company. */
	while (!t->max_samples && !t->everywhere &&
	       word_load(&now.done) < now.nr_vcpus)
		operations(t, &forget, BATCH);
	meet(4);
	if (t->teardown)
		t->teardown();
}

static void run_test(const struct exit_cost *t, uint64_t samples,
		     uint64_t warmup, bool parallel)
{
	uint64_t nr = parallel || t->everywhere ? nr_vcpus() : 1;
	uint64_t max = t->max_samples / nr;

	/* PARAM_WARMUP is always less than max_samples. */
	if (max && samples + warmup > max)
		samples = max - warmup;
	now.test = t;
	now.samples = samples;
	now.warmup = warmup;
	now.nr_vcpus = nr;
	/* The VM may have ended in the test before. */
	word_store(&now.met, 0);
	word_store(&now.done, 0);
	for (uint32_t i = 0; i < nr; i++)
		now.m[i] = metric_add(t->name, i, METRIC_PER_OP, samples);
	for (uint32_t i = 1; i < nr; i++)
		on_vcpu(i, take_part, NULL);
	take_part(NULL);
	for (uint32_t i = 1; i < nr; i++)
		vcpu_join(i);
	for (uint32_t i = 0; i < nr; i++)
		metric_done(&now.m[i]);
}

static const char *why_not(const struct exit_cost *t, bool parallel)
{
	if (parallel && t->window)
		return "needs another vCPU for itself: parallel=off";
	return t->skip ? t->skip() : NULL;
}

static void exit_cost(void)
{
	struct param_value p[NR_PARAMS];
	uint64_t nr = (uint64_t)(exit_costs_end - exit_costs_start);
	bool parallel;

	params_load(p, NR_PARAMS);
	parallel = p[PARAM_PARALLEL].lo;
	if (parallel && nr_vcpus() < 2) {
		verdict_skip("parallel=on needs a second vCPU: --vcpus 2");
		return;
	}
	for (uint32_t i = 0; i < nr_vcpus(); i++)
		hist_init(&forgotten[i]);
	for (uint64_t i = 0; i < nr; i++) {
		const struct exit_cost *t = exit_costs_start[i];
		const char *reason = why_not(t, parallel);
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
			run_test(t, p[PARAM_SAMPLES].lo, warmup, parallel);
		step_end();
	}
}

PAYLOAD("exit-cost", exit_cost,
	.summary = "the price of each kind of VM exit, one test a kind",
	.flags = PAYLOAD_MSR_DEVICE, .max_vcpus = EXIT_COST_MAX_VCPUS,
	.limit_ms = 120000, .hists_per_vcpu = (uint64_t)nr_exit_costs,
	.lazy_len = EXIT_COST_LAZY_LEN,
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
		{.name = "parallel",
		 .help = "on: each test on all vCPUs at once; 4 fit into a result",
		 .kind = PARAM_ENUM,
		 .choices = "off|on"},
	});
