/* SPDX-License-Identifier: BSD-2-Clause */
/* test_result.c - nothing in a guest's result area is believed unchecked. */
#include <stdlib.h>
#include <string.h>

#include "guest-firmware/abi/boot.h"
#include "tests/unit/finished.h"
#include "tests/unit/unit.h"
#include "vmm/result/check.h"

/* A copy: what the guest has there later is nothing to the result. */
static void assert_hist(const struct hist *taken, const struct hist *guests)
{
	assert_non_null(taken);
	assert_ptr_not_equal(taken, guests);
	assert_memory_equal(taken, guests, sizeof(*taken));
}

TEST(result_of_a_good_run_is_taken)
{
	struct finished *x = finished_new();

	finished_take(x, STOP_ENDED);
	assert_int_equal(x->r->verdict, VERDICT_PASS);
	assert_int_equal(x->r->nr_metrics, 1);
	assert_int_equal(x->r->nr_warnings, 0);
	assert_string_equal(x->r->metrics[0].name, "made");
	assert_hist(x->r->metrics[0].hist, x->hist);
	assert_null(x->r->metrics[0].early);
	finished_free(x);
}

TEST(result_with_too_many_metrics_is_an_error)
{
	struct finished *x = finished_new();

	x->area->nr_metrics = RESULT_MAX_METRICS + 1;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "claims 257 metrics");
	x = finished_new();
	x->area->nr_metrics = UINT32_MAX;
	assert_verdict(x, STOP_TIMEOUT, VERDICT_ERROR, "metrics");
}

TEST(result_of_a_payload_that_passes_is_finished)
{
	struct finished *x = finished_new();

	x->area->metrics[0].status = METRIC_OPEN;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "before it was done");
	/* Ended from outside it may be. */
	x = finished_new();
	x->area->metrics[0].status = METRIC_OPEN;
	assert_verdict(x, STOP_INTERRUPTED, VERDICT_PASS, "interrupted");
	x = finished_new();
	x->area->metrics[0].hist_gpa = 0;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "has no histogram");
}

/* With no room left to show it, a difference still counts. */
TEST(result_counts_are_compared_though_the_list_is_full)
{
	struct finished *x = finished_new();

	x->vcpu.state = VCPU_DONE;
	x->vcpu.last.user_exits = 5;
	finished_take(x, STOP_ENDED);
	assert_int_equal(x->r->verdict, VERDICT_PASS);
	x->r->nr_checks = RESULT_MAX_CHECKS;
	result_check_counts(x->r);
	assert_int_equal(x->r->nr_checks, RESULT_MAX_CHECKS);
	assert_int_equal(x->r->verdict, VERDICT_ERROR);
	finished_free(x);
}

TEST(result_compares_with_a_metric_that_is_there)
{
	struct finished *x = finished_new();

	x->area->nr_metrics = 3;
	x->area->metrics[1] = x->area->metrics[0];
	x->area->metrics[1].flags = METRIC_NO_WINDOW;
	x->area->metrics[2] = x->area->metrics[1];
	x->area->metrics[1].base = 1;
	x->area->metrics[1].gain = 3;
	x->area->metrics[0].unit = 2;
	finished_take(x, STOP_ENDED);
	assert_int_equal(x->r->verdict, VERDICT_PASS);
	assert_ptr_equal(x->r->metrics[1].base, &x->r->metrics[0]);
	assert_null(x->r->metrics[1].unit);
	assert_null(x->r->metrics[0].base);
	assert_ptr_equal(x->r->metrics[0].unit, &x->r->metrics[1]);
	assert_ptr_equal(x->r->metrics[1].gain, &x->r->metrics[2]);
	finished_free(x);
}

TEST(result_compared_without_what_it_gains_is_an_error)
{
	struct finished *x = finished_new();

	x->area->nr_metrics = 2;
	x->area->metrics[1] = x->area->metrics[0];
	x->area->metrics[1].flags = METRIC_NO_WINDOW;
	x->area->metrics[1].base = 1;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
		       "it is compared with made, and no metric has what it "
		       "gains");
}

TEST(result_compared_with_what_is_not_there_is_an_error)
{
	static const uint32_t bad[] = {1, 2, RESULT_MAX_METRICS + 1,
				       UINT32_MAX};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct finished *x = finished_new();

		if (i == 0)
			x->area->metrics[0].gain = bad[i];
		else if (i % 2)
			x->area->metrics[0].base = bad[i];
		else
			x->area->metrics[0].unit = bad[i];
		assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
			       "which is not there");
	}
}

