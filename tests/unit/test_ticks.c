/* SPDX-License-Identifier: BSD-2-Clause */
/* test_ticks.c - when a clock counts instructions, and when it does not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/base/ticks.h"

#define NR     9
#define SPOILT (TICKS_REPEATS / 4) /* repeats of a series that may be */

static const unsigned int lengths[NR] = {203, 505, 803, 197, 522,
					 847, 262, 587, 912};

/* A clock that counts instructions, step at a time, from any moment on. */
static void count(struct ticks_series *s, unsigned int step)
{
	unsigned int now = 0;

	for (int i = 0; i < NR; i++) {
		s[i].insns = lengths[i];
		for (int k = 0; k < TICKS_REPEATS; k++) {
			unsigned int from = now / step;

			now += lengths[i];
			s[i].ticks[k] = (now / step - from) * step;
			now += 23; /* between two loops */
		}
	}
}

static void assert_counts(const struct ticks_series *s, unsigned int step)
{
	struct ticks t = ticks_judge(s, NR);

	assert_true(t.insns);
	assert_int_equal(t.step, step);
}

static void assert_is_time(const struct ticks_series *s)
{
	struct ticks t = ticks_judge(s, NR);

	assert_false(t.insns);
	assert_int_equal(t.step, 0);
}

TEST(ticks_that_equal_the_instructions_count_them)
{
	struct ticks_series s[NR];

	for (unsigned int step = 1; step <= TICKS_STEP_MAX; step++) {
		count(s, step);
		assert_counts(s, step);
	}
}

TEST(ticks_in_coarser_steps_count_nothing)
{
	struct ticks_series s[NR];

	for (unsigned int step = TICKS_STEP_MAX + 1; step < 100; step++) {
		count(s, step);
		assert_is_time(s);
	}
}

/* An interrupt in some of the repeats, of any series or of one alone. */
TEST(ticks_may_be_spoilt_in_a_quarter_of_the_repeats)
{
	for (unsigned int step = 1; step <= 5; step += 4) {
		struct ticks_series s[NR];

		for (int i = 0; i < NR; i++) {
			count(s, step);
			for (int k = 0; k < SPOILT; k++)
				s[i].ticks[TICKS_REPEATS - 1 - k] += 1230;
			assert_counts(s, step);
			s[i].ticks[0] += 1230;
			assert_is_time(s);
		}
		count(s, step);
		for (int i = 0; i < NR; i++)
			for (int k = 0; k < SPOILT; k++)
				s[i].ticks[4 * k] += (unsigned int)(731 + i);
		assert_counts(s, step);
	}
}

/* Off by as much as the step, in either direction, in one of the series. */
TEST(ticks_have_to_be_exact_in_every_series)
{
	for (unsigned int step = 1; step <= 5; step++) {
		for (int i = 0; i < NR; i++) {
			for (int off = -1; off <= 1; off += 2) {
				struct ticks_series s[NR];

				count(s, step);
				for (int k = 0; k <= SPOILT; k++)
					s[i].ticks[k] =
						s[i].insns +
						(uint32_t)(off * (int)step);
				assert_is_time(s);
			}
		}
	}
}

/* Each mix by itself could be right by chance, all of them cannot. */
TEST(ticks_of_two_mixes_are_not_enough)
{
	for (int mix = 0; mix < NR / 3; mix++) {
		struct ticks_series s[NR];

		count(s, 1);
		for (int i = 3 * mix; i < 3 * mix + 3; i++)
			for (int k = 0; k < TICKS_REPEATS; k++)
				s[i].ticks[k] = s[i].ticks[k] / 2;
		assert_is_time(s);
	}
}

/* Twice, half and a tick more each instruction: they are proportional only. */
TEST(ticks_that_are_proportional_count_nothing)
{
	static const double factors[] = {0.25, 0.5, 0.95, 1.05, 2, 3};

	for (size_t f = 0; f < sizeof(factors) / sizeof(*factors); f++) {
		struct ticks_series s[NR];

		count(s, 1);
		for (int i = 0; i < NR; i++)
			for (int k = 0; k < TICKS_REPEATS; k++)
				s[i].ticks[k] =
					(uint32_t)(s[i].ticks[k] * factors[f]);
		assert_is_time(s);
	}
}

