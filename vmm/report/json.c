/* SPDX-License-Identifier: BSD-2-Clause */
/* json.c - the result file, docs/results.md. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/atomic_file.h"
#include "vmm/base/verdict.h"
#include "vmm/base/version.h"
#include "vmm/host/exits.h"
#include "vmm/host/topology.h"
#include "vmm/machine/crash.h"
#include "vmm/report/crash_page.h"
#include "vmm/report/json.h"

#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(15))

static json_t *parameters(const struct result *r)
{
	json_t *o = json_object();

	for (unsigned int i = 0; i < r->setup->nr_params; i++) {
		const struct param_desc *d = &r->setup->image.note.params[i];
		const struct param_setting *p = &r->setup->params[i];
		char word[sizeof(d->choices)];

		if (d->kind == PARAM_RANGE)
			set(o, d->name,
			    json_pack("[I, I]", (json_int_t)p->lo,
				      (json_int_t)p->hi));
		else if (d->kind == PARAM_ENUM)
			set_text(o, d->name,
				 param_choice(d, p->lo, word, sizeof(word)));
		else
			set(o, d->name, number(p->lo));
	}
	return o;
}

json_t *json_host(const struct host *h)
{
	json_t *o = json_object();

	set_text(o, "cpu_model", h->cpu_model);
	set(o, "cpus_online", number(h->nr_cpus));
	set_text(o, "hypervisor", h->hypervisor);
	set_text(o, "kernel", h->kernel);
	set(o, "preempt_rt", json_boolean(h->realtime_kernel));
	set_text(o, "kvm_module", h->kvm_module);
	set_text(o, "clocksource", h->clocksource);
	set_text(o, "isolated_cpus", h->isolated);
	set_text(o, "nohz_full_cpus", h->nohz_full);
	set_text(o, "governor", h->governor);
	set(o, "sched_rt_runtime_us", json_integer(h->rt_runtime_us));
	set(o, "halt_poll_ns", json_integer(h->halt_poll_ns));
	set(o, "idle_hlt_intercept", json_boolean(h->idle_hlt));
	return o;
}

static json_t *machine(const struct result *r)
{
	json_t *o = json_object(), *vcpus = json_array();
	char exits[64];

	for (uint32_t i = 0; i < r->vm->nr_vcpus; i++)
		json_array_append_new(
			vcpus,
			json_pack("{s:i, s:i, s:s, s:I}", "index", (int)i,
				  "host_cpu", r->setup->placement.cpu[i],
				  "to_vcpu0",
				  topology_relation(TOPOLOGY_ROOT,
						    r->setup->placement.cpu[0],
						    r->setup->placement.cpu[i]),
				  "tsc_offset",
				  (json_int_t)r->vm->vcpus[i].tsc_offset));
	set(o, "vcpus", vcpus);
	set_text(o, "irqchip", irqchip_name(r->setup->config.irqchip));
	set(o, "apic",
	    json_string(r->vm->boot_flags & BOOT_X2APIC	 ? "x2apic"
			: r->vm->boot_flags & BOOT_LAPIC ? "xapic"
							 : "none"));
	if (r->setup->config.halt_poll_ns >= 0)
		set(o, "halt_poll_ns",
		    json_integer(r->setup->config.halt_poll_ns));
	set_text(o, "disabled_exits",
		 exits_names(r->setup->config.disable_exits, exits,
			     sizeof(exits)));
	set(o, "priority", json_integer(r->setup->config.placement.prio));
	set(o, "page_bytes", number(r->setup->config.page_len));
	set(o, "memory_bytes", number(r->vm->ram.len));
	set(o, "tsc_khz", number(r->vm->tsc_khz));
	return o;
}

static json_t *checks(const struct result *r)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < r->nr_checks; i++) {
		const struct result_check *c = &r->checks[i];

		json_array_append_new(
			a,
			json_pack("{s:s, s:i, s:s?, s:I, s:I, s:b, s:b}",
				  "what", c->what, "vcpu", (int)c->vcpu,
				  "metric",
				  c->metric < 0 ? NULL
						: r->metrics[c->metric].name,
				  "guest", (json_int_t)c->guest, "host",
				  (json_int_t)c->host, "required", c->required,
				  "agree", c->guest == c->host));
	}
	return a;
}

static json_t *crash(const struct result *r)
{
	char symbol[128], insn[128], rip[32];
	json_t *o = json_object();

	dump_symbol(r, dump_rip(r), symbol, sizeof(symbol));
	dump_instruction(r, insn, sizeof(insn));
	snprintf(rip, sizeof(rip), "%#jx", (uintmax_t)dump_rip(r));
	set(o, "vcpu", number(r->crashed ? r->crashed->index : r->trap.vcpu));
	if (r->has_trap)
		set(o, "vector", number(r->trap.vector));
	if (r->crashed)
		set_text(o, "exit_reason",
			 vcpu_exit_name(r->crashed->crash.exit_reason));
	set_text(o, "rip", rip);
	set_text(o, "symbol", symbol);
	set_text(o, "instruction", insn);
	return o;
}

static json_t *broke(const struct result *r)
{
	const struct result_break *b = &r->broke;
	json_t *o = json_object();

	set_text(o, "metric", b->metric->name);
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

static json_t *lines(const char *first, size_t stride, unsigned int nr)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < nr; i++)
		json_array_append_new(a, json_string(first + i * stride));
	return a;
}

static json_t *whole(const struct result *r)
{
	json_t *o = json_object(), *metrics = json_array();
	json_t *merged = json_array();
	uint64_t clock_read = vm_result(r->vm)->clock_read_tsc;
	char started[32];
	double ppm;

	report_time(&r->started, started, sizeof(started));
	set_text(o, "schema", RESULT_SCHEMA);
	set_text(o, "version", LATVISOR_VERSION);
	json_unit(o, &r->setup->config.ticks);
	set_text(o, "payload", r->setup->image.note.name);
	set(o, "parameters", parameters(r));
	set_text(o, "started", started);
	set(o, "duration_ns", number(r->end.mono_ns - r->begin.mono_ns));
	if (!result_insns(r) && result_tsc_ppm(r, &ppm))
		set(o, "tsc_ppm", json_real(ppm));
	set_text(o, "verdict", verdict_name(r->verdict));
	set_text(o, "reason", r->reason);
	set(o, "exit_status", json_integer(result_status(r)));
	set(o, "interrupted", json_boolean(r->interrupted));
	set(o, "realtime", json_boolean(r->setup->placement.realtime));
	set(o, "refused",
	    lines(r->setup->placement.refused[0],
		  sizeof(r->setup->placement.refused[0]),
		  r->setup->placement.nr_refused));
	set(o, "warnings",
	    lines(r->warnings[0], sizeof(r->warnings[0]), r->nr_warnings));
	set(o, "restarts", number(r->restarts));
	set(o, "host", json_host(&r->host));
	set(o, "machine", machine(r));
	if (clock_read && clock_read < INT64_MAX)
		set(o, "clock_read", time_value(r, (int64_t)clock_read));
	if (r->raw)
		set(o, "raw",
		    json_pack("{s:I, s:I}", "records",
			      (json_int_t)raw_records(r->raw), "lost",
			      (json_int_t)raw_lost(r->raw)));
	if (r->vm->break_tsc)
		set(o, "break_at", time_value(r, (int64_t)r->vm->break_tsc));
	if (r->broke.metric)
		set(o, "break", broke(r));
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		json_array_append_new(metrics, json_metric(r, &r->metrics[i]));
	set(o, "metrics", metrics);
	for (unsigned int i = 0; i < r->nr_merged; i++)
		json_array_append_new(merged, json_metric(r, &r->merged[i]));
	set(o, "merged", merged);
	set(o, "devices", devices(r));
	set(o, "run", json_whole_run(r));
	set(o, "checks", checks(r));
	set(o, "thresholds", json_thresholds(r));
	if (r->crashed || r->has_trap)
		set(o, "crash", crash(r));
	return o;
}

/* Through a buffer: json_dumpfd() would make a system call for each comma. */
static bool write_all(json_t *o, int fd)
{
	int copy = dup(fd);
	FILE *out = copy < 0 ? NULL : fdopen(copy, "w");
	bool written;

	if (!out) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	written =
		json_dumpf(o, out, DUMP_FLAGS) == 0 && fputc('\n', out) != EOF;
	return fclose(out) == 0 && written;
}

static int write_file(json_t *o, const char *path)
{
	struct atomic_file f;
	int err = atomic_file_open(&f, path);

	if (err)
		return err;
	errno = 0; /* jansson leaves what write() set */
	return atomic_file_close(&f, write_all(o, f.fd));
}

static int write_stdout(json_t *o)
{
	errno = 0;
	if (json_dumpf(o, stdout, DUMP_FLAGS) == 0 && puts("") != EOF &&
	    fflush(stdout) == 0)
		return 0;
	return errno ? -errno : -EIO;
}

int json_write(json_t *o, const char *path)
{
	return strcmp(path, "-") == 0 ? write_stdout(o) : write_file(o, path);
}

int report_json(const struct result *r, const char *path)
{
	json_t *o = whole(r);
	int err = json_write(o, path);

	json_decref(o);
	return err;
}