TEST(result_verdict_of_the_guest_is_checked)
{
	static const struct {
		uint32_t guest;
		enum verdict wanted;
	} verdicts[] = {
		{VERDICT_NONE, VERDICT_ERROR},
		{VERDICT_PASS, VERDICT_PASS},
		{VERDICT_SKIP, VERDICT_SKIP},
		{VERDICT_FAIL, VERDICT_FAIL},
		{VERDICT_TIMEOUT, VERDICT_ERROR},
		{VERDICT_CRASH, VERDICT_ERROR},
		{NR_VERDICTS, VERDICT_ERROR},
		{UINT32_MAX, VERDICT_ERROR},
	};

	for (unsigned int i = 0; i < sizeof(verdicts) / sizeof(*verdicts);
	     i++) {
		struct finished *x = finished_new();

		x->area->verdict = verdicts[i].guest;
		assert_verdict(x, STOP_ENDED, verdicts[i].wanted, "");
	}
}

TEST(result_of_another_abi_is_an_error)
{
	struct finished *x = finished_new();

	x->area->abi_version = 9;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "ABI 9");
}

TEST(result_keeps_what_an_interrupted_run_measured)
{
	struct finished *x = finished_new();

	x->area->verdict = VERDICT_NONE;
	x->area->metrics[0].status = METRIC_OPEN;
	/* Between two stores of the guest. */
	x->hist->bucket[hist_index(150)]++;
	finished_take(x, STOP_INTERRUPTED);
	assert_true(x->r->interrupted);
	assert_int_equal(x->r->verdict, VERDICT_PASS);
	/* What is in the buckets counts. */
	assert_int_equal(x->r->metrics[0].hist->count, 11);
	/* Nothing else of it is another. */
	x->hist->count = 11;
	assert_hist(x->r->metrics[0].hist, x->hist);
	finished_free(x);
}

TEST(result_of_a_time_limit_is_a_timeout)
{
	assert_verdict(finished_new(), STOP_TIMEOUT, VERDICT_TIMEOUT,
		       "--limit");
	assert_verdict(finished_new(), STOP_STEP, VERDICT_TIMEOUT, "");
	assert_verdict(finished_new(), STOP_STUCK, VERDICT_TIMEOUT, "");
}

TEST(result_of_a_crash_says_why)
{
	struct finished *x = finished_new();

	x->vcpu.state = VCPU_CRASHED;
	strcpy(x->vcpu.crash.reason, "it fell");
	assert_verdict(x, STOP_CRASH, VERDICT_CRASH, "vCPU 0: it fell");
	x = finished_new();
	x->area->trap.valid = 1;
	x->area->trap.vector = 13;
	assert_verdict(x, STOP_CRASH, VERDICT_CRASH, "vector 13");
}

/* The vCPU said that its metric, number nr, is above 900 cycles. */
static struct finished *broken_new(uint32_t nr)
{
	struct finished *x = finished_new();

	x->f->vm.break_tsc = 900;
	x->f->vm.nr_breaks = 1;
	x->area->metrics[0].status = METRIC_OPEN;
	x->vcpu.state = VCPU_BROKE;
	x->vcpu.break_metric = nr;
	return x;
}

TEST(result_of_a_sample_above_the_limit_is_a_fail)
{
	struct finished *x = broken_new(0);

	finished_take(x, STOP_BREAK);
	assert_int_equal(x->r->verdict, VERDICT_FAIL);
	assert_ptr_equal(x->r->broke[0].metric, &x->r->metrics[0]);
	assert_int_equal(x->r->broke[0].value, 1000);
	assert_int_equal(x->r->broke[0].tsc, 10);
	/* 2 GHz */
	assert_has(x->r->reason, "made (vCPU 0): a sample of 500 ns is above "
				 "--break-at, 450 ns; it ended at TSC 10");
	assert_int_equal(x->r->metrics[0].hist->count, 10);
	finished_free(x);
	/* Ctrl-C at the same time does not hide it. */
	x = broken_new(0);
	finished_take(x, STOP_INTERRUPTED);
	assert_int_equal(result_status(x->r), 1);
	finished_free(x);
}

