/* SPDX-License-Identifier: BSD-2-Clause */
/* rounds.c - see rounds.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/result/diagnose.h"
#include "vmm/result/explain_pool.h"
#include "vmm/result/judge.h"
#include "vmm/result/rounds.h"
#include "vmm/result/rounds_counts.h"
#include "vmm/statistics/phases.h"

/* One more that was analysed alone. */
static void add_analysis(struct result_metric *to, const struct analysis *a)
{
	if (a->count)
		result_add_round(&to->rounds, &to->nr_rounds, a);
}

/* The order of samples is that of one run. */
static void begin_metrics(struct result_metric *metrics, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		free(metrics[i].series);
		metrics[i].series = NULL;
		add_analysis(&metrics[i], &metrics[i].analysis);
	}
}

/* "round 2: " before what a round has to say. */
static void label(char *text, size_t len, unsigned int round)
{
	char was[RESULT_TEXT_LEN];

	snprintf(was, sizeof(was), "%s", text);
	snprintf(text, len, "round %u: %.*s", round,
		 (int)(sizeof(was) - sizeof("round 100: ")), was);
}

static void begin_trace(struct result *all)
{
	struct result_trace first = all->trace;

	all->trace = (struct result_trace){.asked = false};
	trace_pool(&all->trace, &first);
	for (unsigned int i = 0; i < all->nr_metrics; i++)
		trace_pool_metric(&all->trace, i, &first, i, 1);
	trace_free(&first);
}

void rounds_begin(struct result *all)
{
	all->nr_rounds = 1;
	begin_trace(all);
	begin_metrics(all->metrics, all->nr_metrics);
	begin_metrics(all->merged, all->nr_merged);
	for (unsigned int i = 0; i < all->nr_warnings; i++)
		label(all->warnings[i], sizeof(all->warnings[i]), 1);
	if (all->reason[0])
		label(all->reason, sizeof(all->reason), 1);
}

/* Known of all rounds, or of none. */
static void add_phases(struct result *all, struct result_metric *to,
		       const struct result_metric *from)
{
	if (to->phases && from->phases) {
		if (phases_add(to->phases, from->phases))
			return;
		result_warn(all,
			    "metric %s: the phases of its rounds do not add "
			    "up and are left out",
			    to->name);
	}
	free(to->phases);
	to->phases = NULL;
}

/* What says more: a round that was not measured counts for all. */
static void add_metric(struct result *all, struct result_metric *to,
		       const struct result_metric *from)
{
	if (from->status != METRIC_DONE && to->status == METRIC_DONE) {
		to->status = from->status;
		memcpy(to->reason, from->reason, sizeof(to->reason));
	}
	to->asked += from->asked;
	to->missed += from->missed;
	to->left_out += from->left_out;
	to->blind += from->blind;
	to->blocking += from->blocking;
	if (!result_gather_all(to, from))
		result_verdict(all, VERDICT_ERROR,
			       "metric %s: its rounds count more samples than "
			       "there can be",
			       to->name);
	add_phases(all, to, from);
	add_analysis(to, &from->analysis);
}

static struct result_metric *find(struct result_metric *metrics,
				  unsigned int nr,
				  const struct result_metric *like)
{
	for (unsigned int i = 0; i < nr; i++)
		if (strcmp(metrics[i].name, like->name) == 0 &&
		    metrics[i].vcpu == like->vcpu &&
		    metrics[i].vcpu_set == like->vcpu_set)
			return &metrics[i];
	return NULL;
}

/* Not known of one round: not known of all. */
static void add_window(struct result *all, unsigned int to,
		       const struct result *r, unsigned int from)
{
	for (uint32_t v = 0; v < all->nr_vcpus; v++) {
		struct result_window *w =
			&all->windows[(size_t)to * all->nr_vcpus + v];
		const struct result_window *more = result_window(r, from, v);

		if (!w->ended || !more) {
			w->ended = false;
			continue;
		}
		rounds_add_counts(&w->counts, &more->counts);
		if (more->msr_error)
			w->msr_error = more->msr_error;
		for (int k = 0; k < NR_MSR_KINDS; k++)
			w->msrs.n[k] += more->msrs.n[k];
	}
	all->metrics[to].window = result_window(all, to, all->metrics[to].vcpu);
}

