/* SPDX-License-Identifier: BSD-2-Clause */
/* proof_take.c - see proof_take.h. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/result/proof_take.h"

#define ALL_SOURCES 64
/* A clock that moves by less is one that is only measured so. */
#define KHZ_PERCENT 5

static bool is_device(const struct irq_source *s)
{
	return isdigit((unsigned char)s->name[0]);
}

static void take_irqs(struct result_proof *to, const struct irq_counts *a,
		      const struct irq_counts *b)
{
	struct irq_source all[ALL_SOURCES];
	unsigned int nr;

	to->irqs_known = a->known && b->known;
	if (!to->irqs_known)
		return;
	to->irqs = irq_counts_total(a, b);
	nr = irq_counts_top(a, b, all, ALL_SOURCES);
	for (unsigned int i = 0; i < nr; i++) {
		if (is_device(&all[i]))
			to->devices += all[i].count;
		if (i < PROOF_SOURCES)
			to->sources[to->nr_sources++] = all[i];
	}
}

/* It has gone backwards on some kernels, of steal. */
static struct known_count between(struct known_count a, struct known_count b)
{
	struct known_count n = {.known = a.known && b.known};

	if (n.known && (int64_t)(b.n - a.n) > 0)
		n.n = b.n - a.n;
	return n;
}

static void take_state(struct result_proof *to, const struct cpu_state *a,
		       const struct cpu_state *b)
{
	for (int i = 0; i < NR_CPU_COUNTS; i++)
		to->counts[i] = between(a->counts[i], b->counts[i]);
	/* Started anew: another thread, whose own counts began at 0. */
	if (a->tid != b->tid)
		to->counts[CPU_OTHERS] = (struct known_count){.known = false};
	memcpy(to->words[0], a->words, sizeof(a->words));
	memcpy(to->words[1], b->words, sizeof(b->words));
	memcpy(to->khz[0], a->khz, sizeof(a->khz));
	memcpy(to->khz[1], b->khz, sizeof(b->khz));
	to->moved = a->cpu != b->cpu;
}

void proof_take(struct result_proof *to, const struct noise *n)
{
	const struct noise_moment *a = &n->begin, *b = &n->end;

	*to = (struct result_proof){
		.known = true,
		.cpu = n->cpu,
		.tsc = b->tsc - a->tsc,
		.softirqs_known = a->softirqs.known && b->softirqs.known,
	};
	take_irqs(to, &a->interrupts, &b->interrupts);
	if (to->softirqs_known)
		to->softirqs = irq_counts_total(&a->softirqs, &b->softirqs);
	if (a->no_smis || b->no_smis)
		snprintf(to->no_smis, sizeof(to->no_smis), "%s",
			 a->no_smis ? a->no_smis : b->no_smis);
	else
		to->smis = (uint32_t)(b->smis - a->smis);
	take_state(to, &a->state, &b->state);
}

static void add_source(struct result_proof *to, const struct irq_source *s)
{
	for (unsigned int i = 0; i < to->nr_sources; i++)
		if (strcmp(to->sources[i].name, s->name) == 0) {
			to->sources[i].count += s->count;
			return;
		}
	if (to->nr_sources < PROOF_SOURCES)
		to->sources[to->nr_sources++] = *s;
}

/* The first word of all; a later round's end is the end of all. */
static void add_state(struct result_proof *to, const struct result_proof *from)
{
	for (int i = 0; i < NR_CPU_COUNTS; i++) {
		to->counts[i].known &= from->counts[i].known;
		to->counts[i].n += from->counts[i].n;
		if (!to->counts[i].known)
			to->counts[i].n = 0;
	}
	for (int i = 0; i < NR_CPU_WORDS; i++)
		memcpy(to->words[1][i], from->words[1][i],
		       sizeof(to->words[1][i]));
	memcpy(to->khz[1], from->khz[1], sizeof(to->khz[1]));
}

void proof_add(struct result_proof *to, const struct result_proof *from)
{
	to->known &= from->known;
	if (!to->known) {
		*to = (struct result_proof){.known = false};
		return;
	}
	to->moved |= from->moved;
	to->tsc += from->tsc;
	to->irqs_known &= from->irqs_known;
	to->irqs = to->irqs_known ? to->irqs + from->irqs : 0;
	to->devices = to->irqs_known ? to->devices + from->devices : 0;
	to->softirqs_known &= from->softirqs_known;
	to->softirqs = to->softirqs_known ? to->softirqs + from->softirqs : 0;
	for (unsigned int i = 0; i < from->nr_sources; i++)
		add_source(to, &from->sources[i]);
	if (!to->irqs_known)
		to->nr_sources = 0;
	if (!to->no_smis[0])
		memcpy(to->no_smis, from->no_smis, sizeof(to->no_smis));
	to->smis = to->no_smis[0] ? 0 : to->smis + from->smis;
	add_state(to, from);
}

