/* SPDX-License-Identifier: BSD-2-Clause */
/* test_threshold.c - expressions of --fail-if, good, bad and random. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/setup/threshold.h"

static struct threshold good(const char *text)
{
	struct threshold t;
	char error[256];

	if (threshold_parse(&t, text, error, sizeof(error)))
		fail_msg("'%s' was refused: %s", text, error);
	assert_int_equal(strlen(t.text), strlen(text));
	return t;
}

static void bad(const char *text, const char *why)
{
	struct threshold t;
	char error[256] = "";

	if (!threshold_parse(&t, text, error, sizeof(error)))
		fail_msg("'%s' was taken, wanted: %s", text, why);
	assert_has(error, why);
	assert_null(strchr(error, '\n'));
}

TEST(threshold_has_a_time_and_its_unit)
{
	struct threshold t = good("max>20us");

	assert_int_equal(t.stat, THRESHOLD_MAX_SEEN);
	assert_int_equal(t.op, THRESHOLD_ABOVE);
	assert_true(t.value == 20000 && t.unit == THRESHOLD_NS);
	assert_string_equal(t.metric, "");
	assert_true(good("min<5ns").value == 5);
	assert_true(good("mean>=1.5ms").value == 1500000);
	assert_true(good("mean<=2s").value == 2e9);
	assert_true(good("min<-0.25us").value == -250);
	t = good("max>90000cycles");
	assert_true(t.value == 90000 && t.unit == THRESHOLD_CYCLES);
	t = good("max>5600instructions");
	assert_true(t.value == 5600 && t.unit == THRESHOLD_INSNS);
	bad("max>5600insns", "wants a unit");
	bad("missed>1instructions", "is a count");
}

TEST(threshold_has_any_percentile_from_50_on)
{
	struct threshold t = good("p99.9>1us");

	assert_int_equal(t.stat, THRESHOLD_QUANTILE);
	assert_int_equal(t.q, 99900);
	assert_string_equal(t.stat_name, "p99.9");
	assert_int_equal(good("p50>1us").q, 50000);
	assert_int_equal(good("p75.25>1us").q, 75250);
	assert_int_equal(good("p99.999>1us").q, 99999);
	assert_int_equal(good("p99.990>1us").q, 99990);
	bad("p49.999>1us", "p50 to p99.999");
	bad("p100>1us", "p50 to p99.999, missed");
	bad("p99.>1us", "got 'p99.'");
	bad("p99.9999>1us", "got 'p99.9999'");
	bad("p9>1us", "got 'p9'");
	bad("p>1us", "got 'p'");
	bad("p9x>1us", "got 'p9x'");
	bad("p99x9>1us", "got 'p99x9'");
}

TEST(threshold_has_counts_without_a_unit)
{
	struct threshold t = good("missed>0");

	assert_int_equal(t.stat, THRESHOLD_MISSED);
	assert_true(threshold_is_count(&t));
	assert_int_equal(good("early>=3").count, 3);
	assert_int_equal(good("samples<1000000000000").count, 1000000000000);
	assert_int_equal(good("out_of_range>0").stat, THRESHOLD_OUT_OF_RANGE);
	bad("missed>0us", "is a count and takes a whole number");
	bad("missed>0.5", "is a count and takes a whole number");
	assert_int_equal(good("samples>1e6").count, 1000000);
	bad("missed>-1", "wanted a whole number");
	t = good("max>0s");
	assert_false(threshold_is_count(&t));
}

TEST(threshold_may_name_a_metric)
{
	assert_string_equal(good("lateness:max>1us").metric, "lateness");
	assert_string_equal(good("a_1:p99>1us").metric, "a_1");
	/* A statistic's name is a good name of a metric. */
	assert_string_equal(good("max:min>1us").metric, "max");
	bad(":max>1us", "wanted a metric's name before the colon");
	bad("a.b:max>1us", "wanted a metric's name");
	bad("Late:max>1us", "wanted a metric's name");
	bad("a:b:max>1us", "got 'b'");
	bad("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:max>1us", "32 at most");
	assert_int_equal(
		strlen(good("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:max>1us").metric),
		32);
}

TEST(threshold_has_blanks_around_tokens_only)
{
	struct threshold t = good("  lateness : p99.9\t>=  20  us ");

	assert_string_equal(t.metric, "lateness");
	assert_int_equal(t.q, 99900);
	assert_int_equal(t.op, THRESHOLD_AT_LEAST);
	assert_true(t.value == 20000);
	bad("max > = 1us", "wanted a number");
	bad("p 99>1us", "got 'p'");
	bad("max>1 000us", "wants a unit");
	bad("max>1us us", "wants a unit");
	bad("max>1\nus", "wants a unit");
}

