/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_read.c - reading is the inverse of writing, on generated results; and
 * what a result file cannot say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/any_result.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/result/json.h"
#include "vmm/result/read.h"
#include "vmm/result/write.h"

#define NR_GENERATED 150

static struct result *read_text(const char *text, char *error, size_t len)
{
	FILE *f = fmemopen((char *)(uintptr_t)text, strlen(text), "r");
	struct result *r;

	assert_non_null(f);
	r = result_read(f, "made.json", error, len);
	fclose(f);
	return r;
}

/* The file, and what a person sees of it. */
static void must_come_back(uint64_t seed)
{
	struct result *r = any_result(seed), *again;
	char *file = result_text(r), *table = result_shown(r), error[512];
	char *file_again, *table_again;

	assert_non_null(file);
	again = read_text(file, error, sizeof(error));
	if (!again)
		fail_msg("seed %ju: %s", (uintmax_t)seed, error);
	file_again = result_text(again);
	table_again = result_shown(again);
	if (strcmp(file, file_again) != 0)
		fail_msg("seed %ju: '%s' became '%s'", (uintmax_t)seed, file,
			 file_again);
	if (strcmp(table, table_again) != 0)
		fail_msg("seed %ju: '%s' became '%s'", (uintmax_t)seed, table,
			 table_again);
	assert_int_equal(result_status(r), result_status(again));
	free(file);
	free(table);
	free(file_again);
	free(table_again);
	result_free(r);
	result_free(again);
}

TEST(read_is_the_inverse_of_write)
{
	for (uint64_t seed = 1; seed <= NR_GENERATED; seed++)
		must_come_back(seed);
}

/* A good file, the first one with samples, to change a value in. */
static json_t *good_file(void)
{
	uint64_t seed = 1;
	struct result *r = any_result(seed);
	char *text;
	json_t *o;

	while (r->nr_metrics == 0 || !r->metrics[0].hist) {
		result_free(r);
		r = any_result(++seed);
	}
	text = result_text(r);
	o = json_loads(text, 0, NULL);
	assert_non_null(o);
	free(text);
	result_free(r);
	return o;
}

static void must_refuse(json_t *file, const char *why)
{
	char *text = json_dumps(file, 0), error[512] = "";
	struct result *r = read_text(text, error, sizeof(error));

	assert_null(r);
	assert_has(error, why);
	free(text);
	json_decref(file);
}

static void refuse_at(const char *key, json_t *value, const char *why)
{
	json_t *o = good_file();

	json_object_set_new(o, key, value);
	must_refuse(o, why);
}

TEST(read_refuses_with_the_place_what_was_wanted_and_what_was_got)
{
	refuse_at("schema", json_string("latvisor-result/1"),
		  "made.json: schema: latvisor-result/1 is of an older");
	refuse_at("schema", json_string("other/3"),
		  "schema: wanted latvisor-result/3, got 'other/3'");
	refuse_at("verdict", json_string("GOOD"),
		  "verdict: wanted PASS, FAIL ..., got 'GOOD'");
	refuse_at("unit", json_string("s"), "unit: wanted ns or instructions");
	refuse_at("started", json_string("today"),
		  "started: wanted a time like");
	refuse_at("reason", json_string("a\nb"),
		  "reason: wanted printable text, got a byte 0xa");
	refuse_at("payload", json_string("12345678901234567890123456789012"),
		  "payload: wanted 31 characters at most, got 32");
	refuse_at("restarts", json_integer(-1), "restarts: wanted a number");
	refuse_at("restarts", json_real(1.5),
		  "restarts: wanted a number, got a fraction");
	refuse_at("interrupted", json_integer(1),
		  "interrupted: wanted true or false, got a number");
	refuse_at("host", json_array(), "host: wanted an object, got an array");
	refuse_at("metrics", json_null(), "metrics: wanted an array, got null");
	refuse_at("parameters", json_pack("{s:f}", "x_us", 1.0),
		  "parameters.x_us: wanted a number, two, or a word");
	refuse_at("fail_if", json_pack("[s]", "p99"), "fail_if: ");
}

static json_t *first_metric(json_t *o)
{
	json_t *m = json_array_get(json_object_get(o, "metrics"), 0);

	assert_non_null(m);
	return m;
}

static void refuse_metric(const char *key, json_t *value, const char *why)
{
	json_t *o = good_file();

	json_object_set_new(first_metric(o), key, value);
	must_refuse(o, why);
}

TEST(read_refuses_metrics_that_cannot_be)
{
	refuse_metric("vcpu", json_integer(64),
		      "metrics[0].vcpu: wanted a number from 0 to ");
	refuse_metric("status", json_string("fine"),
		      "metrics[0].status: wanted done, skip");
	refuse_metric("flags", json_pack("[s]", "new"),
		      "metrics[0].flags: there is no flag 'new'");
	refuse_metric("operations", json_integer(1),
		      "metrics[0].operations: wanted a number from 2");
	refuse_metric("compared_with", json_integer(128),
		      "metrics[0].compared_with: wanted a number from 0");
	refuse_metric("windows", json_pack("[{s:i}]", "vcpu", 0),
		      "metrics[0].duration_tsc: wanted a number, got nothing");
	refuse_metric("windows", json_pack("[{s:i}]", "vcpu", -1),
		      "metrics[0].vcpu: wanted a number from 0");
}

TEST(read_refuses_buckets_that_cannot_be)
{
	static const json_int_t bad[][3] = {
		{5000, 1, 1},		 /* wider there */
		{1ll << 36, 1 << 25, 1}, /* beyond the last */
		{-5, 2, 1},
		{7, 0, 1},
		{7, -1, 1},
		{INT64_MAX, INT64_MAX, 1},
		{INT64_MIN, 1, 1},
		{INT64_MIN, INT64_MIN, 1},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		json_t *o = good_file(), *m = first_metric(o);

		json_object_set_new(m, "totals",
				    json_pack("{s:i, s:i, s:i, s:i, s:i}",
					      "count", 1, "out_of_range", 0,
					      "sum", 1, "min", 1, "max", 1));
		json_object_del(m, "early_totals");
		json_object_set_new(m, "worst", json_array());
		json_object_set_new(m, "histogram",
				    json_pack("[[I, I, I]]", bad[i][0],
					      bad[i][1], bad[i][2]));
		must_refuse(o, "histogram: has a bucket that cannot be");
	}
}

TEST(read_refuses_machines_that_cannot_be)
{
	json_t *o = good_file();

	json_object_set_new(json_object_get(o, "machine"), "tsc_khz",
			    json_integer(0));
	must_refuse(o, "machine.tsc_khz: wanted a number from 1 to 100000000");
	o = good_file();
	json_object_set_new(json_object_get(o, "machine"), "vcpus",
			    json_array());
	must_refuse(o, "machine.vcpus: wanted one at least");
}

TEST(read_refuses_what_is_no_json)
{
	static const char *const texts[] = {
		"{", "[]", "{}", "null", "\"x\"", "{\"a\":1,\"a\":2}", " "};
	char error[512];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		error[0] = '\0';
		assert_null(read_text(texts[i], error, sizeof(error)));
		assert_has(error, "made.json: ");
	}
	assert_null(read_text("{\"schema\": ", error, sizeof(error)));
	assert_has(error, "wanted a result file (JSON), it ends or is broken "
			  "at line 1");
}
