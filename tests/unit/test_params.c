/* SPDX-License-Identifier: BSD-2-Clause */
/* test_params.c - key=value against what a note declares. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/payload/params.h"

enum {
	COUNT,
	PERIOD_US,
	MODE,
	BIG,
	NR_PARAMS,
};

static const struct payload_note note = {
	.name = "made",
	.limit_ms = 1000,
	.max_vcpus = 1,
	.sample_us = 1000,
	.work_percent = 100,
	.params = {[COUNT] = {.name = "count",
			      .kind = PARAM_U64,
			      .role = PARAM_ROLE_COUNT,
			      .min = 1,
			      .max = 1000,
			      .def = 10},
		   [PERIOD_US] = {.name = "period_us",
				  .kind = PARAM_RANGE,
				  .role = PARAM_ROLE_PERIOD,
				  .min = 10,
				  .max = 90,
				  .def = 20,
				  .def_hi = 30},
		   [MODE] = {.name = "mode",
			     .kind = PARAM_ENUM,
			     .choices = "one|two|three",
			     .def = 1},
		   [BIG] = {.name = "big",
			    .kind = PARAM_U64,
			    .max = UINT64_MAX,
			    .def = UINT64_MAX}},
};

static void assert_set(const char *assignment, unsigned int i, uint64_t lo,
		       uint64_t hi)
{
	struct param_setting s[PAYLOAD_MAX_PARAMS];
	char error[256];
	const char *wrong;

	params_defaults(&note, s);
	wrong = params_set(&note, s, assignment, error, sizeof(error));
	if (wrong)
		fail_msg("%s: %s", assignment, wrong);
	assert_int_equal(s[i].lo, lo);
	assert_int_equal(s[i].hi, hi);
}

/* Refused; the sentence has text; the settings are as before. */
static void assert_unset(const char *assignment, const char *text)
{
	struct param_setting s[PAYLOAD_MAX_PARAMS], before[PAYLOAD_MAX_PARAMS];
	char error[256] = "";
	const char *wrong;

	memset(s, 0, sizeof(s));
	params_defaults(&note, s);
	memcpy(before, s, sizeof(s));
	wrong = params_set(&note, s, assignment, error, sizeof(error));
	if (!wrong)
		fail_msg("%s: taken", assignment);
	assert_has(wrong, text);
	assert_memory_equal(s, before, sizeof(s));
}

TEST(params_start_as_the_note_says)
{
	struct param_setting s[PAYLOAD_MAX_PARAMS];

	assert_int_equal(params_count(&note), NR_PARAMS);
	params_defaults(&note, s);
	assert_int_equal(s[COUNT].lo, 10);
	assert_int_equal(s[COUNT].hi, 10);
	assert_int_equal(s[PERIOD_US].lo, 20);
	assert_int_equal(s[PERIOD_US].hi, 30);
	assert_int_equal(s[MODE].lo, 1);
	assert_int_equal(s[BIG].hi, UINT64_MAX);
}

TEST(params_take_a_number_in_its_bounds)
{
	assert_set("count=1", COUNT, 1, 1);
	assert_set("count=1000", COUNT, 1000, 1000);
	assert_unset("count=0", "count: wanted a number from 1 to 1000");
	assert_unset("count=1001", "got '1001'");
	assert_set("big=18446744073709551615", BIG, UINT64_MAX, UINT64_MAX);
	assert_unset("big=18446744073709551616", "big: wanted");
	assert_unset("big=99999999999999999999999", "big: wanted");
}

TEST(params_take_a_unit_and_an_exponent)
{
	struct param_setting s[PAYLOAD_MAX_PARAMS];
	char error[256];

	params_defaults(&note, s);
	assert_null(params_set(&note, s, "big=1e6", error, sizeof(error)));
	assert_int_equal(s[BIG].lo, 1000000);
	assert_null(params_set(&note, s, "period_us=0.05ms..60000ns", error,
			       sizeof(error)));
	assert_int_equal(s[PERIOD_US].lo, 50);
	assert_int_equal(s[PERIOD_US].hi, 60);
	assert_unset("period_us=50ns", "wanted a number or a range a..b in us");
	assert_unset("period_us=50m", "wanted a number or a range a..b in us");
	assert_unset("big=1s", "wanted a number from");
}

TEST(params_refuse_what_is_no_number)
{
	static const char *const values[] = {
		"",    "x",   "-1",  "+1",   " 1",  "1 ",  "0x10",
		"1.5", "1k",  "1,2", "1..2", "..",  "1..", "=",
		"=1",  "1=1", "\n",  "1\n",  "NaN",
	};
	char assignment[64];

	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		snprintf(assignment, sizeof(assignment), "count=%s", values[i]);
		assert_unset(assignment, "count: wanted a number");
	}
}

