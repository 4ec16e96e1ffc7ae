/* SPDX-License-Identifier: BSD-2-Clause */
/* kvm_path.c - see kvm_path.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/result/kvm_path.h"

static const char *parameter(const struct result *r, const char *name)
{
	const struct host *h = &r->host;

	for (unsigned int i = 0; i < h->nr_kvm_parameters; i++)
		if (strcmp(h->kvm_parameters[i].name, name) == 0)
			return h->kvm_parameters[i].value;
	return "";
}

/* Booleans are Y and N; older modules have some of them as numbers. */
static enum known is_set(const struct result *r, const char *name)
{
	char first = parameter(r, name)[0];

	if (first == 'Y' || first == '1')
		return ON;
	return first == 'N' || first == '0' ? OFF : UNKNOWN;
}

static bool exits_disabled(const struct result *r, const char *which)
{
	return strstr(r->machine.disabled_exits, which) != NULL;
}

/* The sum of one of KVM's counts; false: this KVM has it not. */
static bool counted(const struct result *r, const char *name, uint64_t *sum)
{
	int stat = result_stat(r, name);

	*sum = 0;
	for (uint32_t i = 0; stat >= 0 && i < r->nr_vcpus; i++)
		if (r->vcpus[i].orderly)
			*sum += r->vcpus[i].run.kvm.value[stat];
	return stat >= 0;
}

/* Of what the guest did n times, how often did KVM have to do its part? */
static enum known virtualized(uint64_t n, uint64_t by_kvm)
{
	if (n == 0)
		return UNKNOWN;
	if (by_kvm == 0)
		return ON;
	return by_kvm >= n ? OFF : IN_PART;
}

/*
 * KVM injects an interrupt itself only while a vCPU's APIC is not virtualized
 * (kvm_cpu_has_injectable_intr() in arch/x86/kvm/irq.c), whatever inhibits it.
 * No injection proves nothing of a KVM that is not known to have it.
 */
static enum known apicv(const struct result *r, bool is_amd)
{
	enum known has =
		is_set(r, is_amd ? "kvm_amd.avic" : "kvm_intel.enable_apicv");
	enum known seen = UNKNOWN;
	uint64_t irqs = 0, injected;

	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		if (r->vcpus[i].orderly)
			irqs += r->vcpus[i].run.guest.irqs;
	if (counted(r, "irq_injections", &injected))
		seen = virtualized(irqs, injected);
	if (has == OFF || seen == UNKNOWN)
		return has;
	return has == UNKNOWN && seen != OFF ? UNKNOWN : seen;
}

/* Did KVM see the guest's writes to the ICR? */
static enum known icr_seen(const struct result *r)
{
	uint64_t sent = 0, seen = 0;

	for (size_t i = 0; i < (size_t)r->nr_metrics * r->nr_vcpus; i++) {
		const struct result_window *w = &r->windows[i];

		if (!w->ended || !w->counts_msrs || w->msr_error)
			continue;
		sent += w->counts.guest.ipis;
		seen += w->msrs.n[KIND_ICR];
	}
	return virtualized(sent, seen);
}

/*
 * Intel's needs APICv (vmx_refresh_apicv_exec_ctrl()).  AVIC has it, but for
 * the MSRs of x2APIC only where the processor has x2AVIC, which KVM does not
 * say.
 */
static enum known ipiv(const struct result *r, const struct kvm_path *p)
{
	enum known seen = icr_seen(r);
	enum known has = is_set(r, p->is_amd ? "kvm_amd.enable_ipiv"
					     : "kvm_intel.enable_ipiv");

	if (seen != UNKNOWN)
		return seen;
	if (has == OFF || p->apicv == OFF)
		return OFF;
	if (p->apicv != ON)
		return UNKNOWN;
	if (!p->is_amd)
		return has;
	return strcmp(r->machine.apic, "xapic") == 0 ? ON : UNKNOWN;
}

/* kvm_can_post_timer_interrupt() in lapic.c. */
static enum known posted_timers(const struct result *r, enum known apicv)
{
	if (is_set(r, "kvm.pi_inject_timer") != ON || apicv == OFF)
		return OFF;
	if (!exits_disabled(r, "mwait") && !exits_disabled(r, "hlt"))
		return OFF;
	return apicv == ON ? ON : UNKNOWN;
}

/* kvm_can_use_hv_timer() in lapic.c; only VMX has one. */
static enum known preemption_timer(const struct result *r, enum known posted)
{
	enum known has = is_set(r, "kvm_intel.preemption_timer");

	if (has != ON)
		return has;
	if (exits_disabled(r, "mwait") || posted == ON)
		return OFF;
	return posted == UNKNOWN ? UNKNOWN : ON;
}

/* A length until Linux 6.10, negative: KVM adapts it; a boolean since. */
static void timer_advance(const struct result *r, struct kvm_path *p)
{
	const char *ns = parameter(r, "kvm.lapic_timer_advance_ns");

	p->timer_advance = is_set(r, "kvm.lapic_timer_advance");
	if (!*ns)
		return;
	p->timer_advance = ON;
	if (*ns != '-')
		p->advance_ns = strtoll(ns, NULL, 10);
}

static void halt_polling(const struct result *r, struct kvm_path *p)
{
	int64_t own_ns = r->machine.halt_poll_ns;
	uint64_t halts, polls;

	p->polled = true;
	if (exits_disabled(r, "hlt"))
		return;
	p->halt_poll_ns = own_ns >= 0 ? own_ns : r->host.halt_poll_ns;
	if (counted(r, "halt_exits", &halts) && halts &&
	    counted(r, "halt_attempted_poll", &polls))
		p->polled = polls != 0;
}

struct kvm_path kvm_path(const struct result *r)
{
	struct kvm_path p = {
		.is_amd = strcmp(r->host.kvm_module, "kvm_amd") == 0,
		.advance_ns = -1,
		.halt_poll_ns = -1,
	};

	p.apicv = apicv(r, p.is_amd);
	p.ipiv = ipiv(r, &p);
	p.posted_timers = posted_timers(r, p.apicv);
	p.preemption_timer = preemption_timer(r, p.posted_timers);
	timer_advance(r, &p);
	halt_polling(r, &p);
	return p;
}
