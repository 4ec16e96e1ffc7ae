/* SPDX-License-Identifier: BSD-2-Clause */
/* test_json_unit.c - result files where figures are instructions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/sweep.h"
#include "vmm/result/json.h"
#include "vmm/result/write.h"

static json_t *read_back(const char *path)
{
	json_error_t error;
	json_t *o = json_load_file(path, 0, &error);

	if (!o)
		fail_msg("%s: %s", path, error.text);
	unlink(path);
	return o;
}

/* The whole file of a result. */
static json_t *written(struct made *m)
{
	char path[] = "/tmp/latvisor-unit.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	result_analyse(m->r);
	assert_int_equal(result_write(m->r, path), 0);
	return read_back(path);
}

/* How many objects have that key, at any depth. */
static unsigned int count_key(const json_t *o, const char *key)
{
	unsigned int nr = 0;
	const char *name;
	json_t *value;
	size_t i;

	if (json_is_object(o))
		json_object_foreach ((json_t *)(uintptr_t)o, name, value)
			nr += (strcmp(name, key) == 0) + count_key(value, key);
	json_array_foreach (o, i, value)
		nr += count_key(value, key);
	return nr;
}

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "nothing";
}

/* A window whose thread has statistics of the scheduler; a gain; a tail. */
static struct made *made_whole(bool insns)
{
	struct made *m = made_new();
	struct result_metric *base = made_metric(m, "base", 0);
	struct result_metric *less = made_metric(m, "less", 0);

	m->r->ticks = (struct ticks){.insns = insns, .step = 5};
	for (unsigned int i = 0; i < MADE_VCPUS; i++)
		m->r->vcpus[i].has_wait = true;
	m->r->windows[0].ended = true;
	m->r->windows[0].counts.tsc = 4000000000;
	m->r->clock_read_tsc = 5;
	m->r->break_tsc = 1000000;
	m->r->nr_devices = 1;
	m->r->devices[0] = (struct result_device){
		.name = "made", .nr = 1, .stats[0] = {"burnt", true, 7000}};
	m->r->duration_ns = 2000200000;
	m->r->duration_tsc = 4000000000;
	made_samples(base, 1000);
	made_samples(less, 1000);
	less->base = base;
	less->gain = made_metric(m, "gain_less", 0);
	made_samples(&m->r->metrics[2], 1000);
	base->flags = METRIC_GAPS;
	return m;
}

TEST(json_of_instructions_has_no_ns_and_no_cycles)
{
	struct made *m = made_whole(true);
	json_t *o = written(m), *p50;

	assert_string_equal(text_of(o, "unit"), "instructions");
	assert_int_equal(json_integer_value(json_object_get(o, "step")), 5);
	assert_int_equal(count_key(o, "ns"), 0);
	assert_int_equal(count_key(o, "cycles"), 0);
	assert_int_equal(count_key(o, "tsc_ppm"), 0);
	assert_int_equal(count_key(o, "wait_ns"), 0);
	p50 = json_object_get(json_array_get(json_object_get(o, "metrics"), 0),
			      "percentiles");
	p50 = json_object_get(p50, "p50");
	assert_int_equal(
		json_integer_value(json_object_get(p50, "instructions")),
		11979);
	assert_int_equal(
		count_key(json_object_get(p50, "ci95"), "instructions"), 2);
	json_decref(o);
	made_free(m);
}

/* The same result where ticks are time: the same objects, with two keys. */
TEST(json_of_time_has_ns_and_cycles_in_their_place)
{
	struct made *m = made_whole(true);
	json_t *insns = written(m), *o;

	m->r->ticks = (struct ticks){.insns = false};
	o = written(m);
	assert_string_equal(text_of(o, "unit"), "ns");
	assert_int_equal(count_key(o, "step"), 0);
	assert_int_equal(count_key(o, "instructions"), 0);
	assert_int_equal(count_key(o, "tsc_ppm"), 1);
	assert_true(count_key(o, "wait_ns") > 0);
	assert_true(count_key(o, "ns") > 40);
	assert_int_equal(count_key(o, "ns"), count_key(o, "cycles"));
	assert_int_equal(count_key(o, "ns"), count_key(insns, "instructions"));
	json_decref(o);
	json_decref(insns);
	made_free(m);
}

