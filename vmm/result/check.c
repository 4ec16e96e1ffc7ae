/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - the guest's own counts against the host's.  A measurement whose
 * counts disagree is no measurement: ERROR.
 */
#include <stdio.h>
#include <string.h>

#include "vmm/result/result.h"

struct counted {
	uint64_t guest, host;
};

/* What makes a difference between the two an ERROR. */
enum rule {
	RULE_NONE,    /* nothing: it is shown */
	RULE_AT_MOST, /* the host counted more */
	RULE_EQUAL,
};

static bool breaks(enum rule rule, struct counted c)
{
	if (rule == RULE_AT_MOST)
		return c.host > c.guest;
	return rule == RULE_EQUAL && c.host != c.guest;
}

static void add(struct result *r, const char *what, const struct vcpu *v,
		int metric, struct counted c, enum rule rule)
{
	/* Compared in any case; there may be no room to show it. */
	if (r->nr_checks < RESULT_MAX_CHECKS)
		r->checks[r->nr_checks++] = (struct result_check){
			.what = what,
			.vcpu = v->index,
			.metric = metric,
			.guest = c.guest,
			.host = c.host,
			.required = rule == RULE_EQUAL,
		};
	if (!breaks(rule, c))
		return;
	result_verdict(r, VERDICT_ERROR,
		       "%s%s vCPU %u: the guest counted %ju %s, the host %ju",
		       metric < 0 ? "" : r->metrics[metric].name,
		       metric < 0 ? "the whole run," : ",", v->index,
		       (uintmax_t)c.guest, what, (uintmax_t)c.host);
}

static uint64_t kvm_delta(const struct vcpu_snapshot *from,
			  const struct vcpu_snapshot *to, int stat)
{
	return to->kvm.value[stat] - from->kvm.value[stat];
}

static uint64_t user_accesses(const struct vcpu_counts *c)
{
	return c->pio + c->mmio + c->msr;
}

/*
 * With --disable-exits hlt KVM does not see the guest's halts.  With the Idle
 * HLT intercept it sees those that find no interrupt pending (APM vol 2 15.9,
 * table 15-7): "sti; hlt" goes on at once when one is.
 */
static enum rule halts_rule(const struct result *r)
{
	if (r->setup->config.disable_exits & KVM_X86_DISABLE_EXITS_HLT)
		return RULE_NONE;
	return r->host.idle_hlt ? RULE_AT_MOST : RULE_EQUAL;
}

/*
 * Between two snapshots.  Exits to userspace are counted by the vmm's own
 * loop; HLT by KVM, which sees them while there is a local APIC in the kernel:
 * halts_rule().  Interrupts are shown only: a KVM with posted interrupts
 * injects fewer than it delivers, and one that was interrupted while it
 * delivered injects the same one twice.
 */
static void compare(struct result *r, const struct vcpu *v, int metric,
		    const struct vcpu_snapshot *from,
		    const struct vcpu_snapshot *to)
{
	const struct stats_layout *s = &r->vm->stats;
	int halts = stats_find(s, "halt_exits");
	int irqs = stats_find(s, "irq_injections");
	struct counted c = {
		.guest =
			user_accesses(&to->guest) - user_accesses(&from->guest),
		.host = to->user_exits - from->user_exits,
	};

	add(r, "exits to userspace", v, metric, c, RULE_EQUAL);
	if (!(r->vm->boot_flags & BOOT_LAPIC))
		return;
	if (halts >= 0) {
		c.guest = to->guest.halts - from->guest.halts;
		c.host = kvm_delta(from, to, halts);
		add(r, "halts", v, metric, c, halts_rule(r));
	}
	if (irqs >= 0) {
		c.guest = to->guest.irqs - from->guest.irqs;
		c.host = kvm_delta(from, to, irqs);
		add(r, "interrupts", v, metric, c, RULE_NONE);
	}
}

/*
 * Timer, ICR and EOI writes.  Where the processor does one of them by itself
 * (SDM vol 3 30.1.4 and 30.1.6: virtualized EOIs and IPIs; AVIC), KVM counts
 * none of it; and when it counts, it counts all.  But an EOI in memory may be
 * emulated more than once: it is only shown.
 */
