/* SPDX-License-Identifier: BSD-2-Clause */
/* result.c - see result.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/result/explain_pool.h"
#include "vmm/result/result.h"
#include "vmm/statistics/hist_add.h"

struct result *result_new(void)
{
	struct result *r = calloc(1, sizeof(*r));

	if (r)
		r->checks = calloc(RESULT_MAX_CHECKS, sizeof(*r->checks));
	if (!r || !r->checks)
		die_errno("no memory for the result");
	r->machine.halt_poll_ns = -1;
	return r;
}

void result_make_vcpus(struct result *r, uint32_t nr_vcpus)
{
	r->nr_vcpus = nr_vcpus;
	r->vcpus = calloc(nr_vcpus, sizeof(*r->vcpus));
	r->windows = calloc((size_t)nr_vcpus * RESULT_MAX_METRICS,
			    sizeof(*r->windows));
	if (!r->vcpus || !r->windows)
		die_errno("no memory for the result of %u vCPUs", nr_vcpus);
	for (uint32_t i = 0; i < nr_vcpus; i++)
		r->vcpus[i].advance_ns = -1;
}

void result_drop_samples(struct result_metric *m)
{
	free(m->hist);
	free(m->early);
	free(m->unmet);
	free(m->deadlines);
	free(m->series);
	free(m->phases);
	free(m->rounds);
	m->hist = m->early = m->unmet = m->deadlines = NULL;
	m->series = NULL;
	m->phases = NULL;
	m->rounds = NULL;
	m->nr_rounds = 0;
}

static void free_metrics(struct result_metric *metrics, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		result_drop_samples(&metrics[i]);
}

void result_free(struct result *r)
{
	if (!r)
		return;
	free_metrics(r->metrics, r->nr_metrics);
	free_metrics(r->merged, r->nr_merged);
	free(r->vcpus);
	free(r->windows);
	free(r->checks);
	free(r->judged);
	trace_free(&r->trace);
	free(r->exits.vcpus);
	for (unsigned int i = 0; i < r->nr_stress; i++)
		free(r->stress[i].rows);
	free(r->stress);
	free(r);
}

const struct result_window *result_window(const struct result *r,
					  unsigned int metric, uint32_t vcpu)
{
	const struct result_window *w;

	if (!r->windows)
		return NULL;
	w = &r->windows[(size_t)metric * r->nr_vcpus + vcpu];
	return w->ended ? w : NULL;
}

int result_stat(const struct result *r, const char *name)
{
	for (unsigned int i = 0; i < r->nr_stats; i++)
		if (strcmp(r->stats[i], name) == 0)
			return (int)i;
	return -1;
}

void result_verdict(struct result *r, enum verdict v, const char *fmt, ...)
{
	va_list ap;

	if (r->verdict >= v)
		return;
	r->verdict = v;
	va_start(ap, fmt);
	vsnprintf(r->reason, sizeof(r->reason), fmt, ap);
	va_end(ap);
}

void result_warn(struct result *r, const char *fmt, ...)
{
	va_list ap;

	/* The last of them tells how many there are besides. */
	if (r->nr_warnings == RESULT_MAX_WARNINGS) {
		snprintf(r->warnings[RESULT_MAX_WARNINGS - 1], RESULT_TEXT_LEN,
			 "%u warnings more have no room",
			 ++r->nr_warnings_lost + 1);
		return;
	}
	va_start(ap, fmt);
	vsnprintf(r->warnings[r->nr_warnings++], RESULT_TEXT_LEN, fmt, ap);
	va_end(ap);
}

int result_status(const struct result *r)
{
	if (r->interrupted && r->verdict <= VERDICT_PASS)
		return STATUS_INTERRUPTED;
	return verdict_status(r->verdict);
}

/* Has a metric before that one its name? */
static bool is_repeated(const struct result *r, unsigned int index)
{
	for (unsigned int i = 0; i < index; i++)
		if (strcmp(r->metrics[i].name, r->metrics[index].name) == 0)
			return true;
	return false;
}

const struct result_metric *result_find_metric(const struct result *r,
					       const char *name)
{
	for (unsigned int i = 0; i < r->nr_merged; i++)
		if (strcmp(r->merged[i].name, name) == 0 &&
		    metric_has_samples(&r->merged[i]))
			return &r->merged[i];
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (strcmp(r->metrics[i].name, name) == 0 &&
		    metric_has_samples(&r->metrics[i]))
			return &r->metrics[i];
	return NULL;
}

bool result_gather(struct hist **to, const struct hist *from)
{
	if (!from)
		return true;
	if (!*to) {
		*to = calloc(1, sizeof(**to));
		if (!*to)
			die_errno("no memory for a histogram");
		hist_init(*to);
	}
	return hist_add(*to, from);
}

bool result_gather_all(struct result_metric *to,
		       const struct result_metric *from)
{
	if (result_gather(&to->hist, from->hist) &&
	    result_gather(&to->early, from->early) &&
	    result_gather(&to->unmet, from->unmet))
		return true;
	result_drop_samples(to);
	return false;
}

void result_add_round(struct analysis **rounds, unsigned int *nr,
		      const struct analysis *a)
{
	*rounds = reallocarray(*rounds, *nr + 1, sizeof(*a));
	if (!*rounds)
		die_errno("no memory for the rounds");
	(*rounds)[(*nr)++] = *a;
}

void result_list_metrics(const struct result *r, const char *but, char *text,
			 size_t len)
{
	size_t at = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const char *name = r->metrics[i].name;

		if (strcmp(name, but) == 0 || is_repeated(r, i) ||
		    at + strlen(name) + 3 > len)
			continue;
		at += (size_t)snprintf(text + at, len - at, "%s%s",
				       at ? ", " : "", name);
	}
}

const char *result_metric_status(enum metric_status status)
{
	static const char *const names[NR_METRIC_STATUS] = {
		[METRIC_OPEN] = "open",
		[METRIC_DONE] = "done",
		[METRIC_SKIP] = "skip",
		[METRIC_TIMEOUT] = "timeout",
	};

	return names[status];
}
