/* SPDX-License-Identifier: BSD-2-Clause */
/* results.c - see results.h: reading results, and what surrounds metrics. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "tests/functional/results.h"

static json_t *get(const json_t *object, const char *key, json_type type)
{
	json_t *value = json_object_get(object, key);

	must(value, "the result has no '%s'", key);
	must(json_typeof(value) == type, "'%s' is of a wrong type", key);
	return value;
}

int64_t get_int(const json_t *object, const char *key)
{
	return json_integer_value(get(object, key, JSON_INTEGER));
}

const char *get_text(const json_t *object, const char *key)
{
	return json_string_value(get(object, key, JSON_STRING));
}

bool get_bool(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	must(json_is_boolean(value), "the result has no boolean '%s'", key);
	return json_is_true(value);
}

json_t *get_array(const json_t *object, const char *key)
{
	return get(object, key, JSON_ARRAY);
}

bool is_insns(const json_t *result)
{
	const char *unit = get_text(result, "unit");

	must(strcmp(unit, "ns") == 0 || strcmp(unit, "instructions") == 0,
	     "a unit '%s'", unit);
	return strcmp(unit, "instructions") == 0;
}

int64_t cycles_of(const json_t *figure)
{
	if (!json_object_get(figure, "instructions"))
		return get_int(figure, "cycles");
	must(!json_object_get(figure, "ns") &&
		     !json_object_get(figure, "cycles"),
	     "a figure in instructions, and in time");
	return get_int(figure, "instructions");
}

int64_t us_of(const json_t *result, const json_t *figure)
{
	return cycles_of(figure) * 1000 /
	       get_int(get(result, "machine", JSON_OBJECT), "tsc_khz");
}

int64_t get_cycles(const json_t *object, const char *key)
{
	return cycles_of(get(object, key, JSON_OBJECT));
}

const char *status_verdict(int status)
{
	switch (status) {
	case 0:
	case 130: /* interrupted: PASS as far as it went */
		return "PASS";
	case 1:
		return "FAIL";
	case 3:
		return "CRASH";
	case 77:
		return "SKIP";
	case 99:
		return "ERROR";
	case 124:
		return "TIMEOUT";
	default:
		return NULL;
	}
}

static const char *ending(const char *text)
{
	size_t len = strlen(text);

	return len > 300 ? text + len - 300 : text;
}

void must_announce(const char *out, bool insns)
{
	static const char line[] = "clock: counts instructions on this host, ";
	bool said = strncmp(out, line, sizeof(line) - 1) == 0;

	must(said == insns, "figures are in %s and the first line is of:\n%s",
	     insns ? "instructions" : "time", out);
}

/*
 * "latvisor report" says of the file what the run has said, byte for byte, but
 * for the guest's own text above it.
 */
static void must_report_the_same(const struct run *r)
{
	size_t head = 0;
	char path[256];
	struct proc p;
	FILE *f;

	snprintf(path, sizeof(path), "%s.again", run_file());
	f = fopen(path, "we");
	must(f && fputs(r->text, f) != EOF && fclose(f) == 0, "no %s", path);
	latvisor(&p, "report", path, NULL);
	unlink(path);
	must(p.status == 0, "report ended with status %d: %s", p.status, p.err);
	/* What figures are in is said first of all, before the guest speaks. */
	must_announce(p.out, is_insns(r->json));
	if (is_insns(r->json))
		head = (size_t)(strchr(p.out, '\n') + 1 - p.out);
	must(p.out_len <= r->proc.out_len &&
		     memcmp(r->proc.out, p.out, head) == 0 &&
		     memcmp(r->proc.out + r->proc.out_len - p.out_len + head,
			    p.out + head, p.out_len - head) == 0,
	     "report says\n%s\nand run has said\n%s", p.out, r->proc.out);
	proc_free(&p);
}

