/* SPDX-License-Identifier: BSD-2-Clause */
/* symptoms.c - see symptoms.h. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/base/units.h"
#include "vmm/result/cause.h"
#include "vmm/result/figures.h"
#include "vmm/result/symptoms.h"

/* So long a thread of the highest priority waits for no lock of the kernel's.
 */
#define WAIT_LEAST_NS 5e6
/* As doctor's own checks of what it measures have it. */
#define RATE_MOST 10.0 /* a second */
/* A CPU that was in C1 wakes a vCPU in less. */
#define WAKE_MOST_NS 50e3
#define WAKE_LEAST   50 /* samples */

/* The longest that a vCPU waited in one of its windows. */
static double waited_ns(const struct result *r, uint32_t vcpu)
{
	uint64_t most = 0;

	for (unsigned int m = 0; m < r->nr_metrics; m++) {
		const struct result_window *w = result_window(r, m, vcpu);

		if (w && !(r->metrics[m].flags & METRIC_DISTURBED) &&
		    w->counts.wait_ns > most)
			most = w->counts.wait_ns;
	}
	return (double)most;
}

static bool has_waited(const struct result *r, struct symptom *s)
{
	double most = 0;
	uint32_t who = 0;

	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		if (r->vcpus[i].has_wait && waited_ns(r, i) > most) {
			most = waited_ns(r, i);
			who = i;
		}
	/* An ordinary thread shares its CPU, as it was told to, and one that
	 * used up its runtime waits for the next period. */
	if (!r->machine.realtime || r->machine.placed.overruns ||
	    most < WAIT_LEAST_NS)
		return false;
	snprintf(s->text, sizeof(s->text), "vCPU %u waited %.1f ms for its CPU",
		 who, most / 1e6);
	return true;
}

/* Of a vCPU's noise: what was counted, as so many a second; 0: not known. */
static double rate(const struct result *r, uint32_t vcpu, uint64_t count)
{
	const struct result_noise *n = &r->vcpus[vcpu].noise;

	for (unsigned int m = 0; m < r->nr_metrics; m++) {
		const struct result_window *w = result_window(r, m, vcpu);
		double ns;

		if (!w || r->metrics[m].window_index != n->window)
			continue;
		ns = result_ns(r, (int64_t)w->counts.tsc);
		return ns > 0 ? (double)count * 1e9 / ns : 0;
	}
	return 0;
}

/* Of the timer, or of devices: their names begin with a number. */
static uint64_t count_sources(const struct result_noise *n, bool devices)
{
	uint64_t sum = 0;

	for (unsigned int k = 0; n->irqs_known && k < n->nr_sources; k++) {
		const char *name = n->sources[k].name;

		if (devices ? isdigit((unsigned char)*name) != 0
			    : strcmp(name, "LOC") == 0)
			sum += n->sources[k].count;
	}
	return sum;
}

static uint64_t count_ticks(const struct result_noise *n)
{
	return count_sources(n, false);
}

static uint64_t count_devices(const struct result_noise *n)
{
	return count_sources(n, true);
}

static uint64_t count_softirqs(const struct result_noise *n)
{
	return n->softirqs_known ? n->softirqs : 0;
}

/* The vCPU's CPU that such came to most often. */
static bool was_interrupted(const struct result *r, struct symptom *s,
			    uint64_t (*count)(const struct result_noise *n),
			    const char *what)
{
	double most = 0;
	int cpu = 0;

	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		const struct result_noise *n = &r->vcpus[i].noise;
		double of = rate(r, i, count(n));

		if (of > most) {
			most = of;
			cpu = n->cpu;
		}
	}
	snprintf(s->text, sizeof(s->text), "CPU %d had %.0f %s a second", cpu,
		 most, what);
	return most > RATE_MOST;
}

static bool has_ticked(const struct result *r, struct symptom *s)
{
	return was_interrupted(r, s, count_ticks, "timer interrupts");
}

static bool had_devices(const struct result *r, struct symptom *s)
{
	return was_interrupted(r, s, count_devices, "interrupts of devices");
}

