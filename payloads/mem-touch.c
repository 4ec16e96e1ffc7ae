/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem-touch.c - what a store to a page costs that the host does not have, that
 * the host has and KVM has not mapped, that is mapped, and that KVM logs.
 */
#include "guest-firmware/fw.h"

#define LAZY_LEN (64u << 20)

enum {
	PARAM_PAGE,
	PARAM_PAGES,
	PARAM_WARMUP,
	NR_PARAMS
};

/* Pieces of lazy RAM, one page behind the other. */
struct pages {
	uint64_t from;	  /* address of the first */
	uint64_t len;	  /* of one */
	uint64_t warmup;  /* so many are touched before the first sample ... */
	uint64_t samples; /* ... and so many as samples */
};

static inline void touch(uint64_t addr)
{
	*(volatile uint64_t *)addr = addr;
}

static void measure_pages(const char *name, const struct pages *p)
{
	struct measure m = metric_add(name, 0, METRIC_PER_OP, p->samples);
	uint64_t addr = p->from;

	for (uint64_t i = 0; i < p->warmup; i++, addr += p->len)
		touch(addr);
	window_begin(&m);
	for (uint64_t i = 0; i < p->samples; i++, addr += p->len) {
		uint64_t t0 = rdtsc_ordered(), t1;

		touch(addr);
		t1 = rdtsc_ordered();
		measure_record(&m, t1 - t0, t1);
	}
	window_end(&m);
	metric_done(&m);
}

/* As many as were asked for and are there; a warm-up if half of it is left. */
static struct pages choose_pages(uint64_t from, uint64_t end, uint64_t len,
				 const struct param_value *p)
{
	struct pages pages = {.from = from, .len = len};
	uint64_t nr = (end - from) / len;

	pages.warmup = p[PARAM_WARMUP].lo;
	if (pages.warmup > nr / 2)
		pages.warmup = nr / 2;
	pages.samples = p[PARAM_PAGES].lo;
	if (pages.samples > nr - pages.warmup)
		pages.samples = nr - pages.warmup;
	return pages;
}

static void mem_touch(void)
{
	struct param_value p[NR_PARAMS];
	uint64_t lazy = fw_boot->lazy, end = lazy + fw_boot->lazy_len;
	uint64_t len, half;
	struct pages first, behind, logged;

	params_load(p, NR_PARAMS);
	len = PAGE_CHOICE_LEN(p[PARAM_PAGE].lo);
	half = lazy + fw_boot->lazy_len / 2 / len * len;
	/* One page has no half: the first touch takes it. */
	first = choose_pages(lazy, half == lazy ? end : half, len, p);
	measure_pages("first_touch", &first);
	if (half == lazy) {
		metric_skip("prefaulted", "there is one page of that size "
					  "only");
	} else {
		fw_control(CTL_POPULATE, 0);
		behind = choose_pages(half, end, len, p);
		measure_pages("prefaulted", &behind);
	}
	measure_pages("again", &first);
	/* Behind what was touched KVM has nothing to protect. */
	end = lazy + (first.warmup + first.samples) * len;
	/* KVM logs by PAGE_LEN, whatever the pages behind are. */
	logged = choose_pages(lazy, end, PAGE_LEN, p);
	fw_control(CTL_LOG_DIRTY, 0);
	measure_pages("dirty_first", &logged);
	measure_pages("dirty_again", &logged);
	fw_control(CTL_COUNT_DIRTY, (uint32_t)(logged.warmup + logged.samples));
}

METRICS(METRIC("first_touch"), METRIC("prefaulted"), METRIC("again"),
	METRIC("dirty_first"), METRIC("dirty_again"));

PAYLOAD("mem-touch", mem_touch,
	.summary =
		"the first store to a page: absent, prefaulted, mapped, logged",
	.limit_ms = 5000, .hists = 5, .lazy_len = LAZY_LEN,
	.params = {
		PARAM_DESC_PAGE,
		{.name = "pages",
		 .help = "samples of each kind, as far as there are pages",
		 .kind = PARAM_U64,
		 .role = PARAM_ROLE_COUNT,
		 .min = 1,
		 .max = LAZY_LEN / 2 / PAGE_LEN,
		 .def = 1000},
		PARAM_DESC_WARMUP("pages of each kind before the first sample",
				  1000, 4),
	});
