/* SPDX-License-Identifier: BSD-2-Clause */
/* measurement.c - checks of what a second of measurement has shown. */
#include <stdio.h>

#include "vmm/host/check_look.h"

#define US 1000ull

static bool measured(const struct check_host *h, struct check_found *f)
{
	if (!h->measured)
		found_unknown(f, "not measured: --root");
	return h->measured;
}

static void look_longest(const struct check *c, const struct check_host *h,
			 struct check_found *f)
{
	const struct measured *m = h->measured;

	if (!measured(h, f))
		return;
	f->cpu = m->cpu;
	found_is(c, f, (int64_t)m->longest_ns < c->max, "%ju us (CPU %d)",
		 (uintmax_t)(m->longest_ns / US), m->cpu);
}

static void look_lost(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	const struct measured *m = h->measured;
	uint64_t ppm;

	if (!measured(h, f))
		return;
	ppm = m->lost_ns * 1000 / (m->ns / 1000 + !(m->ns / 1000));
	found_is(c, f, (int64_t)ppm <= c->max, "%ju.%03ju %%",
		 (uintmax_t)(ppm / 10000), (uintmax_t)(ppm / 10 % 1000));
}

static void look_preempted(const struct check *c, const struct check_host *h,
			   struct check_found *f)
{
	if (measured(h, f))
		found_is(c, f, h->measured->preemptions == 0, "%ju",
			 (uintmax_t)h->measured->preemptions);
}

static void look_tick(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	if (!measured(h, f))
		return;
	if (!h->measured->irqs_known)
		found_unknown(f, "/proc/interrupts cannot be read");
	else
		found_is(c, f, (int64_t)h->measured->ticks <= c->max, "%ju",
			 (uintmax_t)h->measured->ticks);
}

static void look_irqs(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	const struct measured *m = h->measured;
	char names[MEASURED_TOP * (IRQ_NAME_LEN + 16)] = "";
	size_t at = 0;

	if (!measured(h, f))
		return;
	if (!m->irqs_known) {
		found_unknown(f, "/proc/interrupts cannot be read");
		return;
	}
	for (unsigned int i = 0; i < m->nr_top && at < sizeof(names); i++)
		at += (size_t)snprintf(names + at, sizeof(names) - at,
				       "%s%s %ju", i ? ", " : ": ",
				       m->top[i].name,
				       (uintmax_t)m->top[i].count);
	found_is(c, f, (int64_t)m->irqs <= c->max, "%ju%s", (uintmax_t)m->irqs,
		 names);
}

static void look_softirqs(const struct check *c, const struct check_host *h,
			  struct check_found *f)
{
	if (!measured(h, f))
		return;
	if (!h->measured->softirqs_known)
		found_unknown(f, "/proc/softirqs cannot be read");
	else
		found_is(c, f, (int64_t)h->measured->softirqs <= c->max, "%ju",
			 (uintmax_t)h->measured->softirqs);
}

static void look_smis(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	if (!measured(h, f))
		return;
	if (h->measured->no_smis)
		found_unknown(f, "%s", h->measured->no_smis);
	else
		found_is(c, f, h->measured->smis == 0, "%ju",
			 (uintmax_t)h->measured->smis);
}

static void look_steal(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	if (!measured(h, f))
		return;
	if (!h->measured->steal_known)
		found_unknown(f, "/proc/stat has no steal time");
	else
		found_is(c, f, h->measured->steal_ns == 0, "%ju ms",
			 (uintmax_t)(h->measured->steal_ns / 1000000));
}

CHECKS(measured, 80,
       {.name = "longest-gap",
	.bad = CHECK_FAIL,
	.weight = 8,
	.good = "below 100 us",
	.look = look_longest,
	.max = 100 * US,
	.why = "So long the host kept a spinning thread from its CPU, in one "
	       "second.",
	.other = "the failures above it; latvisor run noise --explain",
	.source = "Documentation/tools/rtla/rtla-osnoise.rst"},
       {.name = "lost-time",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "0.1 % at most",
	.look = look_lost,
	.max = 1000,
	.why = "So much of a second went to something else, in gaps of 5 us "
	       "and more.",
	.other = "latvisor run noise --explain",
	.source = "Documentation/tools/rtla/rtla-osnoise.rst"},
       {.name = "preemptions",
	.bad = CHECK_WARN,
	.weight = 6,
	.good = "0",
	.look = look_preempted,
	.why = "So often another thread had the CPU in a second.",
	.other = "isolated, kernel-threads, user-tasks",
	.source = "getrusage(2)"},
       {.name = "ticks",
	.bad = CHECK_FAIL,
	.weight = 6,
	.good = "10 a second at most",
	.look = look_tick,
	.max = 10,
	.why = "So often the timer interrupted in a second: the tick was on.",
	.boot = "nohz_full={cpus}",
	.source = "Documentation/timers/no_hz.rst"},
       {.name = "other-interrupts",
	.bad = CHECK_WARN,
	.weight = 6,
	.good = "10 a second at most",
	.look = look_irqs,
	.max = 10,
	.why = "So often something else interrupted in a second.",
	.other = "interrupt-affinity; CAL, TLB and RES come from other CPUs",
	.source = "Documentation/filesystems/proc.rst"},
       {.name = "softirqs",
	.bad = CHECK_WARN,
	.weight = 5,
	.good = "10 a second at most",
	.look = look_softirqs,
	.max = 10,
	.why = "So often softirqs ran there in a second.",
	.other = "rcu-nocbs, interrupt-affinity, nohz-full",
	.source = "Documentation/filesystems/proc.rst"},
       {.name = "smis",
	.bad = CHECK_FAIL,
	.weight = 8,
	.good = "0",
	.look = look_smis,
	.why = "The firmware took the CPUs, and no kernel sees or prevents "
	       "that.",
	.other = "firmware: switch off what it does by SMIs",
	.source = "SDM vol 4, 2.2, MSR 34H"},
       {.name = "steal",
	.bad = CHECK_FAIL,
	.weight = 8,
	.good = "0 ms",
	.look = look_steal,
	.why = "A hypervisor below took the CPUs for so long.",
	.other = "run on the machine itself",
	.source = "Documentation/filesystems/proc.rst"});
