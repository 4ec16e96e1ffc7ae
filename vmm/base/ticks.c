/* SPDX-License-Identifier: BSD-2-Clause */
/* ticks.c - see ticks.h. */
#include <stdlib.h>

#include "vmm/base/ticks.h"

/*
 * The loops.  Each has its instructions beside it, those between the two reads
 * and the second read.  No processor takes one cycle an instruction for all
 * three: a taken branch and its DEC are one cycle together, a multiplication
 * waits for the one before, NOPs wait for nothing.
 */
#define BODY	 63 /* in an iteration, DEC and JNZ not counted */
#define BODY_STR "63"

static uint32_t run_branches(unsigned int n)
{
	uint32_t from, to;

	__asm__ volatile("rdtsc\n\t"
			 "mov %%eax, %1\n\t"
			 "nop\n"
			 "1:\tdec %2\n\t"
			 "jnz 1b\n\t"
			 "rdtsc"
			 : "=&a"(to), "=&r"(from), "+&r"(n)
			 :
			 : "rdx", "cc");
	return to - from;
}

static unsigned int len_branches(unsigned int n)
{
	return 2 * n + 3;
}

static uint32_t run_products(unsigned int n)
{
	uint32_t from, to, x = 3;

	__asm__ volatile("rdtsc\n\t"
			 "mov %%eax, %1\n"
			 "1:\t.rept " BODY_STR "\n\t"
			 "imul %3, %3\n\t"
			 ".endr\n\t"
			 "dec %2\n\t"
			 "jnz 1b\n\t"
			 "rdtsc"
			 : "=&a"(to), "=&r"(from), "+&r"(n), "+&r"(x)
			 :
			 : "rdx", "cc");
	return to - from;
}

static uint32_t run_nops(unsigned int n)
{
	uint32_t from, to;

	__asm__ volatile("rdtsc\n\t"
			 "mov %%eax, %1\n"
			 "1:\t.rept " BODY_STR "\n\t"
			 "nop\n\t"
			 ".endr\n\t"
			 "dec %2\n\t"
			 "jnz 1b\n\t"
			 "rdtsc"
			 : "=&a"(to), "=&r"(from), "+&r"(n)
			 :
			 : "rdx", "cc");
	return to - from;
}

static unsigned int len_body(unsigned int n)
{
	return (BODY + 2) * n + 2;
}

#define NR_LENGTHS 3

/* The lengths have no factor in common: the step is seen in what is taken. */
static const struct mix {
	uint32_t (*run)(unsigned int n); /* the ticks of n iterations */
	unsigned int (*len)(unsigned int n);
	unsigned int n[NR_LENGTHS]; /* the shortest first */
} mixes[] = {
	{run_branches, len_branches, {100, 251, 400}},
	{run_products, len_body, {3, 8, 13}},
	{run_nops, len_body, {4, 9, 14}},
};
#define NR_MIXES (sizeof(mixes) / sizeof(*mixes))

#define GLANCES 3

/* One of three was not interrupted: is it near enough to look closer? */
static bool is_likely(const struct mix *m)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < GLANCES; i++) {
		int64_t ticks = m->run(m->n[0]);

		if (ticks < least)
			least = ticks;
	}
	return llabs(least - (int64_t)m->len(m->n[0])) < TICKS_STEP_MAX;
}

struct ticks ticks_measure(void)
{
	struct ticks_series series[NR_MIXES * NR_LENGTHS], *s = series;

	for (size_t i = 0; i < NR_MIXES; i++)
		if (!is_likely(&mixes[i]))
			return (struct ticks){.insns = false};
	for (size_t i = 0; i < NR_MIXES; i++) {
		const struct mix *m = &mixes[i];

		for (int k = 0; k < NR_LENGTHS; k++, s++) {
			s->insns = m->len(m->n[k]);
			for (int n = 0; n < TICKS_REPEATS; n++)
				s->ticks[n] = m->run(m->n[k]);
		}
	}
	return ticks_judge(series, NR_MIXES * NR_LENGTHS);
}

/* An interrupt makes a repeat longer: three of four have to be without. */
#define ENOUGH(n) ((n)*3 / 4)

/* The largest number that nearly all of them are multiples of; 0: too large. */
static unsigned int step_of(const struct ticks_series *series, unsigned int nr)
{
	for (unsigned int step = TICKS_STEP_MAX; step; step--) {
		unsigned int multiples = 0;

		for (unsigned int i = 0; i < nr * TICKS_REPEATS; i++)
			multiples += series[i / TICKS_REPEATS]
						     .ticks[i % TICKS_REPEATS] %
					     step ==
				     0;
		if (multiples >= ENOUGH(nr * TICKS_REPEATS))
			return step;
	}
	return 1;
}

/* As many ticks as instructions, but for the step at either end. */
static bool fits(const struct ticks_series *s, unsigned int step)
{
	unsigned int right = 0;

	for (int i = 0; i < TICKS_REPEATS; i++)
		right += llabs((int64_t)s->ticks[i] - (int64_t)s->insns) < step;
	return right >= ENOUGH(TICKS_REPEATS);
}

struct ticks ticks_judge(const struct ticks_series *series, unsigned int nr)
{
	unsigned int step = step_of(series, nr);

	for (unsigned int i = 0; i < nr; i++)
		if (!fits(&series[i], step))
			return (struct ticks){.insns = false};
	return (struct ticks){.insns = nr != 0, .step = step};
}

void ticks_announce(const struct ticks *t, FILE *out)
{
	if (!t->insns)
		return;
	fprintf(out,
		"clock: counts instructions on this host, %u at a time: path "
		"lengths, not times\n",
		t->step);
}
