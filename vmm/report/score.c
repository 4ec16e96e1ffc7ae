/* SPDX-License-Identifier: BSD-2-Clause */
/* score.c - see score.h; score_table.c has the lines. */
#include <math.h>
#include <string.h>

#include "vmm/report/report.h"
#include "vmm/report/score.h"
#include "vmm/statistics/dist.h"

#define P999 99900

/* Exits to the hypervisor that the guest made on purpose, a sample. */
static bool exits_of(const struct result *r, const struct result_metric *m,
		     double *value)
{
	uint64_t exits = 0;

	if (!m->window || m->hist->count == 0)
		return false;
	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		const struct result_window *w =
			result_window(r, m->window_index, i);

		if (w)
			exits += w->counts.guest.halts + w->counts.guest.ipis +
				 w->counts.guest.timers;
	}
	*value = (double)exits / (double)m->hist->count;
	return true;
}

/*
 * What is between runs, and these are two, is in no single one: without rounds
 * there is no interval.
 */
static void host_bounds(const struct analysis *a, struct median *value)
{
	const struct analysis_quantile *p50 = &a->quantile[0];
	bool known = a->rounds && p50->has_low && p50->has_high;

	value->low = known ? (double)p50->low : NAN;
	value->high = known ? (double)p50->high : NAN;
}

/* In cycles, of one operation. */
static bool metric_value(const struct result_metric *m, enum score_stat stat,
			 struct median *value)
{
	struct dist d = metric_dist(m);

	*value = (struct median){0};
	switch (stat) {
	case SCORE_MIN:
		value->mid = (double)dist_min(&d);
		break;
	case SCORE_MAX_SEEN:
		value->mid = (double)dist_max(&d);
		break;
	case SCORE_MEAN:
		value->mid = dist_mean(&d);
		break;
	case SCORE_P999:
		if (!dist_supports(&d, P999))
			return false;
		value->mid = (double)dist_quantile(&d, P999);
		break;
	default:
		if (!gain_usable(m) || dist_count(&d) < SCORE_LEAST)
			return false;
		*value = median_of(m);
		host_bounds(&m->analysis, value);
		break;
	}
	*value = median_scale(*value, 1.0 / METRIC_NR_OPS(m->flags));
	return true;
}

/* What a line wants of a run, in its own unit. */
static bool figure(const struct result *r, const struct score_reference *ref,
		   const char *name, struct median *value)
{
	const struct result_metric *m;

	if (ref->stat == SCORE_START) {
		value->mid = result_ns(r, (int64_t)r->start_tsc);
		return r->start_tsc != 0;
	}
	m = result_find_metric(r, name);
	if (!m)
		return false;
	if (ref->kind == SCORE_COUNT)
		return exits_of(r, m, &value->mid);
	if (!metric_value(m, ref->stat, value))
		return false;
	if (ref->kind == SCORE_TIME)
		*value = median_scale(*value, tsc_to_ns(1, r->machine.tsc_khz));
	return true;
}

/*
 * Published are times of kvm_intel and kvm_amd on bare metal: where the CPU is
 * itself virtual, an exit of the guest is several of the outer hypervisor's.
 */
static void judge_host(struct score *s, const struct host *h)
{
	if (strcmp(h->kvm_module, "kvm_intel") != 0 &&
	    strcmp(h->kvm_module, "kvm_amd") != 0)
		snprintf(s->unlike, sizeof(s->unlike),
			 "its KVM (%.30s) is neither kvm_intel nor kvm_amd",
			 h->kvm_module);
	else if (h->hypervisor[0])
		snprintf(s->unlike, sizeof(s->unlike),
			 "it is a guest itself (%.30s)", h->hypervisor);
	else
		s->unlike[0] = '\0';
}

