/* SPDX-License-Identifier: BSD-2-Clause */
/* test_merge.c - several vCPUs' metrics added up are one of all samples. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/result/merge.h"

#define NR_METRICS 4

/* Signed metrics "late" of four vCPUs, 100 samples each, and all in one. */
struct made {
	struct result *r;
	struct hist *late[NR_METRICS], *early[NR_METRICS]; /* the result's */
	struct hist *all_late, *all_early;
};

static struct hist *hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	return h;
}

static struct hist *hist_copy(const struct hist *from)
{
	struct hist *h = hist_new();

	memcpy(h, from, sizeof(*h));
	return h;
}

static void free_hists(struct result_metric *m)
{
	free(m->hist);
	free(m->early);
	free(m->series);
	m->hist = m->early = NULL;
	m->series = NULL;
}

static struct made *made_new(void)
{
	struct made *x = calloc(1, sizeof(*x));
	struct rng rng = {.state = 81};

	assert_non_null(x);
	x->r = result_new();
	x->all_late = hist_new();
	x->all_early = hist_new();
	for (uint32_t i = 0; i < NR_METRICS; i++) {
		x->late[i] = hist_new();
		x->early[i] = hist_new();
		for (unsigned int k = 0; k < 100; k++) {
			uint64_t v =
				(rng_next(&rng) >> (20 + rng_below(&rng, 44))) +
				1;
			bool is_late = rng_below(&rng, 3) != 0;
			uint64_t tsc = rng_below(&rng, 1 << 30) + 1;

			hist_record(is_late ? x->late[i] : x->early[i], v, tsc);
			hist_record(is_late ? x->all_late : x->all_early, v,
				    tsc);
		}
		x->r->metrics[i] = (struct result_metric){
			.name = "late",
			.status = METRIC_DONE,
			.vcpu = i,
			.flags = METRIC_SIGNED,
			.asked = 100,
			.missed = i,
			.left_out = 10 * i,
			.blocking = 100,
			.hist = x->late[i],
			.early = x->early[i],
		};
	}
	x->r->nr_metrics = NR_METRICS;
	return x;
}

static void made_free(struct made *x)
{
	result_free(x->r);
	free(x->all_late);
	free(x->all_early);
	free(x);
}

/* What was merged is as if it had not been. */
static void unmerge(struct result *r)
{
	for (unsigned int i = 0; i < r->nr_merged; i++)
		free_hists(&r->merged[i]);
	r->nr_merged = 0;
}

static int worst_first(const void *a, const void *b)
{
	const struct hist_worst *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return (x->tsc < y->tsc) - (x->tsc > y->tsc);
}

static void assert_same(const struct hist *got, const struct hist *wanted)
{
	struct hist_worst a[HIST_NR_WORST], b[HIST_NR_WORST];

	assert_int_equal(got->count, wanted->count);
	assert_int_equal(got->out_of_range, wanted->out_of_range);
	assert_int_equal(got->sum, wanted->sum);
	assert_int_equal(got->min, wanted->min);
	assert_int_equal(got->max, wanted->max);
	assert_memory_equal(got->bucket, wanted->bucket,
			    sizeof(wanted->bucket));
	memcpy(a, got->worst, sizeof(a));
	memcpy(b, wanted->worst, sizeof(b));
	qsort(a, HIST_NR_WORST, sizeof(*a), worst_first);
	qsort(b, HIST_NR_WORST, sizeof(*b), worst_first);
	for (unsigned int i = 0; i < HIST_NR_WORST; i++)
		assert_int_equal(a[i].value, b[i].value);
}

