/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.c - a load's latency against the size of the working set, from the
 * first-level cache to DRAM, with and without another vCPU that streams through
 * memory of its own.
 *
 * The loads chase pointers: each line holds the address of the next, in an
 * order that no prefetcher knows.
 */
#include "guest-firmware/fw.h"
#include "payloads/cache/chain.h"

#define MIN_KIB	   16u
#define MAX_KIB	   (128u << 10)
#define NR_SIZES   14 /* 16 KiB, 32 KiB ... 128 MiB */
#define NR_STORES  64 /* of a sample of the polluter's */
#define POLLUTE_MS 10 /* it streams that long before the first sample */

enum {
	PARAM_MAX_KIB,
	PARAM_POLLUTE_KIB,
	PARAM_SAMPLES,
	PARAM_PAGE,
	NR_PARAMS
};

enum order {
	ORDER_PAUSE,
	ORDER_STREAM,
	ORDER_END
};

static struct {
	uint64_t samples;
	struct line *lines; /* the working set */
	struct {
		volatile uint64_t *from;
		uint64_t nr; /* lines */
		struct measure m;
		_Atomic uint64_t order /* vCPU 0: enum order */
			__attribute__((aligned(64)));
		_Atomic uint64_t record; /* vCPU 0: a window is open */
		_Atomic uint64_t rounds	 /* vCPU 1: 1, then one more a sample */
			__attribute__((aligned(64)));
	} polluter;
} cache;

/* Each a working set: KiB, and how it is called. */
#define SIZES(SIZE)           \
	SIZE(16, "16k")       \
	SIZE(32, "32k")       \
	SIZE(64, "64k")       \
	SIZE(128, "128k")     \
	SIZE(256, "256k")     \
	SIZE(512, "512k")     \
	SIZE(1 << 10, "1m")   \
	SIZE(2 << 10, "2m")   \
	SIZE(4 << 10, "4m")   \
	SIZE(8 << 10, "8m")   \
	SIZE(16 << 10, "16m") \
	SIZE(32 << 10, "32m") \
	SIZE(64 << 10, "64m") \
	SIZE(128 << 10, "128m")

#define TABLE_ENTRY(n, name)                  \
	{                                     \
		.kib = (n),                   \
		.alone = "alone_" name,       \
		.polluted = "polluted_" name, \
	},

static const struct size {
	uint64_t kib;
	const char *alone, *polluted; /* metrics */
} sizes[] = {SIZES(TABLE_ENTRY)};

_Static_assert(sizeof(sizes) / sizeof(*sizes) == NR_SIZES, "each has a size");

/* A sample is the time of all the loads of a chase. */
static void measure_chain(const struct measure *m)
{
	const struct line *line = cache.lines;

	window_begin(m);
	for (uint64_t i = 0; i < cache.samples; i++) {
		uint64_t t0 = rdtsc_ordered(), t1;

		line = chain_chase(line);
		t1 = rdtsc_ordered();
		measure_record(m, t1 - t0, t1);
	}
	window_end(m);
	metric_done(m);
}

/* vCPU 1: dirties one line after the other of its own memory. */
static void pollute(void *arg)
{
	uint64_t at = 0;

	(void)arg;
	/* The first touch of each page is not what is measured. */
	for (uint64_t i = 0; i < cache.polluter.nr; i += PAGE_LEN / LINE_LEN)
		cache.polluter.from[i * (LINE_LEN / 8)] = 0;
	word_store(&cache.polluter.rounds, 1);
	while (word_load(&cache.polluter.order) != ORDER_END) {
		uint64_t t0, t1;

		if (word_load(&cache.polluter.order) == ORDER_PAUSE) {
			cpu_relax();
			continue;
		}
		t0 = rdtsc_ordered();
		for (uint64_t i = 0; i < NR_STORES; i++)
			cache.polluter.from[(at + i) * (LINE_LEN / 8)] = t0;
		t1 = rdtsc_ordered();
		at += NR_STORES;
		if (at + NR_STORES > cache.polluter.nr)
			at = 0;
		if (!word_load(&cache.polluter.record))
			continue;
		measure_record(&cache.polluter.m, t1 - t0, t1);
		word_count(&cache.polluter.rounds);
	}
}

