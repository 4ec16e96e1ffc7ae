/* SPDX-License-Identifier: BSD-2-Clause */
/* read.c - see read.h: what was run, how it ended. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vmm/base/verdict.h"
#include "vmm/result/judge.h"
#include "vmm/result/merge.h"
#include "vmm/result/read.h"
#include "vmm/result/read_parts.h"
#include "vmm/result/rounds.h"
#include "vmm/result/write.h"

/* The largest file that this program writes has 20 MB. */
#define FILE_MAX_LEN (512ull << 20)

#define YEAR_9999 253402300799ll /* its last second */

unsigned int read_lines(struct reader *rd, const json_t *o, const char *key,
			char *first, size_t stride, unsigned int max)
{
	const json_t *a = read_array(rd, o, key, max), *value;
	size_t i;

	json_array_foreach (a, i, value)
		take_text(rd, value, key, first + i * stride, stride);
	return (unsigned int)json_array_size(a);
}

static void read_param(struct reader *rd, const char *key, const json_t *value,
		       struct result_param *p)
{
	if (!take_name(rd, key, "parameters", p->name, sizeof(p->name)))
		return;
	if (json_is_string(value)) {
		p->kind = PARAM_ENUM;
		take_text(rd, value, p->name, p->choice, sizeof(p->choice));
	} else if (json_is_array(value) && json_array_size(value) == 2 &&
		   json_is_integer(json_array_get(value, 0)) &&
		   json_is_integer(json_array_get(value, 1))) {
		p->kind = PARAM_RANGE;
		p->lo = (uint64_t)json_integer_value(json_array_get(value, 0));
		p->hi = (uint64_t)json_integer_value(json_array_get(value, 1));
	} else if (json_is_integer(value)) {
		p->kind = PARAM_U64;
		p->lo = p->hi = (uint64_t)json_integer_value(value);
	} else {
		reader_fail(rd, p->name, "wanted a number, two, or a word");
	}
}

static void read_params(struct reader *rd, const json_t *file, struct result *r)
{
	json_t *o = read_object(rd, file, "parameters"), *value;
	const char *key;

	reader_at(rd, "parameters", 0);
	json_object_foreach (o, key, value) {
		if (r->nr_params == PAYLOAD_MAX_PARAMS) {
			reader_fail(rd, "parameters", "there are too many");
			break;
		}
		read_param(rd, key, value, &r->params[r->nr_params++]);
	}
	reader_at(rd, NULL, 0);
}

static void read_unit(struct reader *rd, const json_t *file, struct result *r)
{
	char unit[16];

	read_text(rd, file, "unit", unit, sizeof(unit));
	r->ticks.insns = strcmp(unit, "instructions") == 0;
	if (!r->ticks.insns && strcmp(unit, "ns") != 0)
		reader_fail(rd, "unit", "wanted ns or instructions, got '%s'",
			    unit);
	if (r->ticks.insns)
		r->ticks.step = (unsigned int)read_int(rd, file, "step", 1,
						       TICKS_STEP_MAX);
	rd->ticks = r->ticks;
}

static void read_started(struct reader *rd, const json_t *file,
			 struct result *r)
{
	struct tm tm = {.tm_year = 0};
	const char *end;
	char text[32];

	read_text(rd, file, "started", text, sizeof(text));
	end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (end && !*end)
		r->started.tv_sec = timegm(&tm);
	if (!end || *end || r->started.tv_sec < 0 ||
	    r->started.tv_sec > YEAR_9999)
		reader_fail(rd, "started",
			    "wanted a time like 2026-01-31T12:00:00Z, got '%s'",
			    text);
}

static void read_identity(struct reader *rd, const json_t *file,
			  struct result *r)
{
	read_text(rd, file, "version", r->version, sizeof(r->version));
	read_text(rd, file, "commit", r->commit, sizeof(r->commit));
	read_text(rd, file, "command", r->command, sizeof(r->command));
	read_unit(rd, file, r);
	read_text(rd, file, "payload", r->payload, sizeof(r->payload));
	read_params(rd, file, r);
	read_started(rd, file, r);
	r->duration_ns = read_count(rd, file, "duration_ns");
	r->duration_tsc = read_count(rd, file, "duration_tsc");
	r->start_tsc = maybe_count(rd, file, "start_tsc");
	r->nr_rounds =
		(unsigned int)maybe_int(rd, file, "rounds", 1, ROUNDS_MAX);
}

static void read_verdict(struct reader *rd, const json_t *file,
			 struct result *r)
{
	char name[16];

	read_text(rd, file, "verdict", name, sizeof(name));
	for (int v = VERDICT_NONE; v < NR_VERDICTS; v++)
		if (strcmp(verdict_name((enum verdict)v), name) == 0)
			r->verdict = (enum verdict)v;
	if (strcmp(verdict_name(r->verdict), name) != 0)
		reader_fail(rd, "verdict", "wanted PASS, FAIL ..., got '%s'",
			    name);
	read_text(rd, file, "reason", r->reason, sizeof(r->reason));
	r->interrupted = read_bool(rd, file, "interrupted");
	r->stuck = read_bool(rd, file, "stuck");
	r->machine.realtime = read_bool(rd, file, "realtime");
	r->machine.nr_refused =
		read_lines(rd, file, "refused", r->machine.refused[0],
			   sizeof(r->machine.refused[0]), RESULT_MAX_REFUSED);
	r->nr_warnings =
		read_lines(rd, file, "warnings", r->warnings[0],
			   sizeof(r->warnings[0]), RESULT_MAX_WARNINGS);
	r->restarts = read_count(rd, file, "restarts");
	r->timeouts = read_count(rd, file, "timeouts");
	r->console_lost = read_count(rd, file, "console_lost");
}