TEST(threshold_without_a_unit_is_refused_naming_the_units)
{
	bad("p99>20",
	    "p99 is a time and wants a unit, ns, us, ms, s, m, h or cycles");
	bad("max>20sec", "wants a unit");
	bad("max>20US", "wants a unit");
	bad("max>20u", "wants a unit");
	bad("max>0x10us", "wanted a number");
	assert_true(good("max>1e3us").value == 1e6);
	assert_true(good("max>2.5e-3 ms").value == 2500);
	assert_true(good("max>1m").value == 60e9);
}

TEST(threshold_that_is_none_is_refused)
{
	bad("", "wanted min, mean, max");
	bad("max", "wanted >, >=, < or <= behind 'max'");
	bad("max=1us", "wanted >, >=, < or <=");
	bad("max>>1us", "wanted >, >=, < or <=");
	bad("max=>1us", "wanted >, >=, < or <=");
	bad("max<>1us", "wanted >, >=, < or <=");
	bad("max>", "wanted a number");
	bad("max>us", "wanted a number");
	bad("max>.5us", "wanted a number");
	bad("max>5.us", "wanted a number");
	bad("max>1.2.3us", "wanted a number");
	bad("max>--1us", "wanted a number");
	bad("max>1-us", "wants a unit");
	bad("max>99999999999999999999us", "wanted a number");
	bad("median>1us", "got 'median'");
	bad("MAX>1us", "got 'MAX'");
	bad("max\x01>1us", "in 'max?>1us'");
	bad("1us<max", "got '1us'");
}

TEST(threshold_that_is_too_long_is_refused)
{
	char text[200];

	memset(text, ' ', sizeof(text));
	memcpy(text, "max>1us", 7);
	text[95] = '\0';
	good(text);
	text[95] = ' ';
	text[96] = '\0';
	bad(text, "wanted 95 characters at most, got 96");
	memset(text, 'p', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	bad(text, "got 199");
}

TEST(threshold_is_broken_by_what_it_says)
{
	struct threshold t = good("max>20ns");

	assert_true(threshold_breaks_time(&t, 20.5));
	assert_false(threshold_breaks_time(&t, 20));
	t = good("max>=20ns");
	assert_true(threshold_breaks_time(&t, 20));
	assert_false(threshold_breaks_time(&t, 19.9));
	t = good("max<20ns");
	assert_true(threshold_breaks_time(&t, -20));
	assert_false(threshold_breaks_time(&t, 20));
	t = good("max<=20ns");
	assert_true(threshold_breaks_time(&t, 20));
	t = good("missed>2");
	assert_true(threshold_breaks_count(&t, 3));
	assert_false(threshold_breaks_count(&t, 2));
	t = good("missed>=2");
	assert_true(threshold_breaks_count(&t, 2));
	t = good("missed<2");
	assert_true(threshold_breaks_count(&t, 1));
	assert_false(threshold_breaks_count(&t, 2));
	t = good("missed<=2");
	assert_true(threshold_breaks_count(&t, 2));
	assert_false(threshold_breaks_count(&t, UINT64_MAX));
}

TEST(threshold_survives_any_text)
{
	static const char chars[] = "pmaxinse:<>=.0159-_ \tus\x80~";
	struct rng rng = {.state = 91};
	unsigned int taken = 0;

	for (unsigned int i = 0; i < 20000; i++) {
		char text[140] = "p99.9>20us", error[40] = "";
		size_t len = strlen(text);
		struct threshold t;

		if (i % 2)
			len = rng_below(&rng, sizeof(text));
		for (size_t k = 0; k < len; k++)
			if (i % 2 || rng_below(&rng, 8) == 0)
				text[k] = chars[rng_below(&rng,
							  sizeof(chars) - 1)];
		text[len] = '\0';
		if (threshold_parse(&t, text, error, sizeof(error)))
			assert_true(error[0] != '\0');
		else
			taken++;
	}
	assert_true(taken > 100);
}

/* One sample at least is above it. */
TEST(threshold_knows_how_many_samples_a_percentile_takes)
{
	static const struct {
		const char *text;
		uint32_t samples;
	} cases[] = {
		{"p50>1s", 2},	   {"p66.6>1s", 3},	   {"p96>1s", 25},
		{"p99>1s", 100},   {"p99.9>1s", 1000},	   {"p99.99>1s", 10000},
		{"p99.7>1s", 334}, {"p99.999>1s", 100000},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct threshold t;
		char error[128];

		assert_null(threshold_parse(&t, cases[i].text, error,
					    sizeof(error)));
		assert_int_equal(threshold_samples(&t), cases[i].samples);
	}
}
