/* SPDX-License-Identifier: BSD-2-Clause */
/* any_host.c - generated hosts and machines; see any_result.h. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/any.h"

static void any_kvm_parameters(uint64_t *s, struct host *h)
{
	static const char *const names[] = {
		"kvm_intel.enable_apicv",     "kvm_amd.avic",
		"kvm_intel.preemption_timer", "kvm_intel.enable_ipiv",
		"kvm.lapic_timer_advance",    "kvm.pi_inject_timer",
		"kvm.lapic_timer_advance_ns", "other",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct host_fact *f = &h->kvm_parameters[h->nr_kvm_parameters];

		if (coin(s))
			continue;
		strcpy(f->name, names[i]);
		strcpy(f->value, coin(s) ? "Y" : "-1");
		h->nr_kvm_parameters++;
	}
}

void any_host(uint64_t *s, struct host *h)
{
	any_text(s, h->name, sizeof(h->name));
	any_text(s, h->command_line, sizeof(h->command_line));
	any_text(s, h->cpu_model, sizeof(h->cpu_model));
	any_text(s, h->kernel, sizeof(h->kernel));
	any_text(s, h->kvm_module, sizeof(h->kvm_module));
	if (coin(s))
		strcpy(h->kvm_module, coin(s) ? "kvm_intel" : "kvm_amd");
	any_kvm_parameters(s, h);
	h->nr_cpus = (unsigned int)any(s, 99);
	h->rt_runtime_us = (int64_t)any(s, 9) - 1;
	h->halt_poll_ns = (int64_t)any(s, 9) - 1;
	h->realtime_kernel = coin(s);
	h->idle_hlt = coin(s);
	h->nr_mitigations = (unsigned int)any(s, 5);
	for (unsigned int i = 0; i < h->nr_mitigations; i++) {
		snprintf(h->mitigations[i].name, sizeof(h->mitigations[i].name),
			 "m%u", i);
		any_text(s, h->mitigations[i].value,
			 sizeof(h->mitigations[i].value));
	}
}

void any_place(uint64_t *s, struct result_place *p)
{
	any_text(s, p->symbol, sizeof(p->symbol));
	any_text(s, p->instruction, sizeof(p->instruction));
	p->rip = any(s, UINT64_MAX);
}

void any_policy(uint64_t *s, struct result_vcpu *v)
{
	v->policy_known = coin(s);
	if (!v->policy_known)
		return;
	v->policy.kind = (enum policy_kind)any(s, NR_POLICY_KINDS);
	if (policy_has_prio(&v->policy))
		v->policy.prio = 1 + (int)any(s, 98);
	if (v->policy.kind != POLICY_DEADLINE)
		return;
	v->policy.runtime_us = 2 + (uint32_t)any(s, 1000);
	v->policy.deadline_us = 2000 + (uint32_t)any(s, 1000);
	v->policy.period_us = 4000 + (uint32_t)any(s, 1000);
}

void any_machine(uint64_t *s, struct result_machine *m)
{
	strcpy(m->irqchip, coin(s) ? "split" : "none");
	strcpy(m->apic, coin(s) ? "x2apic" : "none");
	if (coin(s))
		strcpy(m->irqfd, coin(s) ? "inline" : "unknown");
	strcpy(m->disabled_exits, coin(s) ? "hlt, pause" : "none");
	m->halt_poll_ns = coin(s) ? -1 : (int64_t)any(s, 1000);
	m->priority = (int)any(s, 99);
	if (coin(s))
		any_text(s, m->priority_why, sizeof(m->priority_why));
	m->placed.known = coin(s);
	if (m->placed.known)
		m->placed.chosen = (enum cpus_chosen)any(s, NR_CPUS_CHOSEN);
	if (m->placed.chosen != CPUS_NAMED)
		any_text(s, m->placed.why, sizeof(m->placed.why));
	if (m->placed.known) {
		any_text(s, m->placed.housekeeping,
			 sizeof(m->placed.housekeeping));
		m->placed.housekeeping_named =
			m->placed.housekeeping[0] && coin(s);
		any_text(s, m->placed.nodes, sizeof(m->placed.nodes));
		if (m->placed.nodes[0] && coin(s))
			any_text(s, m->placed.memory_why,
				 sizeof(m->placed.memory_why));
	}
	m->placed.overruns_known = m->placed.known && coin(s);
	if (m->placed.overruns_known)
		m->placed.overruns = any(s, 1000);
	m->page_len = 4096;
	m->mem_len = any(s, 1ull << 30);
	m->tsc_khz = 1 + any(s, 5000000);
	m->realtime = coin(s);
	m->sandbox_known = coin(s);
	if (m->sandbox_known) {
		m->sandbox.seccomp = coin(s);
		m->sandbox.landlock = (int)any(s, 9);
		m->sandbox.call_tsc = any(s, 1000000);
	}
	m->dma_latency.known = coin(s);
	if (m->dma_latency.known)
		m->dma_latency.held = coin(s);
	if (m->dma_latency.held)
		m->dma_latency.us = (int32_t)any(s, DMA_LATENCY_MAX_US);
	else if (m->dma_latency.known)
		any_text(s, m->dma_latency.reason,
			 sizeof(m->dma_latency.reason));
	m->nr_refused = (unsigned int)any(s, RESULT_MAX_REFUSED + 1);
	for (unsigned int i = 0; i < m->nr_refused; i++)
		any_text(s, m->refused[i], sizeof(m->refused[i]));
}

void any_finding(uint64_t *s, struct result_finding *f)
{
	any_text(s, f->symptom, sizeof(f->symptom));
	any_name(s, f->check, sizeof(f->check));
	any_text(s, f->value, sizeof(f->value));
	any_text(s, f->good, sizeof(f->good));
	if (coin(s))
		any_text(s, f->run, sizeof(f->run));
	if (coin(s))
		any_text(s, f->boot, sizeof(f->boot));
	if (coin(s))
		any_text(s, f->other, sizeof(f->other));
}