static void read_asked(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *raw = maybe_object(rd, file, "raw");

	r->clock_read_tsc = (uint64_t)maybe_cycles(rd, file, "clock_read");
	r->break_tsc = (uint64_t)maybe_cycles(rd, file, "break_at");
	r->counts_msrs = read_bool(rd, file, "counts_msrs");
	maybe_text(rd, file, "no_msr_counts", r->no_msrs, sizeof(r->no_msrs));
	if (!raw)
		return;
	reader_at(rd, "raw", 0);
	r->raw.asked = true;
	r->raw.records = read_count(rd, raw, "records");
	r->raw.lost = read_count(rd, raw, "lost");
	maybe_text(rd, raw, "file", r->raw.path, sizeof(r->raw.path));
	reader_at(rd, NULL, 0);
}

static void read_findings(struct reader *rd, const json_t *file,
			  struct result *r)
{
	const json_t *a, *o;
	size_t i;

	if (!json_object_get(file, "findings"))
		return;
	a = read_array(rd, file, "findings", RESULT_MAX_FINDINGS);
	json_array_foreach (a, i, o) {
		struct result_finding *f = &r->findings[r->nr_findings++];

		reader_at(rd, "findings[", (unsigned int)i);
		read_text(rd, o, "symptom", f->symptom, sizeof(f->symptom));
		read_text(rd, o, "check", f->check, sizeof(f->check));
		read_text(rd, o, "value", f->value, sizeof(f->value));
		read_text(rd, o, "good", f->good, sizeof(f->good));
		maybe_text(rd, o, "run", f->run, sizeof(f->run));
		maybe_text(rd, o, "boot", f->boot, sizeof(f->boot));
		maybe_text(rd, o, "other", f->other, sizeof(f->other));
	}
	reader_at(rd, NULL, 0);
}

static void read_all(struct reader *rd, const json_t *file, struct result *r)
{
	read_identity(rd, file, r);
	read_verdict(rd, file, r);
	read_asked(rd, file, r);
	read_findings(rd, file, r);
	read_host(rd, file, &r->host);
	read_machine(rd, file, r);
	if (rd->failed) /* the rest is by vCPU */
		return;
	read_metrics(rd, file, r);
	read_explain(rd, file, r);
	read_exits(rd, file, r);
	read_whole_run(rd, file, r);
	read_proof(rd, file, r);
	read_stress(rd, file, r);
	read_devices(rd, file, r);
	read_crash(rd, file, r);
	if (rd->failed) /* the rest is by metric */
		return;
	result_merge(r);
	read_merged_rounds(rd, file, r);
	if (rd->failed)
		return;
	result_analyse(r);
	read_judged(rd, file, r);
}

static bool is_schema(struct reader *rd, const json_t *file)
{
	char schema[64];

	if (!json_is_object(file)) {
		reader_fail(rd, "it", "is no result file");
		return false;
	}
	read_text(rd, file, "schema", schema, sizeof(schema));
	if (strcmp(schema, RESULT_SCHEMA) == 0)
		return true;
	if (strcmp(schema, "latvisor-result/1") == 0 ||
	    strcmp(schema, "latvisor-result/2") == 0)
		reader_fail(rd, "schema",
			    "%s is of an older latvisor, whose files lack what "
			    "a report needs: measure again, or read it with jq",
			    schema);
	else
		reader_fail(rd, "schema", "wanted %s, got '%s'", RESULT_SCHEMA,
			    schema);
	return false;
}

/* What is left of FILE_MAX_LEN. */
struct source {
	FILE *f;
	uint64_t left;
};

static size_t feed(void *buffer, size_t len, void *arg)
{
	struct source *s = arg;
	size_t got = fread(buffer, 1, len, s->f);

	if (ferror(s->f) || got > s->left)
		return (size_t)-1;
	s->left -= got;
	return got;
}

struct result *result_read(FILE *f, const char *name, char *error, size_t len)
{
	struct source source = {.f = f, .left = FILE_MAX_LEN};
	struct reader rd = {.failed = false};
	json_error_t json_error;
	struct result *r;
	json_t *file = json_load_callback(feed, &source, JSON_REJECT_DUPLICATES,
					  &json_error);

	if (!file && ferror(f)) {
		snprintf(error, len, "%s cannot be read: %s", name,
			 strerror(errno));
		return NULL;
	}
	if (!file) {
		snprintf(
			error, len,
			"%s: wanted a result file (JSON), it ends or is broken "
			"at line %d, byte %d",
			name, json_error.line, json_error.position);
		return NULL;
	}
	r = result_new();
	if (is_schema(&rd, file))
		read_all(&rd, file, r);
	json_decref(file);
	if (!rd.failed)
		return r;
	snprintf(error, len, "%s: %s", name, rd.error);
	result_free(r);
	return NULL;
}
