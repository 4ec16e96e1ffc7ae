/* SPDX-License-Identifier: BSD-2-Clause */
/* read_machine.c - see read_parts.h: host, machine, devices, crash. */
#include <stdio.h>
#include <string.h>

#include <limits.h>

#include "vmm/result/read_parts.h"

#define KHZ_MAX 100000000 /* 100 GHz */
#define CPU_MAX 1048576

static unsigned int read_facts(struct reader *rd, const json_t *o,
			       const char *key, struct host_fact *facts)
{
	json_t *all = read_object(rd, o, key), *value;
	unsigned int nr = 0;
	const char *name;

	json_object_foreach (all, name, value) {
		struct host_fact *f = &facts[nr];

		if (nr == HOST_MAX_FACTS) {
			reader_fail(rd, key, "there are too many");
			break;
		}
		take_text(rd, value, key, f->value, sizeof(f->value));
		nr += take_name(rd, name, key, f->name, sizeof(f->name));
	}
	return nr;
}

void read_host(struct reader *rd, const json_t *file, struct host *h)
{
	const json_t *o = read_object(rd, file, "host");

	reader_at(rd, "host", 0);
	read_text(rd, o, "name", h->name, sizeof(h->name));
	read_text(rd, o, "cpu_model", h->cpu_model, sizeof(h->cpu_model));
	read_text(rd, o, "microcode", h->microcode, sizeof(h->microcode));
	h->nr_cpus = (unsigned int)read_int(rd, o, "cpus_online", 0, CPU_MAX);
	read_text(rd, o, "hypervisor", h->hypervisor, sizeof(h->hypervisor));
	read_text(rd, o, "kernel", h->kernel, sizeof(h->kernel));
	read_text(rd, o, "command_line", h->command_line,
		  sizeof(h->command_line));
	h->realtime_kernel = read_bool(rd, o, "preempt_rt");
	read_text(rd, o, "kvm_module", h->kvm_module, sizeof(h->kvm_module));
	read_text(rd, o, "clocksource", h->clocksource, sizeof(h->clocksource));
	read_text(rd, o, "isolated_cpus", h->isolated, sizeof(h->isolated));
	read_text(rd, o, "nohz_full_cpus", h->nohz_full, sizeof(h->nohz_full));
	read_text(rd, o, "governor", h->governor, sizeof(h->governor));
	h->rt_runtime_us =
		read_int(rd, o, "sched_rt_runtime_us", -1, INT64_MAX);
	h->halt_poll_ns = read_int(rd, o, "halt_poll_ns", -1, INT64_MAX);
	h->idle_hlt = read_bool(rd, o, "idle_hlt_intercept");
	h->nr_kvm_parameters =
		read_facts(rd, o, "kvm_parameters", h->kvm_parameters);
	h->nr_mitigations = read_facts(rd, o, "mitigations", h->mitigations);
	reader_at(rd, NULL, 0);
}

void read_place(struct reader *rd, const json_t *o, struct result_place *p)
{
	p->rip = take_hex(rd, json_object_get(o, "rip"), "rip");
	read_text(rd, o, "symbol", p->symbol, sizeof(p->symbol));
	read_text(rd, o, "instruction", p->instruction, sizeof(p->instruction));
}

static void read_vcpu(struct reader *rd, const json_t *v,
		      struct result_vcpu *to)
{
	const json_t *at = maybe_object(rd, v, "stopped_at");

	to->host_cpu = (int)read_int(rd, v, "host_cpu", 0, CPU_MAX);
	read_text(rd, v, "to_vcpu0", to->to_vcpu0, sizeof(to->to_vcpu0));
	read_policy(rd, v, to);
	to->tsc_offset = (int64_t)read_u64(rd, v, "tsc_offset");
	to->offset_known = read_bool(rd, v, "tsc_offset_known");
	if (json_object_get(v, "timer_advance_ns"))
		to->advance_ns =
			read_int(rd, v, "timer_advance_ns", 0, INT64_MAX);
	to->has_wait = read_bool(rd, v, "wait_known");
	to->was_stopped = at != NULL;
	if (!at)
		return;
	read_place(rd, at, &to->stopped_at);
	to->halted = read_bool(rd, at, "halted");
}

static void read_vcpus(struct reader *rd, const json_t *o, struct result *r)
{
	const json_t *a = read_array(rd, o, "vcpus", MAX_VCPUS), *v;
	size_t i;

	if (json_array_size(a) == 0) {
		reader_fail(rd, "vcpus", "wanted one at least");
		return;
	}
	result_make_vcpus(r, (uint32_t)json_array_size(a));
	json_array_foreach (a, i, v) {
		reader_at(rd, "machine.vcpus[", (unsigned int)i);
		read_vcpu(rd, v, &r->vcpus[i]);
	}
}

static void read_sandbox(struct reader *rd, const json_t *o, struct sandbox *s)
{
	s->seccomp = read_bool(rd, o, "seccomp");
	s->landlock = (int)read_int(rd, o, "landlock", 0, INT_MAX);
	s->call_tsc = (uint64_t)take_cycles(rd, json_object_get(o, "an_exit"),
					    "an_exit");
}

