/* SPDX-License-Identifier: BSD-2-Clause */
/* sweep_text.c - a sweep's table and its plot. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/base/verdict.h"
#include "vmm/report/plot.h"
#include "vmm/report/report.h"
#include "vmm/report/sweep.h"
#include "vmm/report/text.h"
#include "vmm/report/wrap.h"

/* Of report_quantiles. */
enum {
	P50 = 0,
	P99 = 2,
	P999 = 3,
};

static bool has_samples(const struct sweep_row *row)
{
	struct dist d = sweep_dist(row);

	return row->late && dist_count(&d) != 0;
}

/* As wide as its widest value. */
static int axis_width(const struct axis *a)
{
	size_t width = strlen(a->desc->name);

	for (unsigned int i = 0; i < a->nr; i++)
		if (strlen(a->values[i]) > width)
			width = strlen(a->values[i]);
	return (int)width;
}

static void print_values(const struct sweep *s, unsigned int row, FILE *out)
{
	for (unsigned int i = 0; i < s->grid.nr_axes; i++) {
		const struct axis *a = &s->grid.axes[i];

		if (a->nr > 1)
			fprintf(out, "%-*s  ", axis_width(a),
				a->values[grid_value(&s->grid, row, i)]);
	}
}

static const char *status_word(int status)
{
	for (int v = VERDICT_PASS; v < NR_VERDICTS; v++)
		if (verdict_status((enum verdict)v) == status)
			return verdict_name((enum verdict)v);
	return status == STATUS_INTERRUPTED ? "interrupted" : "?";
}

static void print_quantile(const struct sweep *s, const struct analysis *a,
			   int i, FILE *out)
{
	if (a->quantile[i].supported)
		report_cell(out, 11,
			    sweep_value(s, (double)a->quantile[i].value));
	else
		fprintf(out, " %11s", "-");
}

/* Exits of each sample and of a second, and the threads' CPU time. */
static void print_cost(const struct sweep *s, const struct sweep_row *row,
		       FILE *out)
{
	if (row->exits_of)
		fprintf(out, " %6.2f",
			(double)row->exits / (double)row->exits_of);
	else
		fprintf(out, " %6s", "-");
	if (s->ticks.insns)
		return;
	if (row->exits_of && row->window_ns > 0)
		report_cell(out, 8, (double)row->exits * 1e9 / row->window_ns);
	else
		fprintf(out, " %8s", "-");
	if (row->window_ns > 0)
		fprintf(out, " %6.1f", row->cpu_ns * 100 / row->window_ns);
	else
		fprintf(out, " %6s", "-");
}

/* Of the p50: what holds for this host, or how few rounds differ. */
static void print_bounds(const struct sweep *s, const struct sweep_row *row,
			 const struct analysis_quantile *p50, FILE *out)
{
	struct sweep_spread spread = sweep_spread(row, P50);

	if (s->rounds_want < ANALYSIS_LEAST_ROUNDS) {
		report_cell(out, 11, sweep_value(s, (double)spread.least));
		report_cell(out, 11, sweep_value(s, (double)spread.most));
	} else if (p50->has_low && p50->has_high) {
		report_cell(out, 11, sweep_value(s, (double)p50->low));
		report_cell(out, 11, sweep_value(s, (double)p50->high));
	} else {
		fprintf(out, " %23s", "-");
	}
}

static void print_row(const struct sweep *s, unsigned int i, FILE *out)
{
	const struct sweep_row *row = &s->rows[i];
	struct analysis a;

	print_values(s, i, out);
	if (!has_samples(row)) {
		fprintf(out, " %s%s%s\n",
			row->rounds || row->status ? status_word(row->status)
						   : "not run",
			row->reason[0] ? ": " : "", row->reason);
		return;
	}
	sweep_analyse(row, &a);
	report_cell(out, 8, (double)a.count);
	report_cell(out, 11, sweep_value(s, (double)a.min));
	print_quantile(s, &a, P50, out);
	print_bounds(s, row, &a.quantile[P50], out);
	print_quantile(s, &a, P99, out);
	print_quantile(s, &a, P999, out);
	report_cell(out, 11, sweep_value(s, (double)a.max));
	print_cost(s, row, out);
	fprintf(out, "  %s", status_word(row->status));
	report_warned(row->nr_warnings, out);
	report_lost(row->missed, a.out_of_range, out);
	fputc('\n', out);
}

static void print_table(const struct sweep *s, FILE *out)
{
	bool exits = false;

	for (unsigned int i = 0; i < s->grid.nr_axes; i++)
		if (s->grid.axes[i].nr > 1)
			fprintf(out, "%-*s  ", axis_width(&s->grid.axes[i]),
				s->grid.axes[i].desc->name);
	fprintf(out, " %8s %11s %11s %23s %11s %11s %11s %6s", "samples", "min",
		"p50",
		s->rounds_want < ANALYSIS_LEAST_ROUNDS ? "p50 of the rounds"
						       : "95 % of this host",
		"p99", "p99.9", "max", "exits");
	if (!s->ticks.insns)
		fprintf(out, " %8s %6s", "a second", "CPU %");
	fprintf(out, "  verdict\n");
	for (unsigned int i = 0; i < s->grid.nr_rows; i++) {
		print_row(s, i, out);
		exits |= s->rows[i].exits_of != 0;
	}
	if (exits)
		fputs(TEXT_WHOSE_EXITS, out);
}