void must_be_whole(const struct run *r)
{
	const struct proc *p = &r->proc;
	const char *verdict;

	must(!p->killed, "it did not end within %.1f s: %s%s", p->seconds,
	     ending(p->out), ending(p->err));
	must(p->signal == 0, "it died of signal %d: %s", p->signal, p->err);
	must(r->json, "status %d, no result: %s", p->status, p->err);
	verdict = get_text(r->json, "verdict");
	must(status_verdict(p->status), "status %d is no verdict's: %s",
	     p->status, p->err);
	assert_string_equal(verdict, status_verdict(p->status));
	assert_int_equal(get_int(r->json, "exit_status"), p->status);
	assert_int_equal(get_bool(r->json, "interrupted"), p->status == 130);
	assert_string_equal(get_text(r->json, "schema"), "latvisor-result/3");
	/* The last line a person reads says the same. */
	must(strstr(p->out, verdict), "no %s in: %s", verdict, p->out);
	must_report_the_same(r);
}

static void must_agree(const json_t *checks)
{
	size_t i, nr_required = 0;
	json_t *check;

	json_array_foreach (checks, i, check) {
		bool same = get_int(check, "guest") == get_int(check, "host");

		assert_int_equal(get_bool(check, "agree"), same);
		if (!get_bool(check, "required"))
			continue;
		nr_required++;
		must(same, "vCPU %d: guest %d %s, host %d",
		     (int)get_int(check, "vcpu"), (int)get_int(check, "guest"),
		     get_text(check, "what"), (int)get_int(check, "host"));
	}
	must(nr_required, "nothing was checked");
}

bool has_passed(const struct run *r)
{
	return r->proc.status == 0 || (r->proc.status == 1 && r->json &&
				       strstr(get_text(r->json, "reason"),
					      "does not keep such a period"));
}

void must_pass(const struct run *r)
{
	must_be_whole(r);
	must(has_passed(r), "status %d: %s%s", r->proc.status,
	     ending(r->proc.out), ending(r->proc.err));
	must_agree(get_array(r->json, "checks"));
	must_be_result(r->json);
}

bool is_skip(const struct run *r)
{
	if (r->proc.status != 77)
		return false;
	if (r->json)
		must(*get_text(r->json, "reason"), "a SKIP without a reason");
	else
		must(strncmp(r->proc.err, "latvisor run: ", 14) == 0 &&
			     strlen(r->proc.err) > 20,
		     "a SKIP without a reason: %s", r->proc.err);
	return true;
}

json_t *find_metric(const json_t *result, const char *name, int64_t vcpu)
{
	json_t *metric;
	size_t i;

	json_array_foreach (get_array(result, "metrics"), i, metric) {
		if (strcmp(get_text(metric, "name"), name) == 0 &&
		    get_int(metric, "vcpu") == vcpu)
			return metric;
	}
	return NULL;
}

json_t *find_window(const json_t *metric, int64_t vcpu)
{
	json_t *window;
	size_t i;

	json_array_foreach (get_array(metric, "windows"), i, window) {
		if (get_int(window, "vcpu") == vcpu)
			return window;
	}
	return NULL;
}

json_t *device_stats(const struct run *r, const char *name)
{
	json_t *d;
	size_t i;

	json_array_foreach (get_array(r->json, "devices"), i, d)
		if (strcmp(get_text(d, "name"), name) == 0)
			return json_object_get(d, "statistics");
	fail_msg("device %s has no statistics", name);
	return NULL;
}

int64_t kvm_count(const json_t *window, const char *name)
{
	const json_t *value =
		json_object_get(json_object_get(window, "kvm"), name);

	return value ? json_integer_value(value) : -1;
}

int64_t late_timers(const json_t *window)
{
	return get_int(window, "duration_ns") / 1000000000;
}

/*
 * KVM's timers run on a clock that NTP corrects, by 1/65536 ppm of freq; 5 ppm
 * for the TSC's own rounding.
 */
void must_not_be_early(const json_t *result, const json_t *metric,
		       int64_t seconds)
{
	int64_t khz = get_int(json_object_get(result, "machine"), "tsc_khz");
	struct timex tx = {.modes = 0};
	int64_t ns;

	adjtimex(&tx);
	ns = (labs(tx.freq) / 65536 + 5) * 1000 * seconds;
	must(get_cycles(metric, "min") >= -ns * khz / 1000000,
	     "vCPU %d: %d samples are early, by up to %d cycles",
	     (int)get_int(metric, "vcpu"), (int)get_int(metric, "early"),
	     (int)-get_cycles(metric, "min"));
}