static void read_dma_latency(struct reader *rd, const json_t *o,
			     struct dma_latency *d)
{
	d->held = read_bool(rd, o, "held");
	if (d->held)
		d->us = (int32_t)read_int(rd, o, "us", 0, DMA_LATENCY_MAX_US);
	else
		read_text(rd, o, "reason", d->reason, sizeof(d->reason));
}

void read_machine(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *o = read_object(rd, file, "machine");
	struct result_machine *m = &r->machine;

	reader_at(rd, "machine", 0);
	read_text(rd, o, "irqchip", m->irqchip, sizeof(m->irqchip));
	read_text(rd, o, "apic", m->apic, sizeof(m->apic));
	if (json_object_get(o, "irqfd"))
		read_text(rd, o, "irqfd", m->irqfd, sizeof(m->irqfd));
	if (json_object_get(o, "halt_poll_ns"))
		m->halt_poll_ns = read_int(rd, o, "halt_poll_ns", 0, INT64_MAX);
	read_text(rd, o, "disabled_exits", m->disabled_exits,
		  sizeof(m->disabled_exits));
	m->priority = (int)read_int(rd, o, "priority", 0, 99);
	if (json_object_get(o, "priority_reason"))
		read_text(rd, o, "priority_reason", m->priority_why,
			  sizeof(m->priority_why));
	read_placed(rd, o, &m->placed);
	m->sandbox_known = json_object_get(o, "sandbox") != NULL;
	if (m->sandbox_known)
		read_sandbox(rd, read_object(rd, o, "sandbox"), &m->sandbox);
	m->dma_latency.known = json_object_get(o, "cpu_dma_latency") != NULL;
	if (m->dma_latency.known)
		read_dma_latency(rd, read_object(rd, o, "cpu_dma_latency"),
				 &m->dma_latency);
	m->page_len = read_count(rd, o, "page_bytes");
	m->mem_len = read_count(rd, o, "memory_bytes");
	m->tsc_khz = (uint64_t)read_int(rd, o, "tsc_khz", 1, KHZ_MAX);
	r->nr_stats = read_lines(rd, o, "kvm_statistics", r->stats[0],
				 sizeof(r->stats[0]), STATS_MAX);
	read_vcpus(rd, o, r);
	reader_at(rd, NULL, 0);
}

static void read_stats(struct reader *rd, const json_t *o,
		       struct result_device *d)
{
	json_t *all = read_object(rd, o, "statistics"), *value;
	const char *name;

	json_object_foreach (all, name, value) {
		struct device_stat *to = &d->stats[d->nr];

		if (d->nr == DEVICE_MAX_STATS) {
			reader_fail(rd, "statistics", "there are too many");
			return;
		}
		if (!take_name(rd, name, "statistics", to->name,
			       sizeof(to->name)))
			return;
		to->is_cycles = json_is_object(value);
		to->value = to->is_cycles
				    ? (uint64_t)take_cycles(rd, value, name)
				    : read_count(rd, all, name);
		d->nr++;
	}
}

void read_devices(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *a = read_array(rd, file, "devices", RESULT_MAX_DEVICES);
	const json_t *o;
	size_t i;

	json_array_foreach (a, i, o) {
		struct result_device *d = &r->devices[i];

		reader_at(rd, "devices[", (unsigned int)i);
		read_text(rd, o, "name", d->name, sizeof(d->name));
		read_stats(rd, o, d);
	}
	r->nr_devices = (unsigned int)json_array_size(a);
	reader_at(rd, NULL, 0);
}

static void read_regs(struct reader *rd, json_t *regs, struct result_crash *c)
{
	const char *name;
	json_t *value;

	json_object_foreach (regs, name, value) {
		struct result_reg *to = &c->regs[c->nr_regs];

		if (c->nr_regs == RESULT_MAX_REGS) {
			reader_fail(rd, "registers", "there are too many");
			return;
		}
		if (!take_name(rd, name, "registers", to->name,
			       sizeof(to->name)))
			return;
		to->value = take_hex(rd, value, name);
		c->nr_regs++;
	}
}

void read_crash(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *o = maybe_object(rd, file, "crash");
	struct result_crash *c = &r->crash;

	if (!o)
		return;
	reader_at(rd, "crash", 0);
	c->known = true;
	c->vcpu = read_u64(rd, o, "vcpu");
	c->is_trap = json_object_get(o, "vector") != NULL;
	if (c->is_trap) {
		c->vector = read_u64(rd, o, "vector");
		read_text(rd, o, "vector_name", c->vector_name,
			  sizeof(c->vector_name));
		c->error = read_u64(rd, o, "error");
	} else {
		read_text(rd, o, "exit_reason", c->exit_name,
			  sizeof(c->exit_name));
		c->exit_reason = (uint32_t)read_int(rd, o, "exit_reason_number",
						    0, UINT32_MAX);
		read_text(rd, o, "reason", c->reason, sizeof(c->reason));
	}
	read_place(rd, o, &c->at);
	c->has_regs = maybe_object(rd, o, "registers") != NULL;
	read_regs(rd, maybe_object(rd, o, "registers"), c);
	reader_at(rd, NULL, 0);
}
