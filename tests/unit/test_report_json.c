/* SPDX-License-Identifier: BSD-2-Clause */
/* test_report_json.c - the histogram of the result file. */
#include <stdlib.h>

#include "tests/unit/unit.h"
#include "vmm/result/json.h"

static json_int_t part(const json_t *buckets, size_t i, size_t k)
{
	return json_integer_value(
		json_array_get(json_array_get(buckets, i), k));
}

/* low <= x < low + width on both sides of 0, ascending. */
TEST(json_histogram_holds_every_sample_in_its_bucket)
{
	static const int64_t values[] = {-70000000, -5000, -2048, -2047, -1,
					 0,	    2047,  2048,  5000,	 70000};
	const unsigned int nr = sizeof(values) / sizeof(*values);
	struct hist *h = calloc(2, sizeof(*h));
	struct dist d = {.late = h, .early = h + 1};
	json_t *buckets;

	assert_non_null(h);
	hist_init(&h[0]);
	hist_init(&h[1]);
	for (unsigned int i = 0; i < nr; i++)
		hist_record(&h[values[i] < 0], (uint64_t)llabs(values[i]),
			    i + 1);
	buckets = json_histogram(&d);
	assert_int_equal(json_array_size(buckets), nr);
	for (unsigned int i = 0; i < nr; i++) {
		json_int_t low = part(buckets, i, 0),
			   width = part(buckets, i, 1);

		assert_true(low <= values[i] && values[i] < low + width);
		assert_int_equal(part(buckets, i, 2), 1);
	}
	json_decref(buckets);
	free(h);
}
