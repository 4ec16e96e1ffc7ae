/* SPDX-License-Identifier: BSD-2-Clause */
/* write_metric.c - see write_parts.h: the metrics, docs/results.md. */
#include "vmm/result/gain.h"
#include "vmm/result/kinds.h"
#include "vmm/result/metric_flags.h"
#include "vmm/result/write_parts.h"
#include "vmm/statistics/dist.h"

json_t *real_time(const struct result *r, double cycles)
{
	if (result_insns(r))
		return json_pack("{s:f}", result_unit(r), cycles);
	return json_pack("{s:f, s:f}", result_unit(r),
			 result_value_of(r, cycles), "cycles", cycles);
}

/* The bounds that there are; NULL: none. */
static json_t *interval(const struct result *r,
			const struct analysis_quantile *q)
{
	json_t *o;

	if (!q->has_low && !q->has_high)
		return NULL;
	o = json_object();
	if (q->has_low)
		set(o, "low", time_value(r, q->low));
	if (q->has_high)
		set(o, "high", time_value(r, q->high));
	return o;
}

static json_t *percentiles(const struct result *r, const struct analysis *a)
{
	json_t *o = json_object();

	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		json_t *percentile, *ci95;

		if (!a->quantile[i].supported)
			continue;
		percentile = time_value(r, a->quantile[i].value);
		if (a->quantile[i].worth > 0)
			set(percentile, "worth",
			    json_real(a->quantile[i].worth));
		ci95 = interval(r, &a->quantile[i]);
		if (ci95)
			set(percentile, "ci95", ci95);
		set(o, report_quantiles[i].name, percentile);
	}
	return o;
}

static json_t *tail(const struct result *r, const struct tail *t)
{
	json_t *o = json_object();

	set(o, "estimate", json_boolean(!t->refused));
	if (t->refused) {
		set_text(o, "refused", t->refused);
		return o;
	}
	set(o, "one_in", json_real(t->one_in));
	set(o, "level", real_time(r, t->level));
	set(o, "ci95", json_pack("{s:o}", "low", real_time(r, t->low)));
	set(o, "shape", json_real(t->shape));
	set(o, "scale", real_time(r, t->scale));
	set(o, "threshold", real_time(r, t->threshold));
	set(o, "exceedances", number(t->samples));
	set(o, "events", number(t->events));
	set(o, "p_value", json_real(t->p_value));
	return o;
}

static json_t *worst(const struct result *r, const struct dist *d)
{
	struct dist_worst list[2 * HIST_NR_WORST];
	unsigned int nr = dist_worst(d, list);
	json_t *a = json_array();

	for (unsigned int i = 0; i < nr && i < HIST_NR_WORST; i++) {
		json_t *o = time_value(r, list[i].value);

		set(o, "tsc", number(list[i].tsc));
		json_array_append_new(a, o);
	}
	return a;
}

static void set_gain(json_t *o, const struct result *r,
		     const struct result_metric *m)
{
	struct result_gain g;
	json_t *gain;

	if (!result_gain(r, m, &g))
		return;
	gain = time_value(r, g.gain);
	set_text(gain, "base", m->base->name);
	set(gain, "low", time_value(r, g.low));
	set(gain, "high", time_value(r, g.high));
	if (g.unit)
		set(gain, "by_itself", time_value(r, g.unit));
	set(gain, "intervals", json_integer(g.of));
	set_text(gain, "judged", g.judged);
	set(o, "gain", gain);
}

static void set_counted(json_t *o, const struct result *r,
			const struct result_metric *m)
{
	struct result_kinds k;

	if (!(m->flags & METRIC_COUNTED))
		return;
	result_kinds(r, m, &k);
	set(o, "counted", json_true());
	if (k.error)
		set_text(o, "kvm_count_missing", result_kinds_unknown(r, &k));
}

static json_t *vcpus(uint64_t set)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < MAX_VCPUS; i++)
		if (set >> i & 1)
			json_array_append_new(a, number(i));
	return a;
}

/* METRIC_*, but for the number of operations. */
static json_t *flags(uint32_t flags)
{
	json_t *a = json_array();

	for (size_t i = 0; i < NR_METRIC_FLAGS; i++)
		if (flags & metric_flags[i].bit)
			json_array_append_new(
				a, json_string(metric_flags[i].name));
	return a;
}