static double median(const struct sweep *s, unsigned int i)
{
	const struct sweep_row *row = &s->rows[i];
	struct dist d = sweep_dist(row);
	double value;

	if (!has_samples(row))
		return NAN;
	value = sweep_value(s, (double)dist_quantile(&d, QUANTILE_ONE / 2));
	return value < 0 ? NAN : fmax(1, value); /* for its logarithm */
}

struct curves {
	unsigned int nr;
	char text[GRID_MAX_ROWS][SWEEP_LABEL_LEN];
	const char *labels[GRID_MAX_ROWS];
};

static unsigned int find_series(struct curves *all, const char *label)
{
	unsigned int i = 0;

	while (i < all->nr && strcmp(all->text[i], label) != 0)
		i++;
	if (i < all->nr)
		return i;
	memcpy(all->text[i], label, SWEEP_LABEL_LEN);
	all->labels[i] = all->text[i];
	return all->nr++;
}

/* x: the axis of numbers; -1: bars. */
static void print_plot(const struct sweep *s, int x, FILE *out)
{
	unsigned int nr_x = x < 0 ? 1 : s->grid.axes[x].nr;
	struct curves *all = calloc(1, sizeof(*all));
	double *values = calloc((size_t)GRID_MAX_ROWS * nr_x, sizeof(*values));
	char y_title[160];
	struct plot p = {
		.x_title = x < 0 ? "" : s->grid.axes[x].desc->name,
		.y_title = y_title,
		.nr_x = nr_x,
		.values = values,
	};

	if (!all || !values)
		die_errno("no memory for the plot");
	for (size_t i = 0; i < (size_t)GRID_MAX_ROWS * nr_x; i++)
		values[i] = NAN;
	for (unsigned int i = 0; i < s->grid.nr_rows; i++) {
		char label[SWEEP_LABEL_LEN] = "";
		unsigned int at =
			x < 0 ? 0 : grid_value(&s->grid, i, (unsigned int)x);

		grid_label(&s->grid, i, x, label, sizeof(label));
		values[find_series(all, label) * nr_x + at] = median(s, i);
	}
	snprintf(y_title, sizeof(y_title), "%s, p50 in %s", s->metric,
		 ticks_unit(&s->ticks));
	p.series_labels = all->labels;
	p.nr_series = all->nr;
	if (x >= 0) {
		p.x_labels = (const char *const *)s->grid.axes[x].values;
		if (p.nr_series > PLOT_MAX_SERIES)
			p.nr_series = PLOT_MAX_SERIES;
		plot_curves(&p, out);
	} else {
		plot_bars(&p, out);
	}
	free(values);
	free(all);
}

static bool any_samples(const struct sweep *s)
{
	for (unsigned int i = 0; i < s->grid.nr_rows; i++)
		if (has_samples(&s->rows[i]))
			return true;
	return false;
}

static void print_cpus(const struct sweep *s, FILE *out)
{
	char list[MAX_VCPUS * 5] = "";
	size_t at = 0;

	for (uint32_t i = 0; i < s->nr_vcpus && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%d",
				       i ? "," : "", s->host_cpu[i]);
	report_placed(&s->placed, list, out);
}

static void print_head(const struct sweep *s, FILE *out)
{
	const struct grid *g = &s->grid;
	char *paths[GRID_MAX_ROWS];
	struct paragraph p;
	FILE *from;

	fprintf(out, "%s", s->note->name);
	for (unsigned int i = 0; i < g->nr_axes; i++)
		if (g->axes[i].nr == 1)
			fprintf(out, " %s", g->axes[i].assignments[0]);
	fprintf(out, ": %u row%s in %u round%s, each in another order",
		g->nr_rows, plural(g->nr_rows), s->rounds, plural(s->rounds));
	if (s->rounds != s->rounds_want)
		fprintf(out, " (%u wanted)", s->rounds_want);
	fprintf(out, "; %s\n", s->host.kvm_module);
	print_cpus(s, out);
	for (unsigned int i = 0; i < g->nr_rows; i++)
		paths[i] = s->rows[i].path;
	report_run_paths(paths, NULL, g->nr_rows, out);
	if (!s->metric[0]) {
		fputc('\n', out);
		return;
	}
	from = paragraph_begin(&p);
	fprintf(from, "%s in %s", s->metric, ticks_unit(&s->ticks));
	if (s->others[0])
		fprintf(from, "; --metric also takes %s", s->others);
	paragraph_end(&p, from, out, 4);
}

void report_sweep(const struct sweep *s, FILE *out)
{
	int x = grid_number_axis(&s->grid);

	print_head(s, out);
	print_table(s, out);
	if (any_samples(s)) {
		fputc('\n', out);
		print_plot(s, x, out);
		report_sweep_explained(s, out);
	}
	if (s->interrupted)
		fputs("interrupted: the last round is not whole\n", out);
	if (s->stuck)
		fputs("ended early: a vCPU did not leave its guest; the last "
		      "round is not whole\n",
		      out);
}