TEST(merge_is_as_if_all_samples_were_recorded_in_one)
{
	struct made *x = made_new();
	const struct result_metric *m = &x->r->merged[0];

	/* Out of range on both sides of the merge. */
	assert_true(x->all_late->out_of_range > 2);
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 1);
	assert_string_equal(m->name, "late");
	assert_int_equal(m->status, METRIC_DONE);
	assert_int_equal(m->vcpu_set, 0xf);
	assert_int_equal(m->flags, METRIC_SIGNED);
	assert_int_equal(m->asked, 400);
	assert_int_equal(m->missed, 0 + 1 + 2 + 3);
	assert_int_equal(m->left_out, 0 + 10 + 20 + 30);
	assert_null(m->window);
	assert_same(m->hist, x->all_late);
	assert_same(m->early, x->all_early);
	/* The metrics are what they were. */
	for (unsigned int i = 0; i < NR_METRICS; i++)
		assert_ptr_equal(x->r->metrics[i].hist, x->late[i]);
	made_free(x);
}

TEST(merge_wants_one_name_on_several_vcpus)
{
	struct made *x = made_new();

	strcpy(x->r->metrics[0].name, "other");
	strcpy(x->r->metrics[1].name, "another");
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 1);
	assert_int_equal(x->r->merged[0].vcpu_set, 0xc);
	assert_int_equal(x->r->merged[0].asked, 200);
	unmerge(x->r);
	strcpy(x->r->metrics[0].name, "another");
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 2);
	assert_int_equal(x->r->merged[0].vcpu_set, 0x3);
	unmerge(x->r);
	/* Twice on one vCPU: nobody knows what the sum would mean. */
	x->r->metrics[3].vcpu = 2;
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 1);
	unmerge(x->r);
	x->r->metrics[1].flags = 0;
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 0);
	made_free(x);
}

TEST(merge_leaves_out_what_was_skipped)
{
	struct made *x = made_new();

	x->r->metrics[0].status = METRIC_SKIP;
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 1);
	assert_int_equal(x->r->merged[0].vcpu_set, 0xe);
	assert_int_equal(x->r->merged[0].status, METRIC_DONE);
	assert_int_equal(x->r->merged[0].asked, 300);
	unmerge(x->r);
	for (unsigned int i = 1; i < 3; i++)
		free_hists(&x->r->metrics[i]);
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 0);
	made_free(x);
}

TEST(merge_leaves_out_what_only_counts)
{
	struct made *x = made_new();

	for (unsigned int i = 0; i < NR_METRICS; i++)
		x->r->metrics[i].flags |= METRIC_COUNTED;
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 0);
	made_free(x);
}

/* There is not work for every tail of a run: what is true of all goes first. */
TEST(merge_comes_first_when_not_every_tail_is_estimated)
{
	struct made *x = made_new();
	struct hist *h = hist_new();
	struct series *series = calloc(1, sizeof(*series));

	assert_non_null(series);
	series_init(series, 10000);
	for (unsigned int i = 0; i < 10000; i++) {
		uint64_t value = 20000 + 20 * (i * 7919ull % 10000);

		hist_record(h, value, i + 1);
		series_record(series, (int64_t)value);
	}
	for (unsigned int i = 0; i < NR_METRICS; i++)
		free_hists(&x->r->metrics[i]);
	for (unsigned int i = 0; i < 52; i++)
		x->r->metrics[i] = (struct result_metric){
			.name = {(char)('a' + i / 2)},
			.status = METRIC_DONE,
			.vcpu = i % 2,
			.hist = hist_copy(h),
		};
	/* What a merged one has is tried for each vCPU first of all. */
	for (unsigned int i = 0; i < 52; i++) {
		x->r->metrics[i].series = malloc(sizeof(*series));
		assert_non_null(x->r->metrics[i].series);
		*x->r->metrics[i].series = *series;
	}
	x->r->metrics[51].flags = x->r->metrics[50].flags = METRIC_PART;
	x->r->nr_metrics = 52;
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 26);
	result_analyse(x->r);
	assert_null(x->r->merged[0].tail.refused);
	assert_true(x->r->metrics[0].has_tail);
	assert_has(x->r->metrics[0].tail.refused, "only so many");
	/* What is shown only beside others has none. */
	assert_false(x->r->metrics[50].has_tail);
	free(h);
	free(series);
	made_free(x);
}