/* --continue: in the order of their ends, wherever the histogram has them. */
TEST(result_of_samples_above_the_limit_has_all_that_were_told)
{
	struct finished *x = broken_new(0);

	x->f->vm.nr_breaks = 3;
	hist_record(x->hist, 5000, 9);
	hist_record(x->hist, 2000, 12);
	finished_take(x, STOP_BREAK);
	assert_int_equal(x->r->nr_broke, 3);
	assert_int_equal(x->r->broke[0].tsc, 9);
	assert_int_equal(x->r->broke[1].tsc, 10);
	assert_int_equal(x->r->broke[2].tsc, 12);
	assert_has(x->r->reason, "it ended at TSC 9, the first of 3");
	finished_free(x);
}

TEST(result_of_more_told_than_there_are_is_an_error)
{
	struct finished *x = broken_new(0);

	x->f->vm.nr_breaks = 2;
	assert_verdict(x, STOP_BREAK, VERDICT_ERROR,
		       "the guest says that 2 samples are above --break-at, "
		       "and 1 are");
}

/* It came to its end, so each was to be told. */
TEST(result_of_fewer_told_than_there_are_is_an_error)
{
	struct finished *x = broken_new(0);

	hist_record(x->hist, 5000, 9);
	x->vcpu.state = VCPU_DONE;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "the payload went on");
}

TEST(result_without_the_sample_that_was_told_is_an_error)
{
	struct finished *x = broken_new(0);

	x->f->vm.break_tsc = 1000;
	assert_verdict(x, STOP_BREAK, VERDICT_ERROR, "there is none");
	assert_verdict(broken_new(1), STOP_BREAK, VERDICT_ERROR,
		       "metric 1 is above --break-at, and there is none");
	x = broken_new(UINT32_MAX);
	assert_verdict(x, STOP_BREAK, VERDICT_ERROR, "there is none");
	x = broken_new(0);
	x->area->metrics[0].hist_gpa = 0;
	assert_verdict(x, STOP_BREAK, VERDICT_ERROR, "there is none");
}

TEST(result_of_two_samples_above_the_limit_has_the_first)
{
	struct finished *x = broken_new(0);

	x->hist->break_at = 900;
	hist_record(x->hist, 5000, 9);
	finished_take(x, STOP_BREAK);
	assert_int_equal(x->r->broke[0].tsc, 9);
	assert_int_equal(x->r->broke[0].value, 5000);
	finished_free(x);
}

TEST(result_text_of_the_guest_is_made_harmless)
{
	struct finished *x = finished_new();
	const struct result_metric *m = &x->r->metrics[0];

	memset(x->area->metrics[0].name, '\033', 32);
	memset(x->area->metrics[0].reason, 'r', 64);
	finished_take(x, STOP_ENDED);
	assert_string_equal(m->name, "????????????????????????????????");
	assert_int_equal(strlen(m->reason), 64);
	assert_has(x->r->reason, "is named '?????");
	finished_free(x);
	x = finished_new();
	memset(x->area->reason, 0xff, sizeof(x->area->reason));
	x->area->verdict = VERDICT_FAIL;
	finished_take(x, STOP_ENDED);
	assert_int_equal(x->r->reason[0], '?');
	finished_free(x);
}

/* Random bits over the metrics, the verdict, the histogram's head. */
TEST(result_survives_any_bits)
{
	struct rng rng = {.state = 61};
	unsigned int errors = 0;

	for (unsigned int i = 0; i < 200; i++) {
		struct finished *x = finished_new();
		unsigned char *bytes = (void *)x->area;

		for (size_t k = 0; k < sizeof(*x->area); k++)
			if (rng_below(&rng, 8) == 0)
				bytes[k] = (unsigned char)rng_next(&rng);
		if (i % 2)
			x->area->nr_metrics = RESULT_MAX_METRICS;
		finished_take(x, (enum stop_reason)(i % 7));
		errors += x->r->verdict >= VERDICT_TIMEOUT;
		assert_in_range(x->r->nr_metrics, 0, RESULT_MAX_METRICS);
		for (unsigned int k = 0; k < x->r->nr_metrics; k++) {
			assert_int_equal(x->r->metrics[k].vcpu, 0);
			assert_in_range(x->r->metrics[k].status, 0,
					NR_METRIC_STATUS - 1);
		}
		finished_free(x);
	}
	assert_true(errors > 150);
}
