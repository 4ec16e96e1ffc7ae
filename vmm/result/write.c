/* SPDX-License-Identifier: BSD-2-Clause */
/* write.c - see write.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/result/write.h"
#include "vmm/result/write_parts.h"

static json_t *parameters(const struct result *r)
{
	json_t *o = json_object();

	for (unsigned int i = 0; i < r->nr_params; i++) {
		const struct result_param *p = &r->params[i];

		if (p->kind == PARAM_RANGE)
			set(o, p->name,
			    json_pack("[I, I]", (json_int_t)p->lo,
				      (json_int_t)p->hi));
		else if (p->kind == PARAM_ENUM)
			set_text(o, p->name, p->choice);
		else
			set(o, p->name, number(p->lo));
	}
	return o;
}

static json_t *checks(const struct result *r)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < r->nr_checks; i++) {
		const struct result_check *c = &r->checks[i];
		json_t *o = json_object();

		set_text(o, "what", c->what);
		set(o, "vcpu", number(c->vcpu));
		set(o, "metric",
		    c->metric < 0 ? json_null()
				  : json_string(r->metrics[c->metric].name));
		set(o, "metric_index",
		    c->metric < 0 ? json_null() : json_integer(c->metric));
		set(o, "guest", number(c->guest));
		set(o, "host", number(c->host));
		set(o, "required", json_boolean(c->required));
		set(o, "agree", json_boolean(c->guest == c->host));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *crash(const struct result *r)
{
	const struct result_crash *c = &r->crash;
	json_t *o = json_object(), *regs = json_object();

	set(o, "vcpu", number(c->vcpu));
	if (c->is_trap) {
		set(o, "vector", number(c->vector));
		set_text(o, "vector_name", c->vector_name);
		set(o, "error", number(c->error));
	} else {
		set_text(o, "exit_reason", c->exit_name);
		set(o, "exit_reason_number", number(c->exit_reason));
		set_text(o, "reason", c->reason);
	}
	write_place(o, &c->at);
	for (unsigned int i = 0; i < c->nr_regs; i++)
		set(regs, c->regs[i].name, write_hex(c->regs[i].value));
	if (c->has_regs)
		set(o, "registers", regs);
	else
		json_decref(regs);
	return o;
}

static json_t *broke(const struct result *r, const struct result_break *b)
{
	json_t *o = json_object();

	set_text(o, "metric", b->metric->name);
	set(o, "metric_index", json_integer(b->metric - r->metrics));
	set(o, "vcpu", number(b->metric->vcpu));
	set(o, "value", time_value(r, b->value));
	set(o, "tsc", number(b->tsc));
	return o;
}

static json_t *all_broke(const struct result *r)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < r->nr_broke; i++)
		json_array_append_new(a, broke(r, &r->broke[i]));
	return a;
}

static json_t *devices(const struct result *r)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < r->nr_devices; i++) {
		const struct result_device *d = &r->devices[i];
		json_t *o = json_object(), *stats = json_object();

		set_text(o, "name", d->name);
		for (unsigned int k = 0; k < d->nr; k++)
			set(stats, d->stats[k].name,
			    d->stats[k].is_cycles
				    ? time_value(r, (int64_t)d->stats[k].value)
				    : number(d->stats[k].value));
		set(o, "statistics", stats);
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *raw(const struct result_raw *raw)
{
	json_t *o = json_object();

	set(o, "records", number(raw->records));
	set(o, "lost", number(raw->lost));
	if (raw->path[0])
		set_text(o, "file", raw->path);
	return o;
}

/* What was run, when, and where. */
static void set_identity(json_t *o, const struct result *r)
{
	char started[32] = "";
	struct tm tm;

	if (gmtime_r(&r->started.tv_sec, &tm))
		strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &tm);
	set_text(o, "version", r->version);
	set_text(o, "commit", r->commit);
	set_text(o, "command", r->command);
	json_unit(o, &r->ticks);
	set_text(o, "payload", r->payload);
	set(o, "parameters", parameters(r));
	set_text(o, "started", started);
	set(o, "duration_ns", number(r->duration_ns));
	set(o, "duration_tsc", number(r->duration_tsc));
	if (r->nr_rounds)
		set(o, "rounds", number(r->nr_rounds));
	if (r->start_tsc)
		set(o, "start_tsc", number(r->start_tsc));
}