TEST(merge_is_done_when_every_part_is)
{
	struct made *x = made_new();

	x->r->metrics[2].status = METRIC_OPEN;
	result_merge(x->r);
	assert_int_equal(x->r->merged[0].status, METRIC_OPEN);
	unmerge(x->r);
	x->r->metrics[1].status = METRIC_TIMEOUT;
	x->r->metrics[3].asked = 0;
	result_merge(x->r);
	assert_int_equal(x->r->merged[0].status, METRIC_TIMEOUT);
	assert_int_equal(x->r->merged[0].asked, 0);
	made_free(x);
}

/* As many as there can be: the list of them must not be too short. */
TEST(merge_has_room_for_every_pair)
{
	struct made *x = made_new();

	for (unsigned int i = 0; i < RESULT_MAX_METRICS; i++) {
		struct result_metric *to = &x->r->metrics[i];

		if (i) {
			free_hists(to);
			*to = x->r->metrics[0];
			to->hist = hist_copy(x->late[0]);
			to->early = hist_copy(x->early[0]);
		}
		to->vcpu = i % 2;
		to->name[0] = (char)('0' + i / 2);
	}
	x->r->nr_metrics = RESULT_MAX_METRICS;
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, RESULT_MAX_METRICS / 2);
	assert_int_equal(x->r->merged[63].asked, 200);
	made_free(x);
}

TEST(merge_of_counts_that_do_not_fit_is_left_out)
{
	uint64_t *fields[4];
	struct made *x;

	for (unsigned int i = 0; i < 4; i++) {
		x = made_new();
		fields[0] = &x->late[0]->count;
		fields[1] = &x->early[1]->out_of_range;
		fields[2] = &x->late[2]->sum;
		fields[3] = &x->r->metrics[3].missed;
		*fields[i] = i == 2 ? UINT64_MAX : INT64_MAX;
		result_merge(x->r);
		assert_int_equal(x->r->nr_merged, 0);
		made_free(x);
	}
}

static struct made *made_with_phases(uint32_t nr)
{
	struct made *x = made_new();

	for (unsigned int i = 0; i < NR_METRICS; i++) {
		struct phases *p = calloc(1, sizeof(*p));

		assert_non_null(p);
		phases_init(p, 8000000);
		p->bin[3][7] = nr;
		x->r->metrics[i].phases = p;
	}
	result_merge(x->r);
	assert_int_equal(x->r->nr_merged, 1);
	return x;
}

TEST(merge_of_phases_that_do_not_fit_leaves_them_out)
{
	struct made *x = made_with_phases(UINT32_MAX / NR_METRICS);

	assert_non_null(x->r->merged[0].phases);
	assert_int_equal(x->r->nr_warnings, 0);
	made_free(x);
	x = made_with_phases(UINT32_MAX / NR_METRICS + 1);
	assert_null(x->r->merged[0].phases);
	assert_int_equal(x->r->nr_warnings, 1);
	assert_non_null(strstr(x->r->warnings[0],
			       "metric late: the phases of its vCPUs do not "
			       "add up"));
	made_free(x);
}

TEST(merge_survives_any_bits)
{
	struct rng rng = {.state = 82};

	for (unsigned int i = 0; i < 60; i++) {
		struct made *x = made_new();

		for (unsigned int k = 0; k < NR_METRICS; k++) {
			uint64_t *words = (void *)x->late[k];

			for (size_t n = 0; n < sizeof(struct hist) / 8; n++)
				if (rng_below(&rng, 1 + 1000 * i) == 0)
					words[n] = rng_next(&rng) >>
						   rng_below(&rng, 64);
		}
		result_merge(x->r);
		assert_in_range(x->r->nr_merged, 0, 1);
		result_analyse(x->r);
		made_free(x);
	}
}
