/* SPDX-License-Identifier: BSD-2-Clause */
/* sweep_json.c - a sweep as a file, docs/suite/sweep.md. */
#include <math.h>

#include "vmm/base/version.h"
#include "vmm/report/sweep.h"
#include "vmm/result/json.h"
#include "vmm/result/write_parts.h"

static json_t *time_of(const struct sweep *s, double cycles)
{
	return json_ticks(&s->ticks, s->tsc_khz,
			  (int64_t)fmin(cycles, (double)(INT64_MAX / 2)));
}

/* With the bounds of this host, where there are rounds enough. */
static json_t *percentiles(const struct sweep *s, const struct sweep_row *row)
{
	json_t *all = json_object();
	struct analysis a;

	sweep_analyse(row, &a);
	for (int i = 0; i < NR_REPORT_QUANTILES; i++) {
		const struct analysis_quantile *q = &a.quantile[i];
		json_t *o, *ci95;

		if (!q->supported)
			continue;
		o = time_of(s, (double)q->value);
		set(all, report_quantiles[i].name, o);
		if (!q->has_low)
			continue;
		ci95 = json_pack("{s:o}", "low", time_of(s, (double)q->low));
		if (q->has_high)
			set(ci95, "high", time_of(s, (double)q->high));
		set(o, "ci95", ci95);
	}
	return all;
}

static json_t *warnings(const struct sweep_row *row)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < row->nr_warnings; i++)
		json_array_append_new(a, json_string(row->warnings[i]));
	return a;
}

static void set_samples(json_t *o, const struct sweep *s,
			const struct sweep_row *row)
{
	struct dist d = sweep_dist(row);
	struct sweep_spread spread;

	set(o, "samples", number(row->late ? dist_count(&d) : 0));
	if (!row->late || dist_count(&d) == 0)
		return;
	set(o, "min", time_of(s, (double)dist_min(&d)));
	set(o, "max", time_of(s, (double)dist_max(&d)));
	spread = sweep_spread(row, 0);
	set(o, "p50_of_rounds",
	    json_pack("[o, o]", time_of(s, (double)spread.least),
		      time_of(s, (double)spread.most)));
	set(o, "percentiles", percentiles(s, row));
	set(o, "missed", number(row->missed));
	set(o, "out_of_range", number(dist_out_of_range(&d)));
	if (row->exits_of)
		set(o, "exits_per_sample",
		    json_real((double)row->exits / (double)row->exits_of));
	if (row->exits_of && row->window_ns > 0 && !s->ticks.insns)
		set(o, "exits_per_second",
		    json_real((double)row->exits * 1e9 / row->window_ns));
	if (row->window_ns > 0 && !s->ticks.insns)
		set(o, "cpu_percent",
		    json_real(row->cpu_ns * 100 / row->window_ns));
	set(o, "histogram", json_histogram(&d));
}

static json_t *row_value(const struct sweep *s, unsigned int i)
{
	const struct sweep_row *row = &s->rows[i];
	json_t *o = json_object(), *parameters = json_object();

	for (unsigned int k = 0; k < s->grid.nr_axes; k++) {
		const struct axis *a = &s->grid.axes[k];

		set_text(parameters, a->desc->name,
			 a->values[grid_value(&s->grid, i, k)]);
	}
	set(o, "parameters", parameters);
	set(o, "rounds", number(row->rounds));
	set(o, "exit_status", json_integer(row->status));
	set_text(o, "reason", row->reason);
	set(o, "warnings", warnings(row));
	if (row->path)
		set_text(o, "path", row->path);
	set_samples(o, s, row);
	if (row->trace.asked)
		set(o, "explain",
		    write_trace(&row->trace, &s->ticks, s->tsc_khz, "vcpu"));
	return o;
}

int report_json_sweep(const struct sweep *s, const char *path)
{
	json_t *o = json_object(), *rows = json_array();
	int err;

	set_text(o, "schema", SWEEP_SCHEMA);
	set_text(o, "version", version_string());
	json_unit(o, &s->ticks);
	set_text(o, "payload", s->note->name);
	set_text(o, "metric", s->metric);
	set(o, "rounds", number(s->rounds));
	set(o, "interrupted", json_boolean(s->interrupted));
	set(o, "stuck", json_boolean(s->stuck));
	set(o, "tsc_khz", number(s->tsc_khz));
	set(o, "host", json_host(&s->host));
	if (s->placed.known) {
		json_t *cpus = json_array();

		for (uint32_t i = 0; i < s->nr_vcpus; i++)
			json_array_append_new(cpus,
					      json_integer(s->host_cpu[i]));
		set(o, "host_cpus", cpus);
		set(o, "placement", write_placed(&s->placed));
	}
	for (unsigned int i = 0; i < s->grid.nr_rows; i++)
		json_array_append_new(rows, row_value(s, i));
	set(o, "rows", rows);
	err = json_write(o, path);
	json_decref(o);
	return err;
}
