/* SPDX-License-Identifier: BSD-2-Clause */
/* test_nearest.c - which word is meant by a mistyped one. */
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/base/nearest.h"

static const char *const words[] = {"samples", "gap_us",   "warmup",
				    "idle",    "ipi-wake", "ipi-rtt"};

static const char *nearest(const char *wanted)
{
	struct nearest n = {.wanted = wanted, .len = strlen(wanted)};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		nearest_try(&n, words[i]);
	return n.best ? n.best : "nothing";
}

TEST(nearest_is_found_for_one_error_in_three_letters)
{
	assert_string_equal(nearest("sample"), "samples");
	assert_string_equal(nearest("samplse"), "samples");
	assert_string_equal(nearest("gap_su"), "gap_us");
	assert_string_equal(nearest("wramup"), "warmup");
	assert_string_equal(nearest("ipi-wkae"), "ipi-wake");
	assert_string_equal(nearest("idl"), "idle");
}

TEST(nearest_is_nothing_where_little_is_the_same)
{
	assert_string_equal(nearest(""), "nothing");
	assert_string_equal(nearest("x"), "nothing");
	assert_string_equal(nearest("frequency"), "nothing");
	assert_string_equal(nearest("0123456789012345678901234567890123456789"),
			    "nothing");
}

TEST(nearest_of_two_is_the_first)
{
	struct nearest n = {.wanted = "abx", .len = 3};

	nearest_try(&n, "abc");
	nearest_try(&n, "abd");
	assert_string_equal(n.best, "abc");
	nearest_try(&n, "abx");
	assert_string_equal(n.best, "abx");
}
