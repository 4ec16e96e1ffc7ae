/* SPDX-License-Identifier: BSD-2-Clause */
/* test_raw.c - --raw has each sample of each metric, once and in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/functional/results.h"

/* As docs/raw.md has it, and on purpose not from the program's header. */
struct head {
	char magic[8];
	uint32_t version, header_len;
	uint64_t tsc_khz, nr_records;
	uint32_t nr_metrics, record_len;
};

struct metric {
	char name[32];
	uint32_t vcpu, reserved;
	uint64_t written, lost;
};

struct record {
	uint64_t tsc;
	int64_t value;
	uint32_t metric, vcpu;
};

struct file {
	char *bytes;
	size_t len;
	const struct head *head;
	const struct metric *metrics;
	const struct record *records;
};

static const char *raw_path(const char *suffix)
{
	static char path[80];

	snprintf(path, sizeof(path), "/tmp/latvisor-functional.%d%s",
		 (int)getpid(), suffix);
	return path;
}

static void file_read(struct file *f, const char *path)
{
	FILE *in = fopen(path, "re");

	must(in, "there is no %s", path);
	f->bytes = malloc(64 << 20);
	assert_non_null(f->bytes);
	f->len = fread(f->bytes, 1, (64 << 20) - 1, in);
	f->bytes[f->len] = '\0';
	fclose(in);
	unlink(path);
}

static void file_open(struct file *f, const char *path)
{
	file_read(f, path);
	f->head = (const void *)f->bytes;
	must(f->len >= 40 && memcmp(f->head->magic, "LATRAW\r\n", 8) == 0,
	     "%s has no magic", path);
	assert_int_equal(f->head->version, 1);
	assert_int_equal(f->head->record_len, 24);
	assert_int_equal(f->head->header_len, 40 + 56 * f->head->nr_metrics);
	assert_int_equal(f->len,
			 f->head->header_len + 24 * f->head->nr_records);
	f->metrics = (const void *)(f->bytes + 40);
	f->records = (const void *)(f->bytes + f->head->header_len);
}

/* The samples of table entry i are those of the result file's metric. */
static void must_be_samples(const struct file *f, uint32_t i, const json_t *m)
{
	int64_t min = INT64_MAX, max = INT64_MIN, early = 0;
	uint64_t nr = 0, tsc = 0;

	for (uint64_t k = 0; k < f->head->nr_records; k++) {
		const struct record *r = &f->records[k];

		if (r->metric != i)
			continue;
		assert_int_equal(r->vcpu, f->metrics[i].vcpu);
		must(r->tsc >= tsc, "%s: time goes back", f->metrics[i].name);
		tsc = r->tsc;
		min = r->value < min ? r->value : min;
		max = r->value > max ? r->value : max;
		early += r->value < 0;
		nr++;
	}
	assert_int_equal(nr, f->metrics[i].written);
	assert_int_equal(f->metrics[i].lost, 0);
	assert_int_equal(nr, get_int(m, "samples"));
	if (nr == 0)
		return;
	assert_int_equal(min, get_cycles(m, "min"));
	assert_int_equal(max, get_cycles(m, "max"));
	if (json_object_get(m, "early"))
		assert_int_equal(early, get_int(m, "early"));
}

/* The table has every metric with samples; one of a skip may have none. */
static void must_match(const struct file *f, const json_t *result)
{
	const json_t *raw = json_object_get(result, "raw");
	uint32_t nr = 0;
	size_t k;
	json_t *m;

	must(raw, "the result has no 'raw'");
	assert_int_equal(get_int(raw, "records"), f->head->nr_records);
	assert_int_equal(get_int(raw, "lost"), 0);
	assert_int_equal(
		f->head->tsc_khz,
		get_int(json_object_get(result, "machine"), "tsc_khz"));
	for (uint32_t i = 0; i < f->head->nr_metrics; i++) {
		m = find_metric(result, f->metrics[i].name, f->metrics[i].vcpu);
		must(m, "there is no metric %s", f->metrics[i].name);
		must_be_samples(f, i, m);
		nr += f->metrics[i].written != 0;
	}
	json_array_foreach (get_array(result, "metrics"), k, m)
		nr -= get_int(m, "samples") != 0;
	assert_int_equal(nr, 0);
}

/* All are of vCPU 0 and one after the other: time goes on in all of it. */
TEST(raw_has_every_sample_of_every_test)
{
	const char *path = raw_path(".raw");
	struct file f;
	struct run r;

	run_now(&r, "exit-cost", "samples=50", "--raw", path);
	must_pass(&r);
	file_open(&f, path);
	must_match(&f, r.json);
	must(f.head->nr_metrics > 10, "%u metrics", f.head->nr_metrics);
	for (uint64_t i = 1; i < f.head->nr_records; i++)
		must(f.records[i].tsc > f.records[i - 1].tsc,
		     "time goes back at record %d", (int)i);
	free(f.bytes);
	run_free(&r);
}

TEST(raw_has_every_sample_of_every_vcpu)
{
	const char *path = raw_path(".raw");
	struct file f;
	struct run r;

	need_cpus(2);
	run_now(&r, "timer-jitter", "--vcpus", "2", "samples=300",
		"interval_us=500", "--raw", path);
	must_pass(&r);
	file_open(&f, path);
	assert_int_equal(f.head->nr_metrics, 2);
	assert_int_equal(f.head->nr_records, 600);
	must_match(&f, r.json);
	free(f.bytes);
	run_free(&r);
}

