/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pulse-storm.c - asks for pulses without end, and writes to what it shares
 * with the host while the host uses it.
 */
#include "guest-firmware/abi/modes.h"
#include "guest-firmware/abi/pulse.h"
#include "guest-firmware/fw.h"

enum {
	FLOOD,
	STOP,
	FAR,
	ROUTE,
	ALWAYS,
	STORM,
	TINY,
	FEET,
	RESULTS
};

#define STORM_STARTS 300
#define TRY_US	     100000

static struct pulse pulse[2] __attribute__((aligned(PULSE_ALIGN)));

static void command(const struct pulse *p)
{
	me()->counts.pio++;
	outl(PORT_PULSE, (uint32_t)(uintptr_t)p);
}

/* Gaps of 0: the host must not believe them. */
static void plan(struct pulse *p, uint32_t vector)
{
	p->vcpu = 0;
	p->vector = vector;
	p->rest = REST_NONE;
	p->gap_lo_us = 0;
	p->gap_hi_us = 0;
}

static void be_ready(struct pulse *p)
{
	p->ready = __atomic_load_n(&p->fired, __ATOMIC_RELAXED) + 1;
}

/* As often as the exits allow. */
static void flood(void)
{
	for (;;) {
		be_ready(&pulse[0]);
		command(&pulse[0]);
	}
}

/* The same without a pulse: stops, or starts of one that comes much later. */
static void ask(const struct pulse *first, const struct pulse *second)
{
	for (;;) {
		command(first);
		command(second);
	}
}

static void ask_for_later(uint32_t second_vector)
{
	plan(&pulse[1], second_vector);
	pulse[0].gap_lo_us = pulse[1].gap_lo_us = 1000000;
	ask(&pulse[0], &pulse[1]);
}

/* Asks once: as many pulses as the host gives. */
static void always(void)
{
	command(&pulse[0]);
	for (;;)
		be_ready(&pulse[0]);
}

static void storm(void)
{
	for (uint32_t i = 0; i < STORM_STARTS; i++) {
		struct pulse *p = &pulse[i % 2];

		plan(p, VECTOR_IRQ_FIRST + i % 32);
		p->gap_hi_us = i % 3 ? UINT32_MAX : 0;
		p->rest = i % NR_RESTS;
		command(p);
		if (i % 5 == 0)
			command(NULL);
	}
	command(NULL);
}

/* Always ready: as many as the host gives, which is not without end. */
static void tiny(void)
{
	uint64_t begin = rdtsc(), len = us_to_tsc(TRY_US), most, fired;

	command(&pulse[0]);
	while (rdtsc() - begin < len)
		be_ready(&pulse[0]);
	fired = __atomic_load_n(&pulse[0].fired, __ATOMIC_RELAXED);
	most = (rdtsc() - begin) / us_to_tsc(PULSE_MIN_GAP_US) + 1;
	command(NULL);
	if (fired == 0 || fired > most)
		verdict_fail("%lu pulses, wanted 1 to %lu", fired, most);
}

static void feet(void)
{
	volatile uint64_t *word = (volatile uint64_t *)&pulse[0];
	uint64_t begin = rdtsc(), len = us_to_tsc(TRY_US);
	uint64_t random = begin | 1;

	command(&pulse[0]);
	while (rdtsc() - begin < len) {
		uint64_t at = random_below(&random, sizeof(pulse[0]) / 8);

		word[at] = random % 2 ? random : 1;
		if (random % 16 != 0)
			continue;
		/* Right when it is asked for, and wrong soon afterwards. */
		plan(&pulse[0], VECTOR_PULSE);
		command(&pulse[0]);
		pulse[0].vcpu = pulse[0].vector = UINT32_MAX;
	}
	command(NULL);
}

static void pulse_storm(void)
{
	struct pulse *results = (struct pulse *)LAYOUT_RESULT;
	struct param_value p;

	params_load(&p, 1);
	plan(&pulse[0], VECTOR_PULSE);
	switch (p.lo) {
	case FLOOD:
		flood();
		break;
	case STOP:
		ask(NULL, NULL);
		break;
	case FAR:
		ask_for_later(VECTOR_PULSE);
		break;
	case ROUTE: /* another one each time */
		ask_for_later(VECTOR_PULSE + 1);
		break;
	case ALWAYS:
		always();
		break;
	case STORM:
		storm();
		break;
	case TINY:
		tiny();
		break;
	case FEET:
		feet();
		break;
	case RESULTS: /* the host writes into what it reads at the end */
		plan(results, VECTOR_PULSE);
		command(results);
		break;
	}
}

PAYLOAD("pulse-storm", pulse_storm, .summary = "abuses the host's pulses",
	.flags = PAYLOAD_PULSE, .limit_ms = 5000,
	.params = {
		{.name = "case",
		 .choices =
			 "flood|stop|far|route|always|storm|tiny|feet|results",
		 .kind = PARAM_ENUM},
	});