static struct measure add_metric(const char *name)
{
	return metric_add(name, 0, METRIC_PER_OP | METRIC_OPS(CHAIN_LOADS),
			  cache.samples);
}

/* The same chain as before, beside a vCPU that streams. */
static void measure_polluted(const struct measure *m)
{
	uint64_t rounds;

	wait_for(&cache.polluter.rounds, 1);
	rounds = word_load(&cache.polluter.rounds);
	word_store(&cache.polluter.order, ORDER_STREAM);
	pause_for(us_to_tsc(POLLUTE_MS * 1000ull));
	word_store(&cache.polluter.record, 1);
	wait_for(&cache.polluter.rounds, rounds + 1);
	measure_chain(m);
	word_store(&cache.polluter.record, 0);
	word_store(&cache.polluter.order, ORDER_PAUSE);
}

static void measure_size(const struct size *size)
{
	uint64_t nr = size->kib * 1024 / LINE_LEN;
	struct measure m = add_metric(size->alone);

	chain_build(cache.lines, nr);
	if (!chain_walk(cache.lines, nr)) {
		verdict_error("%s: the chain does not have all of its lines",
			      size->alone);
		return;
	}
	measure_chain(&m);
	if (nr_vcpus() < 2)
		return;
	m = add_metric(size->polluted);
	measure_polluted(&m);
}

static void sweep_cache(void)
{
	struct param_value p[NR_PARAMS];

	params_load(p, NR_PARAMS);
	cache.samples = p[PARAM_SAMPLES].lo;
	cache.lines = (struct line *)fw_boot->lazy;
	cache.polluter.from =
		(volatile uint64_t *)(fw_boot->lazy + MAX_KIB * 1024ull);
	cache.polluter.nr = p[PARAM_POLLUTE_KIB].lo * 1024 / LINE_LEN;
	if (nr_vcpus() > 1) {
		cache.polluter.m = metric_add("polluter", 1,
					      METRIC_PER_OP | METRIC_NO_WINDOW |
						      METRIC_OPS(NR_STORES),
					      0);
		on_vcpu(1, pollute, NULL);
	}
	for (int i = 0; i < NR_SIZES && sizes[i].kib <= p[PARAM_MAX_KIB].lo;
	     i++)
		measure_size(&sizes[i]);
	if (nr_vcpus() < 2)
		return;
	word_store(&cache.polluter.order, ORDER_END);
	vcpu_join(1);
	metric_done(&cache.polluter.m);
}

#define SIZE_METRICS(n, name) METRIC("alone_" name), METRIC("polluted_" name),

METRICS(SIZES(SIZE_METRICS) METRIC_ANY("polluter"));

PAYLOAD("cache", sweep_cache,
	.summary = "loads by the size of the working set, alone and polluted",
	.def_vcpus = 2, .max_vcpus = 2, .limit_ms = 60000,
	.hists = 2 * NR_SIZES + 1, .lazy_len = 2048ull * MAX_KIB,
	.params = {
		/* Building a chain takes longer the larger it is. */
		{.name = "max_kib",
		 .help = "the largest working set: 16, 32, 64 ... up to it",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_PERIOD,
		 .min = MIN_KIB,
		 .max = MAX_KIB,
		 .def = 8192},
		{.name = "pollute_kib",
		 .help = "the second vCPU streams through that much",
		 .kind = PARAM_U64,
		 .min = 4,
		 .max = MAX_KIB,
		 .def = 32768},
		PARAM_DESC_SAMPLES("of each size, 64 loads each", 1000000000,
				   1000),
		PARAM_DESC_PAGE,
	});