static void set_verdict(json_t *o, const struct result *r)
{
	set_text(o, "verdict", verdict_name(r->verdict));
	set_text(o, "reason", r->reason);
	set(o, "exit_status", json_integer(result_status(r)));
	set(o, "interrupted", json_boolean(r->interrupted));
	set(o, "stuck", json_boolean(r->stuck));
	set(o, "realtime", json_boolean(r->machine.realtime));
	set(o, "refused",
	    write_lines(r->machine.refused[0], sizeof(r->machine.refused[0]),
			r->machine.nr_refused));
	set(o, "warnings",
	    write_lines(r->warnings[0], sizeof(r->warnings[0]),
			r->nr_warnings));
	set(o, "restarts", number(r->restarts));
	set(o, "timeouts", number(r->timeouts));
	set(o, "console_lost", number(r->console_lost));
}

static void set_fix(json_t *o, const char *key, const char *fix)
{
	if (*fix)
		set_text(o, key, fix);
}

static json_t *findings(const struct result *r)
{
	json_t *all = json_array();

	for (unsigned int i = 0; i < r->nr_findings; i++) {
		const struct result_finding *f = &r->findings[i];
		json_t *o = json_object();

		set_text(o, "symptom", f->symptom);
		set_text(o, "check", f->check);
		set_text(o, "value", f->value);
		set_text(o, "good", f->good);
		set_fix(o, "run", f->run);
		set_fix(o, "boot", f->boot);
		set_fix(o, "other", f->other);
		json_array_append_new(all, o);
	}
	return all;
}

static void set_asked(json_t *o, const struct result *r)
{
	if (r->clock_read_tsc)
		set(o, "clock_read", time_value(r, (int64_t)r->clock_read_tsc));
	if (r->raw.asked)
		set(o, "raw", raw(&r->raw));
	if (r->break_tsc)
		set(o, "break_at", time_value(r, (int64_t)r->break_tsc));
	if (r->nr_broke)
		set(o, "break", broke(r, &r->broke[0]));
	if (r->nr_broke > 1)
		set(o, "breaks", all_broke(r));
	set(o, "counts_msrs", json_boolean(r->counts_msrs));
	if (r->no_msrs[0])
		set_text(o, "no_msr_counts", r->no_msrs);
}

static json_t *whole(const struct result *r)
{
	json_t *o = json_object(), *metrics = json_array();
	json_t *merged = json_array();
	double ppm;

	set_text(o, "schema", RESULT_SCHEMA);
	set_identity(o, r);
	if (!result_insns(r) && result_tsc_ppm(r, &ppm))
		set(o, "tsc_ppm", json_real(ppm));
	set_verdict(o, r);
	set(o, "host", json_host(&r->host));
	set(o, "machine", write_machine(r));
	set_asked(o, r);
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		json_array_append_new(metrics, write_metric(r, &r->metrics[i]));
	set(o, "metrics", metrics);
	for (unsigned int i = 0; i < r->nr_merged; i++)
		json_array_append_new(merged, write_metric(r, &r->merged[i]));
	set(o, "merged", merged);
	if (r->trace.asked)
		set(o, "explain", write_explain(r));
	if (r->exits.asked)
		set(o, "exits", write_exits(r));
	set(o, "devices", devices(r));
	set(o, "run", write_whole_run(r));
	set(o, "proof", write_proof(r));
	if (r->nr_stress)
		set(o, "stress", write_stress(r));
	set(o, "checks", checks(r));
	set(o, "fail_if",
	    write_lines(r->thresholds[0].text, sizeof(r->thresholds[0]),
			r->nr_thresholds));
	set(o, "in_suite", json_boolean(r->in_suite));
	set(o, "thresholds", write_thresholds(r));
	if (r->nr_findings)
		set(o, "findings", findings(r));
	if (r->crash.known)
		set(o, "crash", crash(r));
	return o;
}

int result_write(const struct result *r, const char *path)
{
	json_t *o = whole(r);
	int err = json_write(o, path);

	json_decref(o);
	return err;
}

char *result_text(const struct result *r)
{
	json_t *o = whole(r);
	char *text = json_dumps(o, JSON_DUMP_FLAGS);

	json_decref(o);
	return text;
}