/* A sweep of one row, with 101 samples and a window of 2 s. */
struct swept {
	struct sweep s;
	struct sweep_row row;
	struct analysis round;
	struct hist hist;
	struct payload_note note;
};

static struct swept *swept_new(bool insns)
{
	struct swept *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	hist_init(&x->hist);
	for (unsigned int i = 0; i < 101; i++)
		hist_record(&x->hist, 2000, i + 1);
	strcpy(x->note.name, "made");
	strcpy(x->s.metric, "wait");
	x->s.note = &x->note;
	x->s.rows = &x->row;
	x->s.grid.nr_rows = 1;
	x->s.rounds = x->s.rounds_want = 1;
	x->s.tsc_khz = 2000000;
	x->s.ticks = (struct ticks){.insns = insns, .step = insns};
	x->row = (struct sweep_row){
		.late = &x->hist,
		.exits = 202,
		.exits_of = 101,
		.window_ns = 2e9,
		.cpu_ns = 1e9,
		.rounds = 1,
		.each = &x->round,
	};
	x->round.quantile[0].value = 2000;
	return x;
}

static char *sweep_text(const struct swept *x)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	report_sweep(&x->s, out);
	fclose(out);
	return text;
}

/* A signal ended one, a vCPU that KVM did not give back the other. */
TEST(sweep_that_is_not_whole_says_why)
{
	struct swept *x = swept_new(false);
	char *text;

	x->s.stuck = true;
	text = sweep_text(x);
	assert_has(text, "ended early: a vCPU did not leave its guest; the "
			 "last round is not whole\n");
	assert_null(strstr(text, "interrupted"));
	free(text);
	/* In its first run. */
	x->row.late = NULL;
	x->row.rounds = 0;
	text = sweep_text(x);
	assert_has(text, "ended early: a vCPU did not");
	free(text);
	x->s.stuck = false;
	x->s.interrupted = true;
	text = sweep_text(x);
	assert_has(text, "interrupted: the last round is not whole\n");
	assert_null(strstr(text, "ended early"));
	free(text);
	free(x);
}

TEST(sweep_of_instructions_has_no_rates)
{
	char path[] = "APICv off";
	struct swept *x = swept_new(true);
	char *text = sweep_text(x);

	assert_has(text, "\nwait in instructions\n");
	assert_has(text, "        max  exits  verdict\n");
	assert_has(text, "  2,000   2.00  PASS\n");
	assert_has(text, "\nwait, p50 in instructions\n");
	free(text);
	x->s.ticks.insns = false;
	text = sweep_text(x);
	assert_has(text, "\nwait in ns\n");
	assert_lacks(text, "path");
	free(text);
	x->row.path = path;
	text = sweep_text(x);
	assert_has(text, "\npath: APICv off\nwait in ns\n");
	assert_has(text, "        max  exits a second  CPU %  verdict\n");
	assert_has(text, "  1,000   2.00      101   50.0  PASS\n"
			 "exits: of each sample, of the vCPU that measured, ");
	assert_has(text, "\nwait, p50 in ns\n");
	free(text);
	free(x);
}

static json_t *sweep_written(const struct swept *x)
{
	char path[] = "/tmp/latvisor-unit.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(report_json_sweep(&x->s, path), 0);
	return read_back(path);
}

TEST(sweep_file_of_instructions_has_no_rates)
{
	struct swept *x = swept_new(true);
	json_t *o = sweep_written(x);

	assert_string_equal(text_of(o, "unit"), "instructions");
	assert_int_equal(json_integer_value(json_object_get(o, "step")), 1);
	assert_int_equal(count_key(o, "ns") + count_key(o, "cycles"), 0);
	assert_int_equal(count_key(o, "exits_per_second"), 0);
	assert_int_equal(count_key(o, "cpu_percent"), 0);
	assert_int_equal(count_key(o, "exits_per_sample"), 1);
	json_decref(o);
	x->s.ticks = (struct ticks){.insns = false};
	o = sweep_written(x);
	assert_string_equal(text_of(o, "unit"), "ns");
	assert_int_equal(count_key(o, "instructions"), 0);
	assert_int_equal(count_key(o, "step"), 0);
	assert_int_equal(count_key(o, "exits_per_second"), 1);
	assert_int_equal(count_key(o, "cpu_percent"), 1);
	json_decref(o);
	free(x);
}