TEST(ticks_of_a_clock_that_stands_still_or_goes_back_count_nothing)
{
	struct ticks_series s[NR];

	count(s, 1);
	for (int i = 0; i < NR; i++)
		memset(s[i].ticks, 0, sizeof(s[i].ticks));
	assert_is_time(s);
	for (int i = 0; i < NR; i++)
		for (int k = 0; k < TICKS_REPEATS; k++)
			s[i].ticks[k] = (uint32_t)-s[i].insns;
	assert_is_time(s);
	assert_false(ticks_judge(s, 0).insns);
}

/* Recorded: a 2 GHz server, whose TSC goes in steps of 24 or 25. */
TEST(ticks_of_hardware_are_time)
{
	static const struct ticks_series s[NR] = {
		{203,
		 {221, 196, 147, 147, 171, 172, 172, 196, 196, 196, 196, 196,
		  196, 220, 196, 196}},
		{505,
		 {367, 367, 563, 465, 490, 490, 441, 466, 466, 392, 368, 368,
		  441, 441, 466, 466}},
		{803,
		 {662, 613, 760, 711, 735, 563, 563, 637, 735, 710, 588, 539,
		  759, 759, 710, 637}},
		{197,
		 {441, 417, 441, 392, 392, 441, 392, 416, 392, 416, 416, 392,
		  417, 416, 441, 417}},
		{522,
		 {1151, 1151, 1151, 1151, 1127, 1152, 1127, 1127, 1127, 1176,
		  1127, 1151, 1127, 1127, 1127, 1103}},
		{847,
		 {1911, 1862, 1813, 1837, 1837, 1862, 1838, 1862, 1813, 1886,
		  1837, 1837, 1862, 1862, 1838, 1838}},
		{262,
		 {122, 122, 98, 123, 74, 74, 98, 98, 74, 73, 98, 98, 73, 98, 74,
		  98}},
		{587,
		 {147, 171, 171, 147, 123, 147, 122, 171, 171, 147, 123, 147,
		  147, 147, 147, 147}},
		{912,
		 {245, 245, 196, 172, 196, 147, 171, 147, 269, 220, 220, 220,
		  220, 196, 196, 221}},
	};

	assert_is_time(s);
}

/* Recorded: two emulated CPUs that run in turns of 5 instructions. */
TEST(ticks_of_two_emulated_cpus_are_instructions_in_steps)
{
	static const struct ticks_series s[NR] = {
		{203,
		 {205, 200, 205, 200, 205, 205, 200, 205, 200, 205, 205, 200,
		  205, 200, 205, 205}},
		{505,
		 {505, 505, 505, 505, 505, 505, 505, 505, 505, 505, 505, 505,
		  505, 505, 505, 505}},
		{803,
		 {805, 800, 805, 805, 800, 805, 800, 805, 805, 800, 805, 800,
		  805, 805, 800, 805}},
		{197,
		 {200, 195, 195, 200, 195, 200, 195, 195, 200, 195, 200, 195,
		  195, 200, 195, 200}},
		{522,
		 {520, 525, 520, 520, 525, 520, 525, 520, 520, 525, 520, 525,
		  520, 520, 525, 520}},
		{847,
		 {850, 845, 850, 845, 845, 850, 845, 850, 845, 845, 850, 845,
		  850, 845, 845, 850}},
		{262,
		 {260, 265, 265, 260, 260, 260, 265, 265, 260, 260, 260, 265,
		  265, 260, 260, 260}},
		{587,
		 {590, 585, 585, 585, 590, 590, 585, 585, 585, 590, 590, 585,
		  585, 585, 590, 590}},
		{912,
		 {910, 910, 915, 915, 910, 910, 910, 915, 915, 910, 910, 910,
		  915, 915, 910, 910}},
	};

	assert_counts(s, 5);
}

TEST(ticks_of_this_host_are_the_same_each_time)
{
	struct ticks first = ticks_measure();

	assert_true(!first.insns == !first.step);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(ticks_measure().insns, first.insns);
}

TEST(ticks_are_announced_in_a_line_where_they_are_no_time)
{
	struct ticks t = {.insns = false};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	ticks_announce(&t, out);
	fflush(out);
	assert_int_equal(len, 0);
	t = (struct ticks){.insns = true, .step = TICKS_STEP_MAX};
	ticks_announce(&t, out);
	fclose(out);
	assert_has(text, "counts instructions");
	assert_has(text, ", 32 at a time: ");
	assert_has(text, "not times");
	assert_ptr_equal(strchr(text, '\n'), text + len - 1);
	assert_true(len <= 80);
	free(text);
}
