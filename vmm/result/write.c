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

static json_t *lines(const char *first, size_t stride, unsigned int nr)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < nr; i++)
		json_array_append_new(a, json_string(first + i * stride));
	return a;
}

/* Addresses and registers, as people read them. */
static json_t *hex(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%#jx", (uintmax_t)value);
	return json_string(text);
}

static void set_place(json_t *o, const struct result_place *p)
{
	set(o, "rip", hex(p->rip));
	set_text(o, "symbol", p->symbol);
	set_text(o, "instruction", p->instruction);
}

static json_t *vcpu(const struct result_vcpu *v, uint32_t index)
{
	json_t *o = json_object();

	set(o, "index", number(index));
	set(o, "host_cpu", json_integer(v->host_cpu));
	set_text(o, "to_vcpu0", v->to_vcpu0);
	set(o, "tsc_offset", json_integer(v->tsc_offset));
	set(o, "tsc_offset_known", json_boolean(v->offset_known));
	if (v->advance_ns >= 0)
		set(o, "timer_advance_ns", json_integer(v->advance_ns));
	set(o, "wait_known", json_boolean(v->has_wait));
	if (v->was_stopped) {
		json_t *at = json_object();

		set_place(at, &v->stopped_at);
		set(at, "halted", json_boolean(v->halted));
		set(o, "stopped_at", at);
	}
	return o;
}

static json_t *sandbox(const struct result *r)
{
	const struct sandbox *s = &r->machine.sandbox;
	json_t *o = json_object();

	set(o, "seccomp", json_boolean(s->seccomp));
	set(o, "landlock", json_integer(s->landlock));
	set(o, "an_exit", time_value(r, (int64_t)s->call_tsc));
	return o;
}

static json_t *machine(const struct result *r)
{
	const struct result_machine *m = &r->machine;
	json_t *o = json_object(), *vcpus = json_array();

	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		json_array_append_new(vcpus, vcpu(&r->vcpus[i], i));
	set(o, "vcpus", vcpus);
	set_text(o, "irqchip", m->irqchip);
	set_text(o, "apic", m->apic);
	if (m->irqfd[0])
		set_text(o, "irqfd", m->irqfd);
	if (m->halt_poll_ns >= 0)
		set(o, "halt_poll_ns", json_integer(m->halt_poll_ns));
	set_text(o, "disabled_exits", m->disabled_exits);
	set(o, "priority", json_integer(m->priority));
	if (m->sandbox_known)
		set(o, "sandbox", sandbox(r));
	set(o, "page_bytes", number(m->page_len));
	set(o, "memory_bytes", number(m->mem_len));
	set(o, "tsc_khz", number(m->tsc_khz));
	set(o, "kvm_statistics",
	    lines(r->stats[0], sizeof(r->stats[0]), r->nr_stats));
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
	set_place(o, &c->at);
	for (unsigned int i = 0; i < c->nr_regs; i++)
		set(regs, c->regs[i].name, hex(c->regs[i].value));
	if (c->has_regs)
		set(o, "registers", regs);
	else
		json_decref(regs);
	return o;
}

static json_t *broke(const struct result *r)
{
	const struct result_break *b = &r->broke;
	json_t *o = json_object();

	set_text(o, "metric", b->metric->name);
	set(o, "metric_index", json_integer(b->metric - r->metrics));
	set(o, "vcpu", number(b->metric->vcpu));
	set(o, "value", time_value(r, b->value));
	set(o, "tsc", number(b->tsc));
	return o;
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
	    lines(r->machine.refused[0], sizeof(r->machine.refused[0]),
		  r->machine.nr_refused));
	set(o, "warnings",
	    lines(r->warnings[0], sizeof(r->warnings[0]), r->nr_warnings));
	set(o, "restarts", number(r->restarts));
	set(o, "timeouts", number(r->timeouts));
	set(o, "console_lost", number(r->console_lost));
}

static void set_asked(json_t *o, const struct result *r)
{
	if (r->clock_read_tsc)
		set(o, "clock_read", time_value(r, (int64_t)r->clock_read_tsc));
	if (r->raw.asked)
		set(o, "raw", raw(&r->raw));
	if (r->break_tsc)
		set(o, "break_at", time_value(r, (int64_t)r->break_tsc));
	if (r->broke.metric)
		set(o, "break", broke(r));
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
	set(o, "machine", machine(r));
	set_asked(o, r);
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		json_array_append_new(metrics, write_metric(r, &r->metrics[i]));
	set(o, "metrics", metrics);
	for (unsigned int i = 0; i < r->nr_merged; i++)
		json_array_append_new(merged, write_metric(r, &r->merged[i]));
	set(o, "merged", merged);
	set(o, "devices", devices(r));
	set(o, "run", write_whole_run(r));
	set(o, "checks", checks(r));
	set(o, "fail_if",
	    lines(r->thresholds[0].text, sizeof(r->thresholds[0]),
		  r->nr_thresholds));
	set(o, "in_suite", json_boolean(r->in_suite));
	set(o, "thresholds", write_thresholds(r));
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