void score_take(struct score *s, const char *run, const struct result *r)
{
	judge_host(s, &r->host);
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].analysis.rounds > s->rounds)
			s->rounds = r->metrics[i].analysis.rounds;
	for (size_t i = 0; i < score_nr_references; i++) {
		const struct score_reference *ref = &score_references[i];
		struct score_value *v = &s->values[i];

		if (ref->run && strcmp(run, ref->run) == 0)
			v->known = figure(r, ref, ref->metric, &v->value);
		if (ref->by_run && strcmp(run, ref->by_run) == 0)
			v->by_known = figure(r, ref, ref->by_metric, &v->by);
	}
}

/* False: it could not be measured. */
static bool result_of(const struct score *s, size_t i, struct median *value)
{
	const struct score_reference *ref = &score_references[i];
	const struct score_value *v = &s->values[i];

	if (!v->known || (ref->by_run && !v->by_known))
		return false;
	*value = v->value;
	if (ref->kind == SCORE_RATIO)
		return median_ratio(v->value, v->by, value);
	if (ref->by_run)
		*value = median_difference(v->value, v->by);
	return true;
}

/* "3.00 us", "12.50"; times come in ns. */
static void value_text(const struct score_reference *ref, double value,
		       const char *unit, char *text, size_t len)
{
	if (ref->kind == SCORE_CYCLES)
		snprintf(text, len, "%.0f", value);
	else if (ref->kind != SCORE_TIME)
		snprintf(text, len, "%.2f", value);
	else if (value < 1e4 && value > -1e4)
		snprintf(text, len, "%.2f%s", value / 1e3, unit);
	else
		snprintf(text, len, "%.1f%s", value / 1e3, unit);
}

static void print_line(const struct score *s, size_t i, FILE *out)
{
	const struct score_reference *ref = &score_references[i];
	char text[32] = "", low[32], high[32], between[72] = "";
	struct median value;

	if (ref->what && !result_of(s, i, &value)) {
		strcpy(text, "-");
	} else if (ref->what) {
		value_text(ref, value.mid, " us", text, sizeof(text));
		value_text(ref, value.low, "", low, sizeof(low));
		value_text(ref, value.high, "", high, sizeof(high));
		if (ref->stat == SCORE_MEDIAN && ref->kind != SCORE_COUNT &&
		    !isnan(value.low))
			snprintf(between, sizeof(between), "%s .. %s", low,
				 high);
	}
	fprintf(out, "%-41s %11s  %-20s  %-48s  %s\n",
		ref->what ? ref->what : "", text, between, ref->published,
		ref->source);
}

static void print_notes(const struct score *s, const char *unlike, FILE *out)
{
	fprintf(out,
		"-: could not be measured here, or not with so few samples; a "
		"median takes %d.\n",
		SCORE_LEAST);
	if (s->rounds >= ANALYSIS_LEAST_ROUNDS)
		fprintf(out, "95 %%: of this host, %u rounds.\n", s->rounds);
	else
		fprintf(out,
			"95 %%: not known of this host, which takes %d rounds.\n",
			ANALYSIS_LEAST_ROUNDS);
	if (unlike[0]) {
		fprintf(out,
			"Times are left out: this host's are not like those "
			"published, %s.\n",
			unlike);
		return;
	}
	fputs("cyclictest ends in a thread of the guest's Linux, lateness here "
	      "in the handler's first\n"
	      "instruction: these are two figures.\n",
	      out);
	fputs("Published figures belong to their machines: compare shapes, "
	      "counts and ratios, not times.\n",
	      out);
}

void score_print(const struct score *s, const struct ticks *t, FILE *out)
{
	const char *unlike =
		t->insns ? "its clock counts instructions" : s->unlike;
	bool shown = false;

	fprintf(out, "%-41s %11s  %-20s  %-48s  %s\n", "", "here",
		"95 % of this host", "published", "by whom");
	for (size_t i = 0; i < score_nr_references; i++) {
		const struct score_reference *ref = &score_references[i];

		/* A claim goes with the line above it. */
		if (ref->what)
			shown = !unlike[0] || ref->kind == SCORE_COUNT ||
				ref->kind == SCORE_RATIO;
		if (shown)
			print_line(s, i, out);
	}
	print_notes(s, unlike, out);
}
