/* SPDX-License-Identifier: BSD-2-Clause */
/* test_verdict.c - the exit statuses that scripts and CI rely on. */
#include "tests/unit/unit.h"
#include "vmm/base/die.h"
#include "vmm/base/verdict.h"
#include "vmm/result/result.h"

TEST(verdict_statuses_are_the_documented_ones)
{
	assert_int_equal(verdict_status(VERDICT_PASS), 0);
	assert_int_equal(verdict_status(VERDICT_FAIL), 1);
	assert_int_equal(STATUS_USAGE, 2);
	assert_int_equal(verdict_status(VERDICT_CRASH), 3);
	assert_int_equal(verdict_status(VERDICT_SKIP), 77);
	assert_int_equal(verdict_status(VERDICT_ERROR), 99);
	assert_int_equal(verdict_status(VERDICT_TIMEOUT), 124);
	assert_int_equal(STATUS_INTERRUPTED, 130);
}

TEST(verdict_that_is_missing_is_an_error)
{
	assert_int_equal(verdict_status(VERDICT_NONE), 99);
	assert_string_equal(verdict_name(VERDICT_NONE), "ERROR");
}

TEST(verdict_that_is_unknown_is_an_error)
{
	static const int unknown[] = {NR_VERDICTS, 1000, -1, INT32_MIN};

	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(verdict_status((enum verdict)unknown[i]), 99);
		assert_string_equal(verdict_name((enum verdict)unknown[i]),
				    "ERROR");
	}
}

TEST(verdict_names_are_the_documented_ones)
{
	assert_string_equal(verdict_name(VERDICT_PASS), "PASS");
	assert_string_equal(verdict_name(VERDICT_FAIL), "FAIL");
	assert_string_equal(verdict_name(VERDICT_CRASH), "CRASH");
	assert_string_equal(verdict_name(VERDICT_SKIP), "SKIP");
	assert_string_equal(verdict_name(VERDICT_ERROR), "ERROR");
	assert_string_equal(verdict_name(VERDICT_TIMEOUT), "TIMEOUT");
}

TEST(verdict_that_is_most_severe_is_kept)
{
	static struct result r;

	for (int first = VERDICT_PASS; first < NR_VERDICTS; first++) {
		for (int then = VERDICT_PASS; then < NR_VERDICTS; then++) {
			r.verdict = VERDICT_NONE;
			result_verdict(&r, (enum verdict)first, "first");
			result_verdict(&r, (enum verdict)then, "then");
			assert_int_equal(r.verdict,
					 first < then ? then : first);
			assert_string_equal(r.reason,
					    first < then ? "then" : "first");
		}
	}
	assert_true(VERDICT_CRASH > VERDICT_ERROR);
	assert_true(VERDICT_ERROR > VERDICT_TIMEOUT);
	assert_true(VERDICT_TIMEOUT > VERDICT_FAIL);
	assert_true(VERDICT_FAIL > VERDICT_SKIP);
}

TEST(verdict_of_an_interrupted_run_is_130_unless_worse)
{
	static struct result r;

	r.interrupted = true;
	r.verdict = VERDICT_PASS;
	assert_int_equal(result_status(&r), 130);
	r.verdict = VERDICT_FAIL;
	assert_int_equal(result_status(&r), 1);
	r.verdict = VERDICT_CRASH;
	assert_int_equal(result_status(&r), 3);
	r.interrupted = false;
	r.verdict = VERDICT_PASS;
	assert_int_equal(result_status(&r), 0);
}

TEST(verdict_of_several_runs)
{
	assert_int_equal(verdict_whole_status(0, true, false), 0);
	assert_int_equal(verdict_whole_status(77, true, false), 0);
	assert_int_equal(verdict_whole_status(77, false, false), 77);
	assert_int_equal(verdict_whole_status(99, true, false), 99);
}

TEST(verdict_of_several_runs_that_were_interrupted_is_130_unless_worse)
{
	assert_int_equal(verdict_whole_status(0, true, true), 130);
	assert_int_equal(verdict_whole_status(0, false, true), 130);
	assert_int_equal(verdict_whole_status(77, true, true), 130);
	assert_int_equal(verdict_whole_status(77, false, true), 130);
	assert_int_equal(verdict_whole_status(1, true, true), 1);
	assert_int_equal(verdict_whole_status(3, true, true), 3);
}

TEST(warnings_that_have_no_room_are_counted)
{
	static struct result r;
	char text[32];

	for (unsigned int i = 0; i < RESULT_MAX_WARNINGS + 5; i++)
		result_warn(&r, "warning %u %400s", i, "long");
	assert_int_equal(r.nr_warnings, RESULT_MAX_WARNINGS);
	snprintf(text, sizeof(text), "warning %d ", RESULT_MAX_WARNINGS - 2);
	assert_has(r.warnings[RESULT_MAX_WARNINGS - 2], text);
	assert_string_equal(r.warnings[RESULT_MAX_WARNINGS - 1],
			    "6 warnings more have no room");
}