/* A list of what was not as it should be, separated by commas. */
struct list {
	char text[RESULT_TEXT_LEN - 80];
	size_t len;
};

static void __attribute__((format(printf, 2, 3)))
say(struct list *l, const char *fmt, ...)
{
	char more[160];
	va_list ap;
	int n;

	va_start(ap, fmt);
	vsnprintf(more, sizeof(more), fmt, ap);
	va_end(ap);
	n = snprintf(l->text + l->len, sizeof(l->text) - l->len, "%s%s",
		     l->len ? ", " : "", more);
	if (n > 0 && l->len + (size_t)n < sizeof(l->text))
		l->len += (size_t)n;
	else
		l->text[l->len] = '\0';
}

static void say_counts(struct list *l, const struct result_proof *p,
		       bool is_shared)
{
	const struct known_count *c = p->counts;

	if (p->devices)
		say(l, "%ju interrupt%s of devices", (uintmax_t)p->devices,
		    plural(p->devices));
	if (p->smis)
		say(l, "the firmware took it %ju time%s (SMIs)",
		    (uintmax_t)p->smis, plural(p->smis));
	if (c[CPU_STEAL_NS].n)
		say(l, "a hypervisor had it for %ju ms",
		    (uintmax_t)c[CPU_STEAL_NS].n / 1000000);
	if (c[CPU_OTHERS].n && !is_shared)
		say(l, "other tasks came to it %ju time%s",
		    (uintmax_t)c[CPU_OTHERS].n, plural(c[CPU_OTHERS].n));
	if (c[CPU_THERMAL].n)
		say(l, "heat made it slower %ju time%s",
		    (uintmax_t)c[CPU_THERMAL].n, plural(c[CPU_THERMAL].n));
	if (c[CPU_QUOTA].n)
		say(l, "a cgroup's quota stopped latvisor %ju time%s",
		    (uintmax_t)c[CPU_QUOTA].n, plural(c[CPU_QUOTA].n));
	if (p->moved)
		say(l, "its thread was moved away");
}

/* What somebody else changed meanwhile. */
static void say_changes(struct list *l, const struct result_proof *p,
			bool is_shared)
{
	uint64_t least, most;

	for (int i = 0; i < NR_CPU_WORDS; i++) {
		const char *a = p->words[0][i], *b = p->words[1][i];

		/* A payload that changes its own priority says so. */
		if (strcmp(a, b) != 0 && *a && *b &&
		    !(i == CPU_POLICY && is_shared))
			say(l, "%s went from %s to %s",
			    cpu_word_name((enum cpu_word)i), a, b);
	}
	for (int i = CPU_KHZ_LEAST; i < NR_CPU_KHZ; i++)
		if (p->khz[0][i].known && p->khz[1][i].known &&
		    p->khz[0][i].n != p->khz[1][i].n)
			say(l, "its %s frequency went from %ju to %ju MHz",
			    i == CPU_KHZ_LEAST ? "least" : "most",
			    (uintmax_t)p->khz[0][i].n / 1000,
			    (uintmax_t)p->khz[1][i].n / 1000);
	if (proof_khz(p, &least, &most) &&
	    most - least > most / 100 * KHZ_PERCENT)
		say(l, "its frequency was %ju and %ju MHz",
		    (uintmax_t)least / 1000, (uintmax_t)most / 1000);
}

/* Another thread has its CPU on purpose. */
static bool is_shared(const struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].flags & METRIC_DISTURBED)
			return true;
	return false;
}

void proof_check(struct result *r)
{
	bool shared = is_shared(r);

	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		const struct result_proof *p = &r->vcpus[i].proof;
		struct list l = {.len = 0};

		if (!p->known)
			continue;
		say_counts(&l, p, shared);
		say_changes(&l, p, shared);
		if (l.len)
			result_warn(r,
				    "CPU %d was not left alone while vCPU %u "
				    "measured: %s",
				    p->cpu, i, l.text);
	}
}