static void check_msrs(struct result *r, const struct vcpu *v, int metric,
		       const struct window *w)
{
	const struct vcpu_counts *from = &w->begin.guest, *to = &w->end.guest;
	bool x2apic = (r->vm->boot_flags & BOOT_X2APIC) != 0;
	const struct {
		const char *what;
		struct counted c;
	} kinds[NR_MSR_KINDS] = {
		[MSR_KIND_TIMER] = {"timer writes",
				    {to->timers - from->timers,
				     w->msrs.n[MSR_KIND_TIMER]}},
		[MSR_KIND_ICR] = {"ICR writes",
				  {to->ipis - from->ipis,
				   w->msrs.n[MSR_KIND_ICR]}},
		[MSR_KIND_EOI] = {"EOI writes",
				  {to->eois - from->eois,
				   w->msrs.n[MSR_KIND_EOI]}},
	};

	for (int k = 0; k < NR_MSR_KINDS; k++)
		add(r, kinds[k].what, v, metric, kinds[k].c,
		    kinds[k].c.host != 0 && (k != MSR_KIND_EOI || x2apic)
			    ? RULE_EQUAL
			    : RULE_NONE);
}

/*
 * Was the target of every wake-up really halted?  KVM's HLT exits must be as
 * many, see halts_rule(); and each of them ended in a poll that succeeded or in
 * a wake-up, unless the interrupt was there before the vCPU could sleep.
 */
static void check_slept(struct result *r, unsigned int i)
{
	const struct result_metric *m = &r->metrics[i];
	const struct stats_layout *s = &r->vm->stats;
	int halts = stats_find(s, "halt_exits");
	int wakeups = stats_find(s, "halt_wakeup");
	int polls = stats_find(s, "halt_successful_poll");
	struct counted c = {.guest = m->blocking};
	uint64_t slept;

	if (m->blocking == 0 || !m->window || halts < 0 ||
	    halts_rule(r) == RULE_NONE)
		return;
	c.host = kvm_delta(&m->window->begin, &m->window->end, halts);
	add(r, "wake-ups from a halt", &r->vm->vcpus[m->vcpu], (int)i, c,
	    halts_rule(r));
	if (wakeups < 0 || polls < 0)
		return;
	slept = kvm_delta(&m->window->begin, &m->window->end, wakeups) +
		kvm_delta(&m->window->begin, &m->window->end, polls);
	if (slept < m->blocking)
		result_warn(r,
			    "%s: %ju of %ju interrupts came before the target "
			    "slept; a longer gap_us would let it",
			    m->name, (uintmax_t)(m->blocking - slept),
			    (uintmax_t)m->blocking);
}

/* Pages that the guest wrote to, and those that KVM has logged. */
static void check_dirty(struct result *r)
{
	const struct lazy_log *log = &r->vm->lazy_log;
	struct counted c = {.guest = log->guest_count, .host = log->host_count};

	if (atomic_load(&log->is_done))
		add(r, "dirty pages", &r->vm->vcpus[log->vcpu], -1, c,
		    RULE_EQUAL);
}

/* What else ran on the vCPUs' CPUs while they measured. */
static void check_disturbed(struct result *r)
{
	uint64_t switches = 0, faults = 0, moves = 0;

	for (uint32_t i = 0; i < r->vm->nr_vcpus; i++) {
		for (unsigned int m = 0; m < r->nr_metrics; m++) {
			const struct window *w = &r->vm->vcpus[i].windows[m];

			if (!w->ended)
				continue;
			/* A payload whose subject it is says so. */
			if (!(r->metrics[m].flags & METRIC_DISTURBED))
				switches += w->end.nivcsw - w->begin.nivcsw;
			faults += w->end.majflt - w->begin.majflt;
			moves += w->end.cpu != w->begin.cpu;
		}
	}
	if (switches + faults + moves)
		result_warn(r,
			    "disturbed while measuring: a vCPU's thread lost "
			    "its CPU %ju times, took %ju major faults, moved "
			    "%ju times",
			    (uintmax_t)switches, (uintmax_t)faults,
			    (uintmax_t)moves);
}

void result_check_counts(struct result *r)
{
	for (uint32_t i = 0; i < r->vm->nr_vcpus; i++) {
		const struct vcpu *v = &r->vm->vcpus[i];

		for (unsigned int m = 0; m < r->nr_metrics; m++) {
			const struct window *w = &v->windows[m];

			if (w->ended)
				compare(r, v, (int)m, &w->begin, &w->end);
			if (w->ended && w->counts_msrs && w->msr_error == 0)
				check_msrs(r, v, (int)m, w);
		}
		/* Stopped from outside, a vCPU may be between two counts. */
		if (v->state == VCPU_PARKED || v->state == VCPU_DONE)
			compare(r, v, -1, &v->first, &v->last);
	}
	for (unsigned int m = 0; m < r->nr_metrics; m++)
		check_slept(r, m);
	check_dirty(r);
	check_disturbed(r);
}
