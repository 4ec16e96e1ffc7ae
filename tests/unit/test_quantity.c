/* SPDX-License-Identifier: BSD-2-Clause */
/* test_quantity.c - the one grammar of times and counts. */
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/base/units.h"

static bool ns_of(const char *text, uint64_t plain_ns, uint64_t *ns)
{
	struct quantity q;

	return quantity_parse(&q, text, strlen(text)) &&
	       quantity_ns(&q, plain_ns, ns);
}

TEST(quantity_of_time_has_any_unit)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{"200us", 200000},     {"1.5ms", 1500000},
		{"10m", 600000000000}, {"2h", 7200000000000},
		{"1e3us", 1000000},    {"25e-1s", 2500000000},
		{"0.000000001s", 1},   {"7", 7000},
		{"0.5", 500},	       {"18446744073ms", 18446744073000000},
		{"000us", 0},
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		uint64_t ns = 1;

		if (!ns_of(good[i].text, 1000, &ns) || ns != good[i].ns)
			fail_msg("%s is %ju ns", good[i].text, (uintmax_t)ns);
	}
}

TEST(quantity_that_is_none_is_refused)
{
	static const char *const bad[] = {
		"",
		"us",
		"-1us",
		"+1us",
		"1.us",
		".5us",
		"1 us",
		"1US",
		"1.5ns",
		"0.1ns",
		"1e-1ns",
		"1e31s",
		"1e99s",
		"1mm",
		"1us ",
		"1..2us",
		"0x10us",
		"1e",
		"1e+us",
		"1,5s",
		"1d",
		"20000000000s",
		"99999999999999999999",
		"1microsecondsandmore",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		uint64_t ns;

		if (ns_of(bad[i], 1000, &ns))
			fail_msg("'%s' was taken as %ju ns", bad[i],
				 (uintmax_t)ns);
	}
}

TEST(quantity_without_a_unit_is_refused_where_none_is_meant)
{
	uint64_t ns;

	assert_false(ns_of("7", 0, &ns));
	assert_true(ns_of("7s", 0, &ns));
}

TEST(quantity_of_a_count_has_no_unit)
{
	struct quantity q;
	uint64_t n;

	assert_true(quantity_parse(&q, "1e6", 3) && quantity_count(&q, &n));
	assert_int_equal(n, 1000000);
	assert_true(quantity_parse(&q, "2.5e3", 5) && quantity_count(&q, &n));
	assert_int_equal(n, 2500);
	assert_true(quantity_parse(&q, "2.5", 3));
	assert_false(quantity_count(&q, &n));
	assert_true(quantity_parse(&q, "5s", 2));
	assert_false(quantity_count(&q, &n));
	assert_true(quantity_parse(&q, "9999999999999999999", 19));
	assert_true(quantity_count(&q, &n));
	assert_true(n == 9999999999999999999u);
}

TEST(quantity_ends_where_its_text_does)
{
	struct quantity q;
	uint64_t n;

	assert_true(quantity_parse(&q, "12..34", 2) && quantity_count(&q, &n));
	assert_int_equal(n, 12);
	assert_true(quantity_parse(&q, "1e6", 1) && quantity_count(&q, &n));
	assert_int_equal(n, 1);
}
