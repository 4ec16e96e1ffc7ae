/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_hist_check.c - what a vCPU may have left when it was stopped is settled
 * to something possible, whatever else was recorded before.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/statistics/hist_check.h"

#define NR_STORES 6 /* of a sample that is not among the worst */

/* The first stores of hist_record(), in its order. */
static void record_part(struct hist *h, uint64_t value, unsigned int stores)
{
	if (stores > 0 && value < h->min)
		h->min = value;
	if (stores > 1 && value > h->max)
		h->max = value;
	if (value >> HIST_MAX_BITS) {
		h->out_of_range += stores > 2;
		return;
	}
	h->bucket[hist_index(value)] += stores > 2;
	if (stores > 3)
		h->sum += value;
	h->count += stores > 4;
}

static uint64_t any_value(struct rng *rng)
{
	return 1 + (rng_next(rng) >> (24 + rng_below(rng, 39)));
}

TEST(hist_of_a_vcpu_that_was_stopped_is_settled)
{
	struct rng rng = {.state = 11};

	for (unsigned int i = 0; i < 600; i++) {
		uint64_t nr = rng_below(&rng, 4), value = any_value(&rng);
		uint64_t same = rng_below(&rng, 3) ? 0 : value;
		unsigned int stores = i % NR_STORES;
		struct hist *h = made_hist();
		const char *wrong;

		for (uint64_t k = 0; k < nr; k++)
			hist_record(h, same ? same : any_value(&rng), k + 1);
		record_part(h, value, stores);
		hist_settle(h);
		wrong = hist_wrong(h);
		if (wrong)
			fail_msg("%u of %ju after %ju: it %s", stores,
				 (uintmax_t)value, (uintmax_t)nr, wrong);
		/* The others are there, and no more than that one. */
		assert_in_range(hist_samples(h), nr + (stores > 2), nr + 1);
		free(h);
	}
}

/* One that is right is left alone. */
TEST(hist_that_is_whole_is_not_settled)
{
	struct hist *h = made_hist(), *was = made_hist();
	struct rng rng = {.state = 12};

	hist_settle(h);
	assert_memory_equal(h, was, sizeof(*h));
	for (uint64_t i = 1; i <= 300; i++) {
		hist_record(h, any_value(&rng), i);
		memcpy(was, h, sizeof(*h));
		hist_settle(h);
		assert_memory_equal(h, was, sizeof(*h));
		assert_null(hist_wrong(h));
	}
	free(h);
	free(was);
}

/* A guest's place in the list is no place in the host's memory. */
TEST(hist_that_is_adopted_goes_on_in_its_own_list)
{
	struct hist *h = made_hist();

	for (uint64_t i = 1; i <= 20; i++)
		hist_record(h, i * 10, i);
	h->worst_slot = UINT64_MAX / sizeof(struct hist_worst);
	h->worst_floor = 0;
	h->break_at = 1;
	hist_adopt(h);
	assert_int_equal(h->worst_floor, 50);
	assert_int_equal(h->worst[h->worst_slot].value, 50);
	assert_false(hist_enter_worst(h, 60, 21));
	assert_null(hist_wrong(h));
	free(h);
}

TEST(hist_has_no_more_samples_than_there_can_be)
{
	struct hist *h = made_hist();

	hist_record_many(h, 7, HIST_MOST);
	assert_null(hist_wrong(h));
	hist_record(h, 7, 1);
	assert_string_equal(hist_wrong(h),
			    "counts more samples than there can be");
	free(h);
}
