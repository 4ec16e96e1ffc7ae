/* SPDX-License-Identifier: BSD-2-Clause */
/* metrics.c - a metric's figures contradict neither each other nor its counts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

#define WORST_MAX 16

#define ONE 100000 /* quantiles are in 1/100000 */

static const struct {
	const char *name;
	int64_t q;
} quantiles[] = {
	{"p50", 50000},	  {"p90", 90000},    {"p99", 99000},
	{"p99.9", 99900}, {"p99.99", 99990}, {"p99.999", 99999},
};

static int64_t cell(const json_t *bucket, size_t i)
{
	return json_integer_value(json_array_get(bucket, i));
}

static bool holds(const json_t *bucket, int64_t value)
{
	return value >= cell(bucket, 0) &&
	       value < cell(bucket, 0) + cell(bucket, 1);
}

/* The bucket that holds the rank-th smallest sample, rank from 1. */
static const json_t *bucket_of(const json_t *m, int64_t rank)
{
	json_t *bucket;
	size_t i;

	json_array_foreach (get_array(m, "histogram"), i, bucket) {
		rank -= cell(bucket, 2);
		if (rank <= 0)
			return bucket;
	}
	fail_msg("%s: too few samples in the histogram", get_text(m, "name"));
	return NULL;
}

/*
 * Where there are bounds, there are 50 samples above it, and what they are
 * worth is known; a block of the 64 that may be above as well leaves no room
 * for an upper one from 1 - 1/64 on.
 */
static void must_be_bounded(const json_t *m, const json_t *percentile, double q,
			    double samples)
{
	const json_t *ci95 = json_object_get(percentile, "ci95");
	int64_t min = get_cycles(m, "min");
	bool low = json_object_get(ci95, "low") != NULL;
	bool high = json_object_get(ci95, "high") != NULL;

	must(!ci95 || (low && !get_int(m, "out_of_range") &&
		       samples - samples * q > 49.5 &&
		       json_object_get(percentile, "worth")),
	     "%s: ci95 of %g with %g samples", get_text(m, "name"), q, samples);
	must(!high || q <= 1 - 1 / 64.0, "%s: %g has an upper bound",
	     get_text(m, "name"), q);
	if (low)
		must(get_cycles(ci95, "low") >= min &&
			     get_cycles(ci95, "low") <= cycles_of(percentile),
		     "%s: ci95 of %g begins above it", get_text(m, "name"), q);
	if (high)
		must(get_cycles(ci95, "high") >= cycles_of(percentile) &&
			     get_cycles(ci95, "high") <= get_cycles(m, "max"),
		     "%s: ci95 of %g ends below it", get_text(m, "name"), q);
}

/*
 * min <= p50 <= p90 ... <= max, each in the bucket of its rank, and only those
 * that have a sample above them.
 */
static void must_be_ordered(const json_t *m, int64_t samples)
{
	json_t *percentiles = json_object_get(m, "percentiles");
	int64_t last = get_cycles(m, "min"), value;
	const char *name = get_text(m, "name");
	size_t nr = 0;

	for (size_t i = 0; i < sizeof(quantiles) / sizeof(*quantiles); i++) {
		const char *p = quantiles[i].name;
		int64_t q = quantiles[i].q;
		bool wanted = samples * (ONE - q) >= ONE;

		must(!json_object_get(percentiles, p) == !wanted,
		     "%s: %s of %d samples", name, p, (int)samples);
		if (!wanted)
			continue;
		nr++;
		value = get_cycles(percentiles, p);
		must(value >= last, "%s: %s is below the one before", name, p);
		must(holds(bucket_of(m, (samples * q + ONE - 1) / ONE), value),
		     "%s: %s is not where the histogram has it", name, p);
		must_be_bounded(m, json_object_get(percentiles, p),
				(double)q / ONE, (double)samples);
		last = value;
	}
	must(last <= get_cycles(m, "max"), "%s: a percentile is above max",
	     name);
	assert_int_equal(json_object_size(percentiles), nr);
}

/* In order, without overlap, with all samples; its ends hold min and max. */
static void must_add_up(const json_t *m, int64_t samples)
{
	json_t *buckets = get_array(m, "histogram"), *bucket;
	const char *name = get_text(m, "name");
	int64_t sum = 0, end = INT64_MIN;
	size_t i;

	json_array_foreach (buckets, i, bucket) {
		assert_int_equal(json_array_size(bucket), 3);
		must(cell(bucket, 0) >= end, "%s: buckets overlap", name);
		must(cell(bucket, 1) > 0 && cell(bucket, 2) > 0,
		     "%s: an empty bucket", name);
		end = cell(bucket, 0) + cell(bucket, 1);
		sum += cell(bucket, 2);
	}
	assert_int_equal(sum, samples);
	must(holds(json_array_get(buckets, 0), get_cycles(m, "min")),
	     "%s: min is not in the first bucket", name);
	if (get_int(m, "out_of_range") == 0)
		must(holds(json_array_get(buckets,
					  json_array_size(buckets) - 1),
			   get_cycles(m, "max")),
		     "%s: max is not in the last bucket", name);
}

