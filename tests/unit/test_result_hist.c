/* SPDX-License-Identifier: BSD-2-Clause */
/* test_result_hist.c - nothing in a guest's histogram is believed unchecked. */
#include <stddef.h>
#include <string.h>

#include "tests/unit/finished.h"
#include "tests/unit/unit.h"

TEST(result_with_a_histogram_outside_of_ram_is_an_error)
{
	static const gpa_t gpas[] = {
		8,
		LAYOUT_BASE - 8,
		LAYOUT_BASE + RAM_LEN - 8,
		UINT64_MAX & ~7ull,
		LAYOUT_LAZY,
		LAYOUT_IMAGE + 1,
		1ull << 63,
	};

	for (unsigned int i = 0; i < sizeof(gpas) / sizeof(*gpas); i++) {
		struct finished *x = finished_new();

		x->area->metrics[0].hist_gpa = gpas[i];
		assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "not in RAM");
	}
}

TEST(result_with_early_samples_outside_of_ram_is_an_error)
{
	struct finished *x = finished_new();

	x->area->metrics[0].flags = METRIC_SIGNED;
	x->area->metrics[0].early_gpa = UINT64_MAX - 7;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "not in RAM");
}

TEST(result_whose_histogram_does_not_add_up_is_an_error)
{
	struct finished *x = finished_new();

	x->hist->bucket[5]++;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "add up");
	x = finished_new();
	x->hist->count = UINT64_MAX;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "");
}

/* One lie at a time; the samples are 100, 200 ... 1000. */
TEST(result_whose_histogram_contradicts_itself_is_an_error)
{
	static const struct {
		size_t field;
		uint64_t value;
		const char *reason;
	} lies[] = {
		{offsetof(struct hist, out_of_range), INT64_MAX,
		 "more samples than there can be"},
		{offsetof(struct hist, out_of_range), 1,
		 "a maximum outside of its buckets"},
		{offsetof(struct hist, max), 1ull << HIST_MAX_BITS,
		 "a maximum outside of its buckets"},
		{offsetof(struct hist, max), UINT64_MAX,
		 "an impossible minimum or maximum"},
		{offsetof(struct hist, min), 1001,
		 "an impossible minimum or maximum"},
		{offsetof(struct hist, min), 50,
		 "no sample in its minimum's bucket"},
		{offsetof(struct hist, max), 2000,
		 "no sample in its maximum's bucket"},
		{offsetof(struct hist, sum), 999,
		 "a sum that its samples cannot have"},
		{offsetof(struct hist, sum), 10001,
		 "a sum that its samples cannot have"},
		{offsetof(struct hist, worst[15].value), 1001,
		 "a worst sample above its maximum"},
	};

	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		struct finished *x = finished_new();

		memcpy((char *)x->hist + lies[i].field, &lies[i].value,
		       sizeof(lies[i].value));
		assert_verdict(x, STOP_ENDED, VERDICT_ERROR, lies[i].reason);
	}
}

/* What is at the ends of the range is no lie. */
TEST(result_with_samples_out_of_range_is_taken)
{
	struct finished *x = finished_new();

	hist_record(x->hist, INT64_MAX, 11);
	hist_record(x->hist, 1ull << HIST_MAX_BITS, 12);
	hist_record(x->hist, (1ull << HIST_MAX_BITS) - 1, 13);
	x->area->metrics[0].asked = 13;
	assert_verdict(x, STOP_ENDED, VERDICT_PASS, "");
}

TEST(result_counts_early_samples_as_samples)
{
	struct finished *x = finished_new();
	struct hist *early = x->hist + 1;

	hist_init(early);
	for (uint64_t i = 1; i <= 5; i++)
		hist_record(early, i, i);
	x->area->metrics[0].flags = METRIC_SIGNED;
	x->area->metrics[0].early_gpa = x->f->vm.heap + sizeof(*early);
	hist_record(early, 1ull << HIST_MAX_BITS, 6);
	x->area->metrics[0].asked = 16;
	assert_verdict(x, STOP_ENDED, VERDICT_PASS, "");
}

TEST(result_with_lost_samples_is_an_error)
{
	struct finished *x = finished_new();

	x->area->metrics[0].asked = 11;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
		       "11 samples were asked for, the histogram has 10");
}
