/* SPDX-License-Identifier: BSD-2-Clause */
/* choose_cpus.c - see choose_cpus.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/host/choose_cpus.h"

/* What is bad about CPUs, the worst first. */
enum {
	CLAIMED,
	IS_ZERO,
	IS_LOUD,
	SHARES_CORE,
	NODES,
	L3S,
	KINDS,
	IS_SLOW,
	NEAR_ZERO,
	IS_HALF, /* isolated, or without a tick, but not both */
	NR_BAD,
};

/* Some of a host's CPUs, begun at one of them: home. */
struct set {
	const struct host_cpus *h;
	bool *has; /* of each of h */
	uint32_t nr;
	struct cpumask cores, l3s, nodes; /* theirs, and home's */
	bool kinds[CPU_LOW_POWER + 1];
	int bad[NR_BAD];
	int sum; /* of the CPUs' numbers */
};

static void set_begin(struct set *s, const struct host_cpus *h,
		      const struct host_cpu *home)
{
	*s = (struct set){.h = h};
	s->has = room_for(h->nr, sizeof(*s->has), "for a set of CPUs");
	cpumask_add(&s->l3s, home->l3);
	cpumask_add(&s->nodes, home->node);
	s->kinds[home->kind] = true;
	/* The other thread of a core that somebody measures on is busy. */
	for (size_t i = 0; i < h->nr; i++)
		if (h->list[i].claimed)
			cpumask_add(&s->cores, h->list[i].core);
}

static bool is_loud(const struct host_cpu *c)
{
	return !c->isolated && !c->tickless;
}

/* What the set would have more of with c. */
static void judge(const struct set *s, const struct host_cpu *c,
		  int bad[NR_BAD])
{
	bad[CLAIMED] = c->claimed;
	bad[IS_ZERO] = c->cpu == 0;
	bad[IS_LOUD] = is_loud(c);
	bad[SHARES_CORE] = cpumask_has(&s->cores, c->core);
	bad[NODES] = !cpumask_has(&s->nodes, c->node);
	bad[L3S] = !cpumask_has(&s->l3s, c->l3);
	bad[KINDS] = !s->kinds[c->kind];
	bad[IS_SLOW] = (int)c->kind;
	bad[NEAR_ZERO] = c->core == 0;
	bad[IS_HALF] = c->isolated != c->tickless;
}

/* Below 0: a is better. */
static int compare(const int a[NR_BAD], const int b[NR_BAD])
{
	for (int i = 0; i < NR_BAD; i++)
		if (a[i] != b[i])
			return a[i] - b[i];
	return 0;
}

static void set_add(struct set *s, size_t at, const int bad[NR_BAD])
{
	const struct host_cpu *c = &s->h->list[at];

	s->has[at] = true;
	s->nr++;
	s->sum += c->cpu;
	cpumask_add(&s->cores, c->core);
	cpumask_add(&s->l3s, c->l3);
	cpumask_add(&s->nodes, c->node);
	s->kinds[c->kind] = true;
	for (int i = 0; i < NR_BAD; i++)
		s->bad[i] += bad[i];
}

/* One that is not in the set, of which there is one. */
static void set_add_best(struct set *s)
{
	int bad[NR_BAD], least[NR_BAD] = {0};
	size_t best = s->h->nr;

	for (size_t i = 0; i < s->h->nr; i++) {
		if (s->has[i])
			continue;
		judge(s, &s->h->list[i], bad);
		if (best < s->h->nr && compare(bad, least) > 0)
			continue;
		best = i;
		memcpy(least, bad, sizeof(least));
	}
	set_add(s, best, least);
}

/* Takes the better one of the two, which it frees or keeps. */
static void keep_better(struct set *kept, struct set *s)
{
	int worse = kept->has ? compare(s->bad, kept->bad) : -1;

	if (worse > 0 || (worse == 0 && s->sum <= kept->sum)) {
		free(s->has);
		return;
	}
	free(kept->has);
	*kept = *s;
}

/* The first of its L3 and kind: it stands for all of them. */
static bool is_home(const struct host_cpus *h, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (h->list[i].l3 == h->list[at].l3 &&
		    h->list[i].kind == h->list[at].kind)
			return false;
	return true;
}

static int count(const struct host_cpus *h, bool (*is)(const struct host_cpu *))
{
	int nr = 0;

	for (size_t i = 0; i < h->nr; i++)
		nr += is(&h->list[i]);
	return nr;
}

static bool is_claimed(const struct host_cpu *c)
{
	return c->claimed;
}

static bool is_slow(const struct host_cpu *c)
{
	return c->kind != CPU_FAST;
}

static void say_quiet(const struct set *s, FILE *out)
{
	int loud = s->bad[IS_LOUD], nr = (int)s->nr;

	if (loud == 0)
		fprintf(out, "%s",
			s->bad[IS_HALF] ? "isolated or nohz_full"
					: "isolated and nohz_full");
	else if (count(s->h, is_loud) == (int)s->h->nr)
		fprintf(out, "none is isolated");
	else
		fprintf(out, "%d of %d isolated", nr - loud, nr);
}

static void say_near(const struct set *s, FILE *out)
{
	if (s->bad[SHARES_CORE])
		fprintf(out, ", %d on a core that is in use",
			s->bad[SHARES_CORE]);
	else
		fprintf(out, ", %s",
			s->nr > 1 ? "a core each" : "its own core");
	if (s->nr < 2)
		return;
	if (s->bad[NODES])
		fprintf(out, ", %d nodes", s->bad[NODES] + 1);
	else if (s->bad[L3S])
		fprintf(out, ", one node, %d L3s", s->bad[L3S] + 1);
	else
		fprintf(out, ", one L3");
}

static void say_why(const struct set *s, char why[CPUS_WHY_LEN])
{
	FILE *out = fmemopen(why, CPUS_WHY_LEN, "w");

	if (!out)
		return;
	say_quiet(s, out);
	say_near(s, out);
	if (count(s->h, is_slow))
		fprintf(out, ", %s",
			s->bad[KINDS]	  ? "several kinds of cores"
			: s->bad[IS_SLOW] ? "not the fastest cores"
					  : "the fastest cores");
	fprintf(out, ", %s",
		s->bad[IS_ZERO] ? "CPU 0 for want of another" : "not CPU 0");
	if (s->bad[CLAIMED])
		fprintf(out, ", %d another latvisor's for want of others",
			s->bad[CLAIMED]);
	else if (count(s->h, is_claimed))
		fprintf(out, ", none that another latvisor has");
	fclose(out);
}

struct cpu_choice choose_cpus(const struct host_cpus *h, uint32_t nr)
{
	struct set kept = {.has = NULL};
	struct cpu_choice choice = {.nr = 0};

	if (nr > h->nr)
		nr = (uint32_t)h->nr;
	for (size_t i = 0; i < h->nr; i++) {
		struct set s;

		if (!is_home(h, i))
			continue;
		set_begin(&s, h, &h->list[i]);
		while (s.nr < nr)
			set_add_best(&s);
		keep_better(&kept, &s);
	}
	for (size_t i = 0; i < h->nr && kept.has; i++)
		if (kept.has[i])
			choice.cpu[choice.nr++] = h->list[i].cpu;
	if (choice.nr)
		say_why(&kept, choice.why);
	free(kept.has);
	return choice;
}
