/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - the guest's own counts against the host's.  A measurement whose
 * counts disagree is no measurement: ERROR.
 */
#include <stdio.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/result/check.h"

#define USER_EXITS "exits to userspace"

/*
 * The exit that ended the counting is on both sides whatever else was counted,
 * and so is nothing where nothing was done.
 */
bool result_check_tells(const struct result_check *c)
{
	uint64_t least = strcmp(c->what, USER_EXITS) == 0 ? 1 : 0;

	return c->required && (c->guest > least || c->host > least);
}

static bool breaks(enum check_rule rule, struct check_pair c)
{
	if (rule == CHECK_AT_MOST)
		return c.host > c.guest;
	return rule == CHECK_EQUAL && c.host != c.guest;
}

void result_check_add(struct result *r, const char *what, uint32_t vcpu,
		      int metric, struct check_pair c, enum check_rule rule)
{
	/* Compared in any case; there may be no room to show it. */
	if (r->nr_checks < RESULT_MAX_CHECKS) {
		struct result_check *to = &r->checks[r->nr_checks++];

		*to = (struct result_check){
			.vcpu = vcpu,
			.metric = metric,
			.guest = c.guest,
			.host = c.host,
			.required = rule == CHECK_EQUAL,
		};
		snprintf(to->what, sizeof(to->what), "%s", what);
	}
	if (!breaks(rule, c))
		return;
	result_verdict(r, VERDICT_ERROR,
		       "%s%s vCPU %u: the guest counted %ju %s, the host %ju",
		       metric < 0 ? "" : r->metrics[metric].name,
		       metric < 0 ? "the whole run," : ",", vcpu,
		       (uintmax_t)c.guest, what, (uintmax_t)c.host);
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
static enum check_rule halts_rule(const struct result *r)
{
	if (strstr(r->machine.disabled_exits, "hlt"))
		return CHECK_NONE;
	return r->host.idle_hlt ? CHECK_AT_MOST : CHECK_EQUAL;
}

static bool has_lapic(const struct result *r)
{
	return strcmp(r->machine.apic, "none") != 0;
}

/*
 * Between two snapshots.  Exits to userspace are counted by the vmm's own
 * loop; HLT by KVM, which sees them while there is a local APIC in the kernel:
 * halts_rule().  Interrupts are shown only: a KVM with posted interrupts
 * injects fewer than it delivers, and one that was interrupted while it
 * delivered injects the same one twice.
 */
static void compare(struct result *r, uint32_t vcpu, int metric,
		    const struct result_counts *n)
{
	int halts = result_stat(r, "halt_exits");
	int irqs = result_stat(r, "irq_injections");
	struct check_pair c = {
		.guest = user_accesses(&n->guest),
		.host = n->user_exits,
	};

	result_check_add(r, USER_EXITS, vcpu, metric, c, CHECK_EQUAL);
	if (!has_lapic(r))
		return;
	if (halts >= 0) {
		c.guest = n->guest.halts;
		c.host = n->kvm.value[halts];
		result_check_add(r, "halts", vcpu, metric, c, halts_rule(r));
	}
	if (irqs >= 0) {
		c.guest = n->guest.irqs;
		c.host = n->kvm.value[irqs];
		result_check_add(r, "interrupts", vcpu, metric, c, CHECK_NONE);
	}
}

/*
 * Timer, ICR and EOI writes.  Where the processor does one of them by itself
 * (SDM vol 3 30.1.4 and 30.1.6: virtualized EOIs and IPIs; AVIC), KVM counts
 * none of it; and when it counts, it counts all.  But an EOI in memory may be
 * emulated more than once: it is only shown.
 */
static void check_msrs(struct result *r, uint32_t vcpu, int metric,
		       const struct result_window *w)
{
	const struct vcpu_counts *g = &w->counts.guest;
	bool x2apic = strcmp(r->machine.apic, "x2apic") == 0;
	const struct {
		const char *what;
		struct check_pair c;
	} kinds[NR_MSR_KINDS] = {
		[KIND_TIMER] = {"timer writes",
				{g->timers, w->msrs.n[KIND_TIMER]}},
		[KIND_ICR] = {"ICR writes", {g->ipis, w->msrs.n[KIND_ICR]}},
		[KIND_EOI] = {"EOI writes", {g->eois, w->msrs.n[KIND_EOI]}},
	};

	for (int k = 0; k < NR_MSR_KINDS; k++)
		result_check_add(r, kinds[k].what, vcpu, metric, kinds[k].c,
				 kinds[k].c.host != 0 &&
						 (k != KIND_EOI || x2apic)
					 ? CHECK_EQUAL
					 : CHECK_NONE);
}

/*
 * As many as must have slept, or as many as did: KVM may wake a vCPU that
 * sleeps more than once for an interrupt, but none that does not.
 */
static void check_sleeps(struct result *r, unsigned int i, uint64_t slept)
{
	const struct result_metric *m = &r->metrics[i];
	struct check_pair c = {.guest = m->blocking, .host = slept};
	uint64_t awake;

	if (slept > m->blocking)
		c.host = m->blocking;
	awake = m->blocking - c.host;
	if (awake)
		result_verdict(r, VERDICT_ERROR,
			       "%s: %ju of %ju interrupts came before the "
			       "target slept; a longer gap_us lets it",
			       m->name, (uintmax_t)awake,
			       (uintmax_t)m->blocking);
	result_check_add(r, "halts that slept", m->vcpu, (int)i, c,
			 CHECK_EQUAL);
}

/*
 * Was the target of every wake-up really halted?  KVM's HLT exits must be as
 * many, see halts_rule(); and each of them ended in a poll that succeeded or in
 * a wait, unless the interrupt was there before the vCPU could sleep.
 */
static void check_slept(struct result *r, unsigned int i)
{
	const struct result_metric *m = &r->metrics[i];
	int halts = result_stat(r, "halt_exits");
	int waits = result_stat(r, STATS_HALT_WAITS);
	int polls = result_stat(r, "halt_successful_poll");
	const struct stats *kvm;
	struct check_pair c = {.guest = m->blocking};

	if (m->blocking == 0 || !m->window || halts < 0 ||
	    halts_rule(r) == CHECK_NONE)
		return;
	kvm = &m->window->counts.kvm;
	c.host = kvm->value[halts];
	result_check_add(r, "wake-ups from a halt", m->vcpu, (int)i, c,
			 halts_rule(r));
	if (waits >= 0 && polls >= 0)
		check_sleeps(r, i, kvm->value[waits] + kvm->value[polls]);
}

/* What else ran on the vCPUs' CPUs while they measured. */
void result_check_disturbed(struct result *r)
{
	uint64_t switches = 0, faults = 0, moves = 0;

	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		for (unsigned int m = 0; m < r->nr_metrics; m++) {
			const struct result_window *w = result_window(r, m, i);

			if (!w)
				continue;
			/* A payload whose subject it is says so. */
			if (!(r->metrics[m].flags & METRIC_DISTURBED))
				switches += w->counts.nivcsw;
			faults += w->counts.majflt;
			moves += w->counts.migrated;
		}
	}
	if (switches + faults + moves)
		result_warn(r,
			    "disturbed while measuring: a vCPU's thread lost "
			    "its CPU %ju time%s, took %ju major fault%s, moved "
			    "%ju time%s",
			    (uintmax_t)switches, plural(switches),
			    (uintmax_t)faults, plural(faults), (uintmax_t)moves,
			    plural(moves));
}

void result_check_counts(struct result *r)
{
	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		for (unsigned int m = 0; m < r->nr_metrics; m++) {
			const struct result_window *w = result_window(r, m, i);

			if (!w)
				continue;
			compare(r, i, (int)m, &w->counts);
			if (w->counts_msrs && w->msr_error == 0)
				check_msrs(r, i, (int)m, w);
		}
		/* Stopped from outside, a vCPU may be between two counts. */
		if (r->vcpus[i].orderly)
			compare(r, i, -1, &r->vcpus[i].run);
	}
	for (unsigned int m = 0; m < r->nr_metrics; m++)
		check_slept(r, m);
}