TEST(params_take_a_range_or_one_number_for_both)
{
	assert_set("period_us=10..90", PERIOD_US, 10, 90);
	assert_set("period_us=50..50", PERIOD_US, 50, 50);
	assert_set("period_us=50", PERIOD_US, 50, 50);
}

TEST(params_refuse_a_broken_range)
{
	static const char *const values[] = {
		"9..50",      "50..91", "60..50",  "..",
		"10..",	      "..90",	"10.90",   "10...90",
		"10..20..30", "10-90",	"10..20 ", "10.. 20",
		"",	      "9",	"91",	   "10..99999999999999999999",
	};
	char assignment[64];

	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		snprintf(assignment, sizeof(assignment), "period_us=%s",
			 values[i]);
		assert_unset(assignment,
			     "period_us: wanted a number or a range a..b in us "
			     "from 10 to 90");
	}
}

TEST(params_take_a_choice_by_its_word)
{
	assert_set("mode=one", MODE, 0, 0);
	assert_set("mode=three", MODE, 2, 2);
	assert_unset("mode=four", "mode: wanted one of one|two|three, got "
				  "'four'");
	assert_unset("mode=", "got ''");
	assert_unset("mode=on", "got 'on'");
	assert_unset("mode=one|two", "got 'one|two'");
	assert_unset("mode=1", "got '1'");
	assert_unset("mode=?", "got '?'");
}

TEST(params_name_what_there_is_for_an_unknown_key)
{
	assert_unset("speed=1", "made has no parameter 'speed'; it has count, "
				"period_us, mode, big");
	assert_unset("cont=1", "no parameter 'cont'; did you mean count?");
	assert_unset("coun=1", "no parameter 'coun'");
	assert_unset("counts=1", "no parameter 'counts'");
	assert_unset("=1", "no parameter ''");
	assert_unset("COUNT=1", "no parameter 'COUNT'");
}

TEST(params_want_an_equals_sign)
{
	assert_unset("count", "wanted key=value, got 'count'");
	assert_unset("", "wanted key=value, got ''");
}

TEST(params_of_a_note_without_any_are_refused)
{
	struct payload_note none = {.name = "none"};
	struct param_setting s[PAYLOAD_MAX_PARAMS];
	char error[128];

	assert_int_equal(params_count(&none), 0);
	assert_has(params_set(&none, s, "a=1", error, sizeof(error)),
		   "none has no parameters, got 'a'");
}

TEST(params_keep_their_error_within_the_buffer)
{
	struct param_setting s[PAYLOAD_MAX_PARAMS];
	char error[32], assignment[600];

	params_defaults(&note, s);
	memset(assignment, 'k', sizeof(assignment));
	assignment[300] = '=';
	assignment[sizeof(assignment) - 1] = '\0';
	for (size_t len = 1; len < sizeof(error); len++) {
		memset(error, '!', sizeof(error));
		assert_non_null(params_set(&note, s, assignment, error, len));
		assert_non_null(memchr(error, '\0', len));
		assert_int_equal(error[len], '!');
	}
}

TEST(params_unit_is_the_end_of_the_name)
{
	static const struct {
		const char *name, *unit;
	} units[] = {{"a_ns", "ns"}, {"a_us", "us"}, {"a_b_ms", "ms"},
		     {"a_s", "s"},   {"us", ""},     {"a_usx", ""},
		     {"a_", ""},     {"count", ""},  {"_s", "s"}};
	struct param_desc d;

	for (unsigned int i = 0; i < sizeof(units) / sizeof(*units); i++) {
		memset(&d, 0, sizeof(d));
		memcpy(d.name, units[i].name, strlen(units[i].name));
		assert_string_equal(param_unit(&d), units[i].unit);
	}
}

TEST(params_choice_beyond_the_last_is_a_question_mark)
{
	const struct param_desc *d = &note.params[MODE];
	char word[64];

	assert_string_equal(param_choice(d, 0, word, sizeof(word)), "one");
	assert_string_equal(param_choice(d, 2, word, sizeof(word)), "three");
	assert_string_equal(param_choice(d, 3, word, sizeof(word)), "?");
	assert_string_equal(param_choice(d, UINT64_MAX, word, sizeof(word)),
			    "?");
	assert_string_equal(param_choice(d, 2, word, 3), "th");
}

TEST(params_limit_grows_with_count_and_period)
{
	struct param_setting s[PAYLOAD_MAX_PARAMS];
	uint64_t few, many, slow;

	params_defaults(&note, s);
	s[COUNT].hi = 1;
	few = params_limit_ms(&note, s);
	assert_true(few >= note.limit_ms);
	s[COUNT].hi = 100000;
	many = params_limit_ms(&note, s);
	/* 100,000 samples of 30 us take 3 s. */
	assert_true(many >= note.limit_ms + 3000 && many > few);
	s[PERIOD_US].hi = 1000000;
	slow = params_limit_ms(&note, s);
	assert_true(slow >= 100000000);
}

