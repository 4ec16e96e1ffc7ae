/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random-shared.c - honest results first, then random values at random places
 * of all that the host reads of a guest: the result area, the console, the
 * rings of --raw, histograms, series, phases.  A few of them and the end
 * (spoil), or for ever while the host reads (go-on).
 */
#include "guest-firmware/abi/console.h"
#include "guest-firmware/fw.h"

enum {
	SPOIL,
	GO_ON
};

#define SAMPLES 64
#define MOST	48 /* words that are spoilt: few leave the others to be read */

/* Words that the host reads. */
struct area {
	volatile uint64_t *word;
	uint64_t nr;
};

static struct area areas[12];
static unsigned int nr_areas;
static uint64_t state;

static uint64_t below(uint64_t bound)
{
	return random_below(&state, bound);
}

static void area_add(const volatile void *p, uint64_t len)
{
	if (p)
		areas[nr_areas++] = (struct area){
			.word = (volatile uint64_t *)(uintptr_t)p,
			.nr = len / sizeof(uint64_t),
		};
}

/* Heads as areas of their own: what is behind them is much larger. */
static void find_areas(const struct measure *m)
{
	struct result_area *r = fw_result();
	struct console *c = (struct console *)LAYOUT_CONSOLE;

	area_add(r, offsetof(struct result_area, trap));
	area_add(&r->trap, sizeof(r->trap));
	area_add(r->counts, 2 * sizeof(r->counts[0]));
	area_add(r->metrics, 3 * sizeof(r->metrics[0]));
	area_add(c, offsetof(struct console, data));
	area_add(c->data, sizeof(c->data));
	area_add(m->hist, offsetof(struct hist, bucket));
	area_add(m->early, sizeof(*m->early));
	area_add(m->missed, offsetof(struct hist, bucket));
	area_add(m->series, sizeof(*m->series));
	area_add(m->phases, m->phases ? sizeof(*m->phases) : 0);
	area_add(m->raw, m->raw ? sizeof(*m->raw) + 256 : 0);
}

/* What a careless reader falls over, as often as noise. */
static uint64_t value(void)
{
	const struct boot_record *b = fw_boot;
	uint64_t end = b->heap + b->heap_len;

	switch (below(8)) {
	case 0:
		return below(8);
	case 1:
		return -below(8);
	case 2:
		return 1ull << below(64);
	case 3: /* two fields of 32 bits */
		return below(512) << 32 | below(512);
	case 4:
		return b->heap + below(b->heap_len / 8) * 8;
	case 5: /* around the end of RAM */
		return (end | (PAGE_LEN - 1)) + 1 - 8 * below(PAGE_LEN);
	case 6:
		return rdtsc() - below(1 << 20);
	default:
		return below(UINT64_MAX);
	}
}

static void spoil_one(void)
{
	const struct area *a = &areas[below(nr_areas)];
	volatile uint64_t *word = &a->word[below(a->nr)];

	/* Often of what is there, for that is half right. */
	*word = below(4) ? value() : *word + 1 - 2 * below(2);
}

static void random_shared(void)
{
	struct param_value p[2];
	struct measure m;

	params_load(p, 2);
	/* A step that it invented was late: it has done its worst. */
	if (fw_boot->resume_step)
		return;
	state = p[1].lo * 0x9e3779b97f4a7c15ull | 1;
	m = metric_add("honest", 0,
		       METRIC_SIGNED | METRIC_PHASES | METRIC_DEADLINES, 0);
	window_begin(&m);
	for (unsigned int i = 0; i < SAMPLES; i++) {
		uint64_t now = rdtsc();

		measure_record(&m, 1000 + i, now);
		if (m.phases)
			phases_record(m.phases, now, 1000 + i);
	}
	window_end(&m);
	metric_done(&m);
	find_areas(&m);
	if (p[0].lo == SPOIL)
		for (uint64_t i = below(MOST) + 1; i > 0; i--)
			spoil_one();
	else
		for (;;)
			spoil_one();
}

PAYLOAD("random-shared", random_shared,
	.summary = "random values in all that it shares", .limit_ms = 10000,
	.hists = 3,
	.params = {
		{.name = "case", .choices = "spoil|go-on", .kind = PARAM_ENUM},
		{.name = "seed",
		 .kind = PARAM_U64,
		 .max = UINT64_MAX,
		 .def = 1},
	});