static bool had_softirqs(const struct result *r, struct symptom *s)
{
	return was_interrupted(r, s, count_softirqs, "softirqs");
}

static bool had_smis(const struct result *r, struct symptom *s)
{
	uint64_t smis =
		r->trace.asked && !r->trace.no_smis[0] ? r->trace.smis : 0;

	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		const struct result_noise *n = &r->vcpus[i].noise;

		if (n->known && !n->no_smis[0] && n->smis > smis)
			smis = n->smis;
	}
	snprintf(s->text, sizeof(s->text), "the firmware took CPUs %ju time%s",
		 (uintmax_t)smis, plural(smis));
	return smis > 0;
}

static bool had_major_faults(const struct result *r, struct symptom *s)
{
	uint64_t faults = 0;

	for (unsigned int m = 0; m < r->nr_metrics; m++)
		for (uint32_t i = 0; i < r->nr_vcpus; i++) {
			const struct result_window *w = result_window(r, m, i);

			if (w && w->counts.majflt > faults)
				faults = w->counts.majflt;
		}
	snprintf(s->text, sizeof(s->text),
		 "memory had to come from a disk %ju time%s", (uintmax_t)faults,
		 plural(faults));
	return faults > 0;
}

/* Those samples of a metric whose vCPU slept until then. */
static bool is_of_sleep(const struct result_metric *m)
{
	static const char end[] = "_slept";
	size_t len = strlen(m->name);

	return m->flags & METRIC_PART && len > strlen(end) &&
	       strcmp(m->name + len - strlen(end), end) == 0;
}

static bool was_late(const struct result *r, struct symptom *s)
{
	double most = 0;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];
		double ns = result_ns(r, m->analysis.quantile[0].value);

		if (is_of_sleep(m) && m->analysis.count >= WAKE_LEAST &&
		    ns > most)
			most = ns;
	}
	snprintf(s->text, sizeof(s->text),
		 "half of the wake-ups took %.0f us or more", most / 1e3);
	return most >= WAKE_MOST_NS;
}

static const struct {
	bool (*shows)(const struct result *r, struct symptom *s);
	const char *checks;
	bool is_proof;
} known[] = {
	{has_waited,
	 "rt-throttling, fair-server, ext-server, stalld, rtprio-limit, "
	 "other-vcpus, isolated, kernel-threads, user-tasks, hypervisor",
	 false},
	{has_ticked, "nohz-full", false},
	{had_devices, "interrupt-affinity, managed-interrupts, irqbalance",
	 false},
	{had_softirqs, "rcu-nocbs, nohz-full, packet-steering", false},
	{had_smis, "smis", true},
	{had_major_faults, "memlock-limit, swap, compact-locked", false},
	{was_late, "idle-states, governor, energy-bias, hypervisor, kvm-module",
	 false},
};

/* What --explain found to be the cause most often. */
static bool add_cause(const struct explain *x, struct symptom *s)
{
	const struct explain_tally *t = x->tally;

	if (x->nr_tally == 0 || t->cause.kind == CAUSE_NOTHING)
		return false;
	snprintf(s->text, sizeof(s->text), "%u of the %u worst: %s%s%.40s",
		 t->nr, x->nr_worst, cause_text(t->cause.kind),
		 t->cause.name[0] ? " " : "", t->cause.name);
	s->checks = cause_checks(&t->cause);
	return true;
}

unsigned int symptoms_of(const struct result *r,
			 struct symptom list[SYMPTOMS_MOST])
{
	unsigned int nr = 0;

	memset(list, 0, SYMPTOMS_MOST * sizeof(*list));
	/* Where the clock counts instructions nothing of it is a time. */
	for (size_t i = 0;
	     i < sizeof(known) / sizeof(*known) && !result_insns(r); i++) {
		if (!known[i].shows(r, &list[nr]))
			continue;
		list[nr].checks = known[i].checks;
		list[nr++].is_proof = known[i].is_proof;
	}
	for (unsigned int i = 0; i < r->trace.nr && nr < SYMPTOMS_MOST; i++)
		nr += add_cause(&r->trace.list[i], &list[nr]);
	return nr;
}
