/* SPDX-License-Identifier: BSD-2-Clause */
/* merge.c - see merge.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/result/merge.h"
#include "vmm/statistics/hist_add.h"
#include "vmm/statistics/phases.h"
#include "vmm/statistics/series_merge.h"

_Static_assert(MAX_VCPUS <= 64, "a set of vCPUs fits into 64 bits");

/* to += from; false: it does not fit. */
static bool add(uint64_t *to, uint64_t from)
{
	return !__builtin_add_overflow(*to, from, to) && *to <= INT64_MAX;
}

static bool same_name(const struct result_metric *a,
		      const struct result_metric *b)
{
	return strcmp(a->name, b->name) == 0;
}

/*
 * A test that this host cannot do has a histogram, but nothing to add; of what
 * is there for its counts the times mean nothing.
 */
static bool takes_part(const struct result_metric *m)
{
	return m->hist && m->status != METRIC_SKIP &&
	       !(m->flags & METRIC_COUNTED);
}

/* The first one of its name with samples: it stands for the others. */
static bool is_first(const struct result *r, unsigned int index)
{
	for (unsigned int i = 0; i < index; i++)
		if (takes_part(&r->metrics[i]) &&
		    same_name(&r->metrics[i], &r->metrics[index]))
			return false;
	return takes_part(&r->metrics[index]);
}

/* The vCPUs of the metrics that can be merged with that one; 0: none can. */
static uint64_t find_vcpus(const struct result *r,
			   const struct result_metric *first)
{
	uint64_t set = 0;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];
		uint64_t bit = 1ull << m->vcpu;

		if (!same_name(m, first) || !takes_part(m))
			continue;
		if (set & bit || m->flags != first->flags)
			return 0;
		set |= bit;
	}
	return __builtin_popcountll(set) > 1 ? set : 0;
}

/* Done when all of them are; else the one that says more. */
static enum metric_status join(enum metric_status a, enum metric_status b)
{
	if (a == METRIC_TIMEOUT || b == METRIC_TIMEOUT)
		return METRIC_TIMEOUT;
	return a == METRIC_OPEN ? a : b;
}

/* False: the counts do not fit. */
static bool add_metric(struct result_metric *to,
		       const struct result_metric *from, bool first)
{
	to->flags = from->flags;
	to->status = first ? from->status : join(to->status, from->status);
	/* By time: then there is nothing that all of them asked for. */
	if (from->asked == 0 || (!first && to->asked == 0))
		to->asked = 0;
	else if (!add(&to->asked, from->asked))
		return false;
	return add(&to->missed, from->missed) &&
	       add(&to->left_out, from->left_out) &&
	       hist_add(to->hist, from->hist) &&
	       (!from->early || hist_add(to->early, from->early)) &&
	       (!from->unmet || hist_add(to->unmet, from->unmet));
}

/* Adds all metrics of that name up; false: it does not fit. */
static bool fill(const struct result *r, struct result_metric *to)
{
	bool first = true;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (!same_name(m, to) || !takes_part(m))
			continue;
		if (!add_metric(to, m, first))
			return false;
		first = false;
	}
	return true;
}

/* NULL: it is not known, or the vCPUs do not keep step. */
static struct series *join_series(const struct result *r,
				  const struct result_metric *to)
{
	const struct series *from[MAX_VCPUS];
	struct series *s;
	unsigned int nr = 0;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (!same_name(m, to) || !takes_part(m))
			continue;
		if (!m->series)
			return NULL;
		from[nr++] = m->series;
	}
	s = malloc(sizeof(*s));
	if (s && series_merge(s, from, nr))
		return s;
	free(s);
	return NULL;
}

/* NULL: not known of all of them, or too many. */
static struct phases *join_phases(struct result *r,
				  const struct result_metric *to)
{
	struct phases *p = NULL;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (!same_name(m, to) || !takes_part(m))
			continue;
		if (m->phases && !p) {
			p = calloc(1, sizeof(*p));
			if (p)
				phases_init(p, m->phases->period);
		}
		if (m->phases && p && phases_add(p, m->phases))
			continue;
		if (m->phases && p)
			result_warn(r,
				    "metric %s: the phases of its vCPUs do "
				    "not add up and are left out",
				    to->name);
		free(p);
		return NULL;
	}
	return p;
}

static struct hist *hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	if (h)
		hist_init(h);
	return h;
}

/* False: no memory for it. */
static bool merge(struct result *r, const struct result_metric *first,
		  uint64_t set)
{
	struct result_metric *to = &r->merged[r->nr_merged];
	bool made;

	*to = (struct result_metric){.vcpu_set = set, .hist = hist_new()};
	if (first->early)
		to->early = hist_new();
	if (first->unmet)
		to->unmet = hist_new();
	made = to->hist && (!first->early || to->early) &&
	       (!first->unmet || to->unmet);
	text_copy(to->name, sizeof(to->name), first->name, sizeof(first->name));
	if (made && fill(r, to)) {
		to->series = join_series(r, to);
		to->phases = join_phases(r, to);
		r->nr_merged++;
		return true;
	}
	result_drop_samples(to);
	*to = (struct result_metric){.vcpu = 0};
	return made;
}

void result_merge(struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		uint64_t set;

		if (!is_first(r, i))
			continue;
		set = find_vcpus(r, &r->metrics[i]);
		if (set && !merge(r, &r->metrics[i], set)) {
			result_warn(r, "no memory to add up the vCPUs' "
				       "samples");
			return;
		}
	}
}
