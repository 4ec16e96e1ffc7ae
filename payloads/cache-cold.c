/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache-cold.c - the first loads after a vCPU was idle: what is left in the
 * caches of a working set that was in them, when nothing happened meanwhile,
 * after idling, and after idling while another vCPU streamed through memory.
 *
 * Whoever waits is halted: both vCPUs may be on one CPU.
 */
#include "guest-firmware/fw.h"
#include "payloads/cache/chain.h"

#define POLLUTER    1
#define MAX_KIB	    (8u << 10) /* of the working set */
#define POLLUTE_MAX (128u << 10)
#define NR_STORES   64 /* of a sample of the polluter's, a line each */

enum {
	PARAM_SET,
	PARAM_IDLE_US,
	PARAM_POLLUTE_KIB,
	PARAM_SAMPLES,
	PARAM_PAGE,
	NR_PARAMS
};

/* The choices of PARAM_SET, from 16 KiB on. */
#define SET_CHOICES   "16k|32k|64k|128k|256k|512k|1m|2m|4m|8m"
#define SET_LEN(set)  ((16ull << 10) << (set))
#define SET_DEFAULT_I 1

/* What vCPU 0 asks for with its IPI; the answer is one too. */
enum ask {
	ASK_PAUSE,  /* nothing touches memory for idle_us */
	ASK_STREAM, /* the polluter writes for as long */
	ASK_END
};

static struct {
	struct line *lines; /* the working set */
	uint64_t nr;	    /* of lines */
	uint64_t samples, idle_tsc;
	volatile uint64_t *from; /* the polluter's memory */
	uint64_t pollute_nr;	 /* of lines */
	struct measure streamed;
	_Atomic uint64_t ask; /* vCPU 0: enum ask */
	_Atomic uint64_t ready __attribute__((aligned(64))); /* vCPU 1 */
} cold;

/* Halted until the other one's IPI. */
static void await_ipi(void)
{
	do
		irq_halt();
	while (me()->irq_vector != VECTOR_IPI);
	lapic_eoi();
}

/* vCPU 1: dirties one line after the other, at least a sample's. */
static uint64_t stream(uint64_t at, uint64_t until)
{
	do {
		uint64_t t0 = rdtsc_ordered(), t1;

		for (uint64_t i = 0; i < NR_STORES; i++)
			cold.from[(at + i) * (LINE_LEN / 8)] = t0;
		t1 = rdtsc_ordered();
		measure_record(&cold.streamed, t1 - t0, t1);
		at += NR_STORES;
		if (at + NR_STORES > cold.pollute_nr)
			at = 0;
	} while (rdtsc() < until);
	return at;
}

static void polluter(void *arg)
{
	uint64_t at = 0;

	(void)arg;
	/* The first touch of each page is not what is measured. */
	for (uint64_t i = 0; i < cold.pollute_nr; i += PAGE_LEN / LINE_LEN)
		cold.from[i * (LINE_LEN / 8)] = 0;
	word_store(&cold.ready, 1);
	window_begin(&cold.streamed);
	for (;;) {
		uint64_t until, ask;

		await_ipi();
		until = rdtsc() + cold.idle_tsc;
		ask = word_load(&cold.ask);
		if (ask == ASK_END)
			break;
		if (ask == ASK_STREAM)
			at = stream(at, until);
		else
			pause_for(cold.idle_tsc);
		lapic_ipi(0, VECTOR_IPI);
	}
	window_end(&cold.streamed);
}

/* One kind of sample; idle: ask is what happens meanwhile. */
static void measure_first(const char *name, bool idle, enum ask ask)
{
	struct measure m = metric_add(
		name, 0, METRIC_PER_OP | METRIC_OPS(CHAIN_LOADS), cold.samples);

	window_begin(&m);
	for (uint64_t i = 0; i < cold.samples; i++) {
		uint64_t t0, t1;

		if (!chain_walk(cold.lines, cold.nr)) {
			verdict_error("the chain does not have all its lines");
			break;
		}
		if (idle) {
			word_store(&cold.ask, ask);
			lapic_ipi(POLLUTER, VECTOR_IPI);
			await_ipi();
		}
		t0 = rdtsc_ordered();
		chain_chase(cold.lines);
		t1 = rdtsc_ordered();
		measure_record(&m, t1 - t0, t1);
	}
	window_end(&m);
	metric_done(&m);
}

static void load_params(void)
{
	struct param_value p[NR_PARAMS];

	params_load(p, NR_PARAMS);
	cold.lines = (struct line *)fw_boot->lazy;
	cold.nr = SET_LEN(p[PARAM_SET].lo) / LINE_LEN;
	cold.samples = p[PARAM_SAMPLES].lo;
	cold.idle_tsc = us_to_tsc(p[PARAM_IDLE_US].lo);
	cold.from = (volatile uint64_t *)(fw_boot->lazy + MAX_KIB * 1024ull);
	cold.pollute_nr = p[PARAM_POLLUTE_KIB].lo * 1024 / LINE_LEN;
}

static void cache_cold(void)
{
	load_params();
	cold.streamed = metric_add("streamed", POLLUTER,
				   METRIC_PER_OP | METRIC_OPS(NR_STORES), 0);
	on_vcpu(POLLUTER, polluter, NULL);
	chain_build(cold.lines, cold.nr);
	wait_for(&cold.ready, 1);
	measure_first("first_warm", false, ASK_PAUSE);
	measure_first("first_idle", true, ASK_PAUSE);
	measure_first("first_cold", true, ASK_STREAM);
	word_store(&cold.ask, ASK_END);
	lapic_ipi(POLLUTER, VECTOR_IPI);
	vcpu_join(POLLUTER);
	metric_done(&cold.streamed);
}

METRICS(METRIC("first_warm"), METRIC("first_idle"), METRIC("first_cold"),
	METRIC_ANY("streamed"));

PAYLOAD("cache-cold", cache_cold,
	.summary =
		"the first loads after a vCPU was idle, by what ran meanwhile",
	.flags = PAYLOAD_NEEDS_LAPIC, .min_vcpus = 2, .limit_ms = 30000,
	.hists = 4, .lazy_len = (MAX_KIB + POLLUTE_MAX) * 1024ull,
	.work_percent = 300,
	.params = {
		{.name = "set",
		 .help = "the working set, of which the first 64 lines are loaded",
		 .kind = PARAM_ENUM,
		 .choices = SET_CHOICES,
		 .def = SET_DEFAULT_I},
		{.name = "idle_us",
		 .help = "vCPU 0 is halted that long, and vCPU 1 streams",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_PERIOD,
		 .min = 10,
		 .max = 1000000,
		 .def = 1000},
		{.name = "pollute_kib",
		 .help = "vCPU 1 streams through that much, a part each time",
		 .kind = PARAM_U64,
		 .min = 4,
		 .max = POLLUTE_MAX,
		 .def = 32768},
		PARAM_DESC_SAMPLES("of each kind, 64 loads each", 1000000000,
				   500),
		PARAM_DESC_PAGE,
	});