TEST(params_limit_adds_periods_up)
{
	struct payload_note two = note;
	struct param_setting s[PAYLOAD_MAX_PARAMS];
	uint64_t one;

	params_defaults(&two, s);
	s[COUNT].hi = 1000;
	s[PERIOD_US].hi = 5000;
	s[BIG].hi = 7000;
	one = params_limit_ms(&two, s);
	two.params[BIG].role = PARAM_ROLE_PERIOD;
	assert_int_equal(params_limit_ms(&two, s), one + 7000);
	s[COUNT].hi = s[PERIOD_US].hi = s[BIG].hi = UINT64_MAX;
	assert_int_equal(params_limit_ms(&two, s), UINT64_MAX / 2000000);
}

/* 100 periods of 100 ms before 3 that are recorded: 10.3 s. */
TEST(params_limit_has_the_warm_up)
{
	struct payload_note warm = note;
	struct param_setting s[PAYLOAD_MAX_PARAMS];

	warm.params[BIG].role = PARAM_ROLE_WARMUP;
	params_defaults(&warm, s);
	s[COUNT].hi = 3;
	s[PERIOD_US].hi = 100000;
	s[BIG].hi = 100;
	assert_int_equal(params_limit_ms(&warm, s), 1000 + 103 * 101);
}

TEST(params_limit_has_what_a_sample_stands_for)
{
	struct payload_note work = note;
	struct param_setting s[PAYLOAD_MAX_PARAMS];

	params_defaults(&work, s);
	s[COUNT].hi = 200;
	s[PERIOD_US].hi = 4000;
	work.work_percent = 340;
	assert_int_equal(params_limit_ms(&work, s), 1000 + 680 * 5);
	work.work_extra = 120;
	assert_int_equal(params_limit_ms(&work, s), 1000 + 800 * 5);
	work.sample_us = 16000;
	assert_int_equal(params_limit_ms(&work, s), 1000 + 800 * 20);
}

/* The last of 64 vCPUs begins 63 s after the first. */
TEST(params_limit_has_the_last_vcpu)
{
	struct payload_note many = note;
	struct param_setting s[PAYLOAD_MAX_PARAMS];
	uint64_t one;

	params_defaults(&many, s);
	s[BIG].hi = 1000000;
	one = params_limit_ms(&many, s);
	many.params[BIG].role = PARAM_ROLE_STAGGER;
	assert_int_equal(params_limit_ms(&many, s), one);
	many.max_vcpus = 64;
	assert_int_equal(params_limit_ms(&many, s), one + 63000);
}

TEST(params_limit_has_the_whole_duration)
{
	struct payload_note timed = note;
	struct param_setting s[PAYLOAD_MAX_PARAMS];

	timed.params[BIG].role = PARAM_ROLE_DURATION;
	params_defaults(&timed, s);
	s[BIG].hi = 3600;
	assert_true(params_limit_ms(&timed, s) >= 3601000);
}

/* The deadline is in ns and in 64 bits: it must still be in the future. */
static void must_not_overflow(enum param_role role)
{
	static const uint64_t extremes[] = {
		0, 1, 1ull << 32, 1ull << 63, UINT64_MAX - 999, UINT64_MAX};
	struct payload_note timed = note;
	struct param_setting s[PAYLOAD_MAX_PARAMS];

	timed.params[BIG].role = role;
	timed.max_vcpus = 64;
	timed.sample_us = 1000000;
	timed.work_percent = 10000;
	timed.work_extra = 1000000;
	params_defaults(&timed, s);
	for (unsigned int i = 0; i < 6 * 6 * 6; i++) {
		uint64_t ms;

		s[COUNT].hi = extremes[i % 6];
		s[PERIOD_US].hi = extremes[i / 6 % 6];
		s[BIG].hi = extremes[i / 36];
		ms = params_limit_ms(&timed, s);
		assert_true(ms >= note.limit_ms);
		assert_true(ms <= UINT64_MAX / 2000000);
		if (s[COUNT].hi >= 1ull << 63 || s[BIG].hi >= 1ull << 63)
			assert_true(ms > 1ull << 42);
	}
}

TEST(params_limit_does_not_overflow)
{
	must_not_overflow(PARAM_ROLE_DURATION);
	must_not_overflow(PARAM_ROLE_WARMUP);
	must_not_overflow(PARAM_ROLE_STAGGER);
	must_not_overflow(PARAM_ROLE_PERIOD);
}