/* A run of 1.5 s is read some 150 times. */
TEST(raw_as_csv_has_a_line_for_each_sample)
{
	const char *path = raw_path(".csv");
	struct file f;
	struct run r;
	char *line, *rest;
	int64_t khz, nr = 0, max = INT64_MIN;
	bool insns;

	run_now(&r, "timer-jitter", "samples=1500", "--raw", path);
	must_pass(&r);
	file_read(&f, path);
	khz = get_int(json_object_get(r.json, "machine"), "tsc_khz");
	rest = f.bytes;
	insns = is_insns(r.json);
	assert_string_equal(strsep(&rest, "\n"),
			    insns ? "metric,vcpu,tsc,instructions"
				  : "metric,vcpu,tsc,cycles,ns");
	while ((line = strsep(&rest, "\n")) != NULL && *line) {
		unsigned long long tsc;
		long long cycles;
		double ns, wrong;

		must(sscanf(line, "lateness,0,%llu,%lld,%lf", &tsc, &cycles,
			    &ns) == (insns ? 2 : 3),
		     "line %d: %s", (int)nr, line);
		wrong = insns ? 0 : ns - (double)cycles * 1e6 / (double)khz;
		must(wrong < 0.001 && wrong > -0.001, "%s", line);
		max = cycles > max ? cycles : max;
		nr++;
	}
	assert_int_equal(nr, 1500);
	assert_int_equal(max,
			 get_cycles(find_metric(r.json, "lateness", 0), "max"));
	free(f.bytes);
	run_free(&r);
}

TEST(raw_has_the_sample_that_broke_the_limit)
{
	const char *path = raw_path(".raw");
	struct file f;
	struct run r;

	run_now(&r, built("tests/hostile/step-hang.elf"), "--break-at",
		"1002cycles", "--raw", path);
	assert_int_equal(r.proc.status, 1);
	file_open(&f, path);
	must_match(&f, r.json);
	assert_int_equal(f.head->nr_records, 4);
	assert_int_equal(f.records[3].value, 1003);
	free(f.bytes);
	run_free(&r);
}

/* The step that hung and those around it, over a restart. */
TEST(raw_goes_on_after_a_restart)
{
	const char *path = raw_path(".raw");
	struct file f;
	struct run r;

	run_now(&r, built("tests/hostile/step-hang.elf"), "--raw", path);
	assert_int_equal(r.proc.status, 124);
	file_open(&f, path);
	must_match(&f, r.json);
	assert_int_equal(f.head->nr_metrics, 3);
	assert_int_equal(f.head->nr_records, 5 + 3 + 5);
	free(f.bytes);
	run_free(&r);
}

TEST(raw_of_a_crash_has_what_was_measured)
{
	const char *path = raw_path(".raw");
	struct file f;
	struct run r;

	run_now(&r, built("tests/hostile/ud2.elf"), "--limit", AMPLE_S, "--raw",
		path);
	assert_int_equal(r.proc.status, 3);
	file_open(&f, path);
	assert_int_equal(f.head->nr_records, 0);
	free(f.bytes);
	run_free(&r);
}

static void must_be_bounded(const char *how, const char *verdict,
			    const char *limit)
{
	const char *path = raw_path(".raw");
	struct file f;
	struct run r;

	run_now(&r, built("tests/hostile/bad-raw.elf"), how, "--limit", limit,
		"--raw", path);
	must_be_whole(&r);
	must(strstr(verdict, get_text(r.json, "verdict")), "%s: %s, wanted %s",
	     how, get_text(r.json, "verdict"), verdict);
	file_open(&f, path);
	must(f.head->nr_records < 1 << 20, "%s: %d records", how,
	     (int)f.head->nr_records);
	for (uint64_t i = 0; i < f.head->nr_records; i++)
		must(f.records[i].metric < f.head->nr_metrics,
		     "%s: a record of no metric", how);
	free(f.bytes);
	run_free(&r);
}

TEST(raw_believes_no_guest_that_lies)
{
	char race[32]; /* it ends by the limit only */

	must_be_bounded("case=head", "ERROR", AMPLE_S);
	must_be_bounded("case=back", "ERROR", AMPLE_S);
	/* Whose it is was read before the lie, where the guest is slow. */
	must_be_bounded("case=metric", "ERROR PASS", AMPLE_S);
	must_be_bounded("case=lost", "ERROR", AMPLE_S);
	must_be_bounded("case=unused", "ERROR", AMPLE_S);
	must_be_bounded("case=swap", "ERROR", AMPLE_S);
	snprintf(race, sizeof(race), "%.1f", 0.5 * slow());
	must_be_bounded("case=race", "TIMEOUT ERROR", race);
}

TEST(raw_says_what_was_lost)
{
	const char *path = raw_path(".raw");
	struct file f;
	struct run r;

	run_now(&r, built("tests/hostile/bad-raw.elf"), "case=full", "--limit",
		AMPLE_S, "--raw", path);
	must_pass(&r);
	file_open(&f, path);
	assert_string_equal(f.metrics[0].name, "lies");
	assert_int_equal(f.metrics[0].written, 2);
	assert_int_equal(f.metrics[0].lost, 1);
	assert_int_equal(get_int(json_object_get(r.json, "raw"), "lost"), 1);
	must(strstr(r.text, "1 sample came too fast for --raw"),
	     "no warning of it");
	free(f.bytes);
	run_free(&r);
}