/* Where the clock moves in steps, two reads of it may be the same. */
static int64_t samples_of_zero(const json_t *m)
{
	json_t *bucket;
	size_t i;

	json_array_foreach (get_array(m, "histogram"), i, bucket)
		if (cell(bucket, 0) == 0)
			return cell(bucket, 2);
	return 0;
}

/* A sample of 0 is not above what the list is filled with. */
static void must_be_sorted(const json_t *m, int64_t samples)
{
	json_t *list = get_array(m, "worst"), *w;
	int64_t min = get_cycles(m, "min"), max = get_cycles(m, "max");
	int64_t last = llabs(min) > llabs(max) ? min : max;
	size_t i;

	samples -= samples_of_zero(m);
	assert_int_equal(json_array_size(list),
			 samples < WORST_MAX ? samples : WORST_MAX);
	json_array_foreach (list, i, w) {
		int64_t value = cycles_of(w);

		if (i == 0)
			assert_int_equal(value, last);
		must(llabs(value) <= llabs(last),
		     "%s: worst[%zu] is out of "
		     "order",
		     get_text(m, "name"), i);
		must(get_int(w, "tsc") > 0, "a sample without a time");
		last = value;
	}
}

static void must_be_metric(const json_t *m)
{
	const char *status = get_text(m, "status");
	int64_t samples = get_int(m, "samples");
	json_t *asked = json_object_get(m, "asked");

	if (strcmp(status, "skip") == 0) {
		must(*get_text(m, "reason"), "%s: SKIP without a reason",
		     get_text(m, "name"));
		assert_int_equal(samples, 0);
	}
	if (strcmp(status, "done") == 0 && asked)
		assert_int_equal(samples + get_int(m, "out_of_range"),
				 json_integer_value(asked));
	if (samples == 0) {
		assert_null(json_object_get(m, "min"));
		return;
	}
	must_be_ordered(m, samples);
	must_add_up(m, samples);
	must_be_sorted(m, samples);
}

static bool has_vcpu(const json_t *merged, int64_t vcpu)
{
	json_t *v;
	size_t i;

	json_array_foreach (get_array(merged, "vcpus"), i, v) {
		if (json_integer_value(v) == vcpu)
			return true;
	}
	return false;
}

/* All that its vCPUs measured, and nothing else. */
static void must_be_sum(const json_t *result, const json_t *merged)
{
	int64_t samples = 0, missed = 0, min = INT64_MAX, max = INT64_MIN;
	const char *name = get_text(merged, "name");
	size_t i, nr = 0;
	json_t *m;

	json_array_foreach (get_array(result, "metrics"), i, m) {
		if (strcmp(get_text(m, "name"), name) != 0 ||
		    !has_vcpu(merged, get_int(m, "vcpu")))
			continue;
		nr++;
		samples += get_int(m, "samples");
		missed += get_int(m, "missed");
		if (get_int(m, "samples") == 0)
			continue;
		if (get_cycles(m, "min") < min)
			min = get_cycles(m, "min");
		if (get_cycles(m, "max") > max)
			max = get_cycles(m, "max");
	}
	assert_int_equal(json_array_size(get_array(merged, "vcpus")), nr);
	must(nr > 1, "%s: merged out of %zu", name, nr);
	assert_int_equal(get_int(merged, "samples"), samples);
	assert_int_equal(get_int(merged, "missed"), missed);
	if (samples) {
		assert_int_equal(get_cycles(merged, "min"), min);
		assert_int_equal(get_cycles(merged, "max"), max);
	}
}

/* A name that two vCPUs have is merged, if its times are meant. */
static void must_have_merged(const json_t *result, const json_t *metric)
{
	const char *name = get_text(metric, "name");
	bool shared = false, found = false;
	json_t *m;
	size_t i;

	json_array_foreach (get_array(result, "metrics"), i, m) {
		shared |= strcmp(get_text(m, "name"), name) == 0 &&
			  get_int(m, "vcpu") != get_int(metric, "vcpu") &&
			  strcmp(get_text(m, "status"), "skip") != 0 &&
			  !json_object_get(m, "counted");
	}
	json_array_foreach (get_array(result, "merged"), i, m) {
		found |= strcmp(get_text(m, "name"), name) == 0 &&
			 has_vcpu(m, get_int(metric, "vcpu"));
	}
	if (get_int(metric, "samples"))
		must(found == shared, "%s: merged %d, of several vCPUs %d",
		     name, found, shared);
}

void must_be_result(const json_t *result)
{
	json_t *metric;
	size_t i;

	json_array_foreach (get_array(result, "metrics"), i, metric) {
		must_be_metric(metric);
		must_have_merged(result, metric);
	}
	json_array_foreach (get_array(result, "merged"), i, metric) {
		must_be_metric(metric);
		must_be_sum(result, metric);
	}
}
