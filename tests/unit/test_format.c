/* SPDX-License-Identifier: BSD-2-Clause */
/* test_format.c - the guest's formatter gives what snprintf() gives. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "guest-firmware/format.h"
#include "tests/unit/unit.h"

struct collected {
	char text[1024];
	size_t len, cut;
};

static struct collected collect(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

static struct collected collect(const char *fmt, ...)
{
	struct collected c;
	va_list ap;

	va_start(ap, fmt);
	c.len = format(c.text, sizeof(c.text), &c.cut, fmt, ap);
	va_end(ap);
	return c;
}

/* The same text as snprintf()'s, and its length. */
#define assert_same(...)                                         \
	do {                                                     \
		struct collected c_ = collect(__VA_ARGS__);      \
		char wanted_[1024];                              \
                                                                 \
		snprintf(wanted_, sizeof(wanted_), __VA_ARGS__); \
		assert_string_equal(c_.text, wanted_);           \
		assert_int_equal(c_.len, strlen(wanted_));       \
		assert_int_equal(c_.cut, 0);                     \
	} while (0)

/* Into a buffer of that length, with nothing written behind it. */
static void assert_cut(size_t len, const char *wanted, size_t cut)
{
	char text[32];
	struct collected c = {.len = 0};
	size_t (*volatile fn)(char *, size_t, size_t *, const char *, va_list) =
		format;
	va_list ap = {0};

	memset(text, '#', sizeof(text));
	c.len = fn(text, len, &c.cut, "plain text", ap);
	assert_string_equal(text, wanted);
	assert_int_equal(c.len, strlen(wanted));
	assert_int_equal(c.cut, cut);
	assert_int_equal(text[len], '#');
}

TEST(format_cuts_what_has_no_room_and_counts_it)
{
	assert_cut(11, "plain text", 0);
	assert_cut(10, "plain tex", 1);
	assert_cut(2, "p", 9);
	assert_cut(1, "", 10);
}

TEST(format_of_int_is_as_snprintf_has_it)
{
	static const int values[] = {0,	  1,	  -1,	   9,	   10,
				     -10, 123456, INT_MAX, INT_MIN};

	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		assert_same("%d", values[i]);
		assert_same("%1d|%5d|%12d", values[i], values[i], values[i]);
		assert_same("%05d|%012d", values[i], values[i]);
		assert_same("%u|%5u|%012u", (unsigned int)values[i],
			    (unsigned int)values[i], (unsigned int)values[i]);
		assert_same("%x|%5x|%012x", (unsigned int)values[i],
			    (unsigned int)values[i], (unsigned int)values[i]);
	}
}

TEST(format_of_long_is_as_snprintf_has_it)
{
	static const long values[] = {0,	-1,	 10,	   LONG_MAX,
				      LONG_MIN, INT_MAX, UINT_MAX, 1l << 32};

	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		long v = values[i];
		unsigned long u = (unsigned long)v;

		assert_same("%ld|%25ld|%025ld", v, v, v);
		assert_same("%lld|%3lld", (long long)v, (long long)v);
		assert_same("%lu|%25lu|%025lu", u, u, u);
		assert_same("%lx|%17lx|%016lx", u, u, u);
		assert_same("%llx|%llu", (unsigned long long)u,
			    (unsigned long long)u);
	}
}

TEST(format_of_random_numbers_is_as_snprintf_has_it)
{
	struct rng rng = {.state = 51};

	for (unsigned int i = 0; i < 3000; i++) {
		uint64_t v = rng_next(&rng) >> rng_below(&rng, 64);

		assert_same("<%lu %ld %lx>", v, (long)v, v);
		assert_same("<%u %d %x>", (unsigned int)v, (int)v,
			    (unsigned int)v);
		assert_same("<%08x %3d %020ld>", (unsigned int)v, (int)v,
			    -(long)(v >> 1));
	}
}

TEST(format_of_strings_is_as_snprintf_has_it)
{
	assert_same("%s", "text");
	assert_same("%s%s%s", "a", "", "b");
	assert_same("%10s|%2s|%3s", "text", "text", "");
	assert_same("%c%c", 'a', 'z');
	assert_same("x%cy|%5c|", '%', 'w');
}

TEST(format_of_percent_is_percent)
{
	assert_same("%%");
	assert_same("100%% of %u%%", 5u);
	assert_same("%%%d%%", 1);
	assert_same("%%d");
}

TEST(format_of_a_pointer_is_hexadecimal)
{
	struct collected c = collect("%p", (void *)0xfee00000);

	assert_string_equal(c.text, "fee00000");
	c = collect("%p", (void *)UINTPTR_MAX);
	assert_string_equal(c.text, "ffffffffffffffff");
}

/* Through a pointer, so that the compiler does not object. */
TEST(format_stops_at_a_conversion_cut_short)
{
	static const char *const cut[] = {"ab%", "ab%0", "ab%12", "ab%l",
					  "ab%08ll"};

	for (unsigned int i = 0; i < sizeof(cut) / sizeof(*cut); i++) {
		struct collected c;
		size_t (*volatile fn)(char *, size_t, size_t *, const char *,
				      va_list) = format;
		va_list ap = {0};

		fn(c.text, sizeof(c.text), &c.cut, cut[i], ap);
		assert_string_equal(c.text, "ab");
	}
}

TEST(format_of_a_wide_field_is_bounded)
{
	assert_same("%64u|%5u", 1u, 2u);
	assert_int_equal(collect("%100u", 1u).len, 64);
	assert_int_equal(collect("%0999999999u", 1u).len, 64);
}