static void add_explained(struct result *all, unsigned int to,
			  const struct result *r, unsigned int from)
{
	if (!trace_pool_metric(&all->trace, to, &r->trace, from,
			       all->nr_rounds))
		result_warn(all,
			    "round %u: its %s are another kind of sample than "
			    "an earlier round's; --explain leaves them out",
			    all->nr_rounds, all->metrics[to].name);
}

static void add_metrics(struct result *all, const struct result *r)
{
	struct result_metric *to;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		to = find(all->metrics, all->nr_metrics, &r->metrics[i]);
		if (!to) {
			result_warn(all,
				    "round %u: it measured %s, which no "
				    "earlier one did; that is left out",
				    all->nr_rounds, r->metrics[i].name);
			continue;
		}
		add_metric(all, to, &r->metrics[i]);
		add_window(all, (unsigned int)(to - all->metrics), r, i);
		add_explained(all, (unsigned int)(to - all->metrics), r, i);
	}
	trace_pool(&all->trace, &r->trace);
	for (unsigned int i = 0; i < r->nr_merged; i++) {
		to = find(all->merged, all->nr_merged, &r->merged[i]);
		if (to)
			add_metric(all, to, &r->merged[i]);
	}
}

/*
 * "round 2: TEXT"; what several rounds have to say is said once, "rounds 2, 4:
 * TEXT".
 */
static void warn_of_round(struct result *all, const char *text,
			  unsigned int round)
{
	char was[100];

	for (unsigned int i = 0; i < all->nr_warnings; i++) {
		char *said = all->warnings[i];
		const char *rounds = said + strcspn(said, " ");
		size_t len = strcspn(rounds, ":");

		if (len >= sizeof(was) || strncmp(rounds + len, ": ", 2) != 0 ||
		    strcmp(rounds + len + 2, text) != 0)
			continue;
		memcpy(was, rounds, len);
		was[len] = '\0';
		snprintf(said, RESULT_TEXT_LEN, "rounds%s, %u: %.*s", was,
			 round, (int)(RESULT_TEXT_LEN - sizeof(was) - 24),
			 text);
		return;
	}
	result_warn(all, "round %u: %s", round, text);
}

/* What was counted is added up; a time is the largest. */
static void add_devices(struct result *all, const struct result *r)
{
	for (unsigned int i = 0; i < all->nr_devices && i < r->nr_devices; i++)
		for (unsigned int k = 0; k < all->devices[i].nr; k++) {
			struct device_stat *to = &all->devices[i].stats[k];
			uint64_t value = r->devices[i].stats[k].value;

			if (!to->is_cycles)
				to->value += value;
			else if (value > to->value)
				to->value = value;
		}
}

/* The first ones. */
static void add_broke(struct result *all, const struct result *r)
{
	for (unsigned int i = 0;
	     i < r->nr_broke && all->nr_broke < HIST_NR_WORST; i++) {
		struct result_break *b = &all->broke[all->nr_broke++];

		*b = r->broke[i];
		b->metric = find(all->metrics, all->nr_metrics, b->metric);
	}
}

void rounds_add(struct result *all, const struct result *r)
{
	unsigned int round = ++all->nr_rounds;

	add_metrics(all, r);
	rounds_add_vcpus(all, r);
	rounds_add_checks(all, r);
	add_devices(all, r);
	for (unsigned int i = 0; i < r->nr_warnings; i++)
		warn_of_round(all, r->warnings[i], round);
	if (r->verdict != VERDICT_PASS)
		result_verdict(all, r->verdict, "round %u: %s", round,
			       r->reason);
	if (r->crash.known && !all->crash.known)
		all->crash = r->crash;
	add_broke(all, r);
	all->duration_ns += r->duration_ns;
	all->duration_tsc += r->duration_tsc;
	all->restarts += r->restarts;
	all->timeouts += r->timeouts;
	/* A guest says how much; JSON has no larger numbers. */
	all->machine.placed.overruns += r->machine.placed.overruns;
	all->console_lost = r->console_lost > INT64_MAX - all->console_lost
				    ? INT64_MAX
				    : all->console_lost + r->console_lost;
	all->stuck |= r->stuck;
}

void rounds_end(struct result *all, bool in_suite, bool strict)
{
	result_analyse(all);
	trace_pool_end(&all->trace);
	result_diagnose(all, NULL);
	all->in_suite = in_suite;
	result_judge(all);
	result_judge_verdict(all);
	if (strict && all->nr_warnings)
		result_verdict(all, VERDICT_FAIL, "--strict: %s",
			       all->warnings[0]);
}