/* What the buckets do not tell; the unit is that of the histogram. */
static json_t *hist_totals(const struct hist *h)
{
	json_t *o = json_object();

	set(o, "count", number(h->count));
	set(o, "out_of_range", number(h->out_of_range));
	set(o, "sum", number(h->sum));
	if ((h->count | h->out_of_range) == 0)
		return o;
	set(o, "min", number(h->min));
	set(o, "max", number(h->max));
	return o;
}

static void set_others(json_t *o, const struct result *r,
		       const struct result_metric *m)
{
	if (m->base)
		set(o, "compared_with", json_integer(m->base - r->metrics));
	if (m->unit)
		set(o, "by_itself", json_integer(m->unit - r->metrics));
	if (m->gain)
		set(o, "differences", json_integer(m->gain - r->metrics));
	if (m->whole)
		set(o, "part_of", json_integer(m->whole - r->metrics));
}

/* Of all deadlines: the samples, and those that have none. */
static json_t *deadlines(const struct result *r, const struct result_metric *m)
{
	struct dist d = metric_deadlines(m);
	json_t *o = json_object(), *p = json_object();

	set(o, "count", number(dist_count(&d) + dist_out_of_range(&d)));
	set(o, "max", time_value(r, dist_max(&d)));
	for (int i = 0; i < NR_REPORT_QUANTILES; i++)
		if (dist_supports(&d, report_quantiles[i].q))
			set(p, report_quantiles[i].name,
			    time_value(r, dist_quantile(
						  &d, report_quantiles[i].q)));
	set(o, "percentiles", p);
	return o;
}

static void set_deadlines(json_t *o, const struct result *r,
			  const struct result_metric *m)
{
	struct dist unmet = {.late = m->unmet};

	set(o, "unmet_totals", hist_totals(m->unmet));
	set(o, "unmet_histogram", json_histogram(&unmet));
	if (m->deadlines)
		set(o, "deadlines", deadlines(r, m));
}

/* What is no sample of the histogram. */
static void set_beside(json_t *o, const struct result_metric *m)
{
	if (m->early)
		set(o, "early", number(m->early->count));
	if (m->left_out)
		set(o, "left_out", number(m->left_out));
	set(o, "missed", number(m->missed));
	if (m->flags & METRIC_DISTURBED)
		set(o, "disturbed_on_purpose", json_true());
	set(o, "out_of_range", number(m->analysis.out_of_range));
}

json_t *write_metric(const struct result *r, const struct result_metric *m)
{
	json_t *o = json_object();
	struct dist d = metric_dist(m);
	const struct analysis *a = &m->analysis;

	set_text(o, "name", m->name);
	if (m->vcpu_set)
		set(o, "vcpus", vcpus(m->vcpu_set));
	else
		set(o, "vcpu", number(m->vcpu));
	set_text(o, "status", result_metric_status(m->status));
	if (m->reason[0])
		set_text(o, "reason", m->reason);
	set(o, "samples", number(a->count));
	set(o, "flags", flags(m->flags));
	if (m->asked)
		set(o, "asked", number(m->asked));
	if (m->blind)
		set(o, "blind", time_value(r, (int64_t)m->blind));
	if (m->blocking)
		set(o, "must_sleep", number(m->blocking));
	set_others(o, r, m);
	set_beside(o, m);
	if (METRIC_NR_OPS(m->flags) > 1)
		set(o, "operations", number(METRIC_NR_OPS(m->flags)));
	if (m->flags & METRIC_GAPS && m->hist)
		set(o, "stolen", time_value(r, (int64_t)m->hist->sum));
	if (!m->vcpu_set)
		set(o, "windows", write_windows(r, m->window_index));
	set_counted(o, r, m);
	set_gain(o, r, m);
	if (m->hist)
		set(o, "totals", hist_totals(m->hist));
	if (m->early)
		set(o, "early_totals", hist_totals(m->early));
	if (m->unmet)
		set_deadlines(o, r, m);
	if (a->count == 0)
		return o;
	set(o, "worst", worst(r, &d));
	set(o, "histogram", json_histogram(&d));
	if (m->phases)
		set(o, "phases", write_phases(r, m));
	if (m->series && !m->vcpu_set)
		set(o, "series", write_series(m->series));
	set(o, "min", time_value(r, a->min));
	set(o, "max", time_value(r, a->max));
	set(o, "mean", real_time(r, a->mean));
	set(o, "percentiles", percentiles(r, a));
	if (m->nr_rounds)
		set(o, "rounds", write_rounds(r, m));
	if (m->has_tail)
		set(o, "tail", tail(r, &m->tail));
	return o;
}
