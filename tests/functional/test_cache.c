/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cache.c - cache: a metric for each size up to the one asked for, from
 * memory that was there, beside a vCPU that did stream.  That a chain has all
 * of its lines is checked by the payload: PASS says so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

#define SAMPLES 40

static void must_be_size(const struct run *r, size_t index, const char *name)
{
	json_t *m = json_array_get(get_array(r->json, "metrics"), index), *w;

	must(m, "there is no metric %s", name);
	assert_string_equal(get_text(m, "name"), name);
	assert_string_equal(get_text(m, "status"), "done");
	assert_int_equal(get_int(m, "samples"), SAMPLES);
	assert_int_equal(get_int(m, "operations"), 64);
	w = find_window(m, 0);
	must(w, "%s has no window", name);
	assert_int_equal(get_int(w, "exits_to_userspace"), 0);
	assert_int_equal(get_int(w, "minor_faults"), 0);
	assert_int_equal(get_int(json_object_get(w, "guest"), "halts"), 0);
}

static size_t nr_metrics(const struct run *r)
{
	return json_array_size(get_array(r->json, "metrics"));
}

TEST(cache_has_each_size_up_to_the_largest)
{
	struct run r;

	run_now(&r, "cache", "max_kib=100", "samples=40", "--vcpus", "1");
	must_pass(&r);
	assert_int_equal(nr_metrics(&r), 3);
	must_be_size(&r, 0, "alone_16k");
	must_be_size(&r, 1, "alone_32k");
	must_be_size(&r, 2, "alone_64k");
	must(strstr(r.proc.out, "one operation"), "no cost of a load in: %s",
	     r.proc.out);
	run_free(&r);
}

TEST(cache_counts_by_megabytes_from_1024)
{
	struct run r;

	run_now(&r, "cache", "max_kib=1024", "samples=40", "--vcpus", "1");
	must_pass(&r);
	assert_int_equal(nr_metrics(&r), 7);
	must_be_size(&r, 5, "alone_512k");
	must_be_size(&r, 6, "alone_1m");
	run_free(&r);
}

/* The polluter has a sample for each polluted size, before its window. */
static void must_be_polluted(const char *pollute)
{
	char limit[32];
	struct run r;
	json_t *m;

	need_cpus(2);
	/* 128 MiB are 32768 exits before the first of its samples. */
	snprintf(limit, sizeof(limit), "%.0f", 3 * PROC_SECONDS * slow());
	run_start(&r, "cache", "max_kib=32", "samples=40", pollute, "--vcpus",
		  "2", "--limit", limit, NULL);
	run_wait(&r, 4 * PROC_SECONDS);
	must_pass(&r);
	assert_int_equal(nr_metrics(&r), 5);
	must_be_size(&r, 1, "alone_16k");
	must_be_size(&r, 2, "polluted_16k");
	must_be_size(&r, 3, "alone_32k");
	must_be_size(&r, 4, "polluted_32k");
	m = find_metric(r.json, "polluter", 1);
	must(m && get_int(m, "samples") >= 2, "nobody polluted");
	assert_int_equal(get_int(m, "operations"), 64);
	run_free(&r);
}

TEST(cache_is_polluted_by_the_second_vcpu)
{
	must_be_polluted("pollute_kib=64");
}

/* No multiple of what it writes at a time. */
TEST(cache_is_polluted_by_an_odd_buffer)
{
	must_be_polluted("pollute_kib=5");
}

/* All of lazy memory behind the working set: its last page is there. */
TEST(cache_is_polluted_by_the_largest_buffer)
{
	must_be_polluted("pollute_kib=131072");
}

TEST(cache_of_no_or_too_much_memory_is_refused)
{
	static const char *const bad[] = {"max_kib=15", "max_kib=131073",
					  "pollute_kib=3"};
	struct run r;

	for (int i = 0; i < 3; i++) {
		run_now(&r, "cache", bad[i]);
		assert_int_equal(r.proc.status, 2);
		must(strstr(r.proc.err, "to 131072"), "%s", r.proc.err);
		assert_null(r.text);
		run_free(&r);
	}
}
