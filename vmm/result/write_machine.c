/* SPDX-License-Identifier: BSD-2-Clause */
/* write_machine.c - see write_parts.h: the VM and its vCPUs. */
#include <stdio.h>

#include "vmm/result/write_parts.h"

json_t *write_lines(const char *first, size_t stride, unsigned int nr)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < nr; i++)
		json_array_append_new(a, json_string(first + i * stride));
	return a;
}

/* Addresses and registers, as people read them. */
json_t *write_hex(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%#jx", (uintmax_t)value);
	return json_string(text);
}

void write_place(json_t *o, const struct result_place *p)
{
	set(o, "rip", write_hex(p->rip));
	set_text(o, "symbol", p->symbol);
	set_text(o, "instruction", p->instruction);
}

static json_t *vcpu(const struct result_vcpu *v, uint32_t index)
{
	json_t *o = json_object();

	set(o, "index", number(index));
	set(o, "host_cpu", json_integer(v->host_cpu));
	set_text(o, "to_vcpu0", v->to_vcpu0);
	if (v->policy_known)
		set(o, "scheduling", write_policy(&v->policy));
	set(o, "tsc_offset", json_integer(v->tsc_offset));
	set(o, "tsc_offset_known", json_boolean(v->offset_known));
	if (v->advance_ns >= 0)
		set(o, "timer_advance_ns", json_integer(v->advance_ns));
	set(o, "wait_known", json_boolean(v->has_wait));
	if (v->was_stopped) {
		json_t *at = json_object();

		write_place(at, &v->stopped_at);
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

static json_t *dma_latency(const struct dma_latency *d)
{
	json_t *o = json_object();

	set(o, "held", json_boolean(d->held));
	if (d->held)
		set(o, "us", json_integer(d->us));
	else
		set_text(o, "reason", d->reason);
	return o;
}

json_t *write_machine(const struct result *r)
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
	if (m->priority_why[0])
		set_text(o, "priority_reason", m->priority_why);
	if (m->placed.known)
		set(o, "placement", write_placed(&m->placed));
	if (m->sandbox_known)
		set(o, "sandbox", sandbox(r));
	if (m->dma_latency.known)
		set(o, "cpu_dma_latency", dma_latency(&m->dma_latency));
	set(o, "page_bytes", number(m->page_len));
	set(o, "memory_bytes", number(m->mem_len));
	set(o, "tsc_khz", number(m->tsc_khz));
	set(o, "kvm_statistics",
	    write_lines(r->stats[0], sizeof(r->stats[0]), r->nr_stats));
	return o;
}
