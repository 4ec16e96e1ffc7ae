/* SPDX-License-Identifier: BSD-2-Clause */
/* paths.c - samples by the path that they took, for people: text.h. */
#include <string.h>

#include "vmm/report/text.h"

enum {
	P50 = 0, /* of report_quantiles */
	P99 = 2,
};

/* "slept" of "ipi_wake_slept", which is a part of "ipi_wake". */
static const char *path_name(const struct result_metric *path)
{
	size_t len = strlen(path->whole->name);

	if (strncmp(path->name, path->whole->name, len) != 0)
		return path->name;
	return path->name + len + strspn(path->name + len, "_");
}

static void quantile(const struct result *r, const struct analysis *a,
		     unsigned int i, FILE *out)
{
	if (a->quantile[i].supported)
		report_cell(out, 11, result_value(r, a->quantile[i].value));
	else
		fprintf(out, " %11s", "-");
}

static void row(const struct result *r, const struct result_metric *path,
		FILE *out)
{
	const struct analysis *a = &path->analysis;

	fprintf(out, "    %-12s", path_name(path));
	report_cell(out, 10, (double)a->count);
	report_cell(out, 11, result_value(r, a->min));
	quantile(r, a, P50, out);
	quantile(r, a, P99, out);
	report_cell(out, 11, result_value(r, a->max));
	fputc('\n', out);
}

void report_paths(const struct result *r, const struct result_metric *m,
		  FILE *out)
{
	const struct result_metric *only = NULL;
	unsigned int nr = 0;

	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].whole == m && r->metrics[i].analysis.count) {
			only = &r->metrics[i];
			nr++;
		}
	if (nr == 1 && only->analysis.count == m->analysis.count) {
		fprintf(out, "  path: %s, each time\n", path_name(only));
		return;
	}
	if (nr)
		fprintf(out, "  by path    %16s %11s %11s %11s %11s\n",
			"samples", result_insns(r) ? "min" : "min ns", "p50",
			"p99", "max");
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].whole == m && r->metrics[i].analysis.count)
			row(r, &r->metrics[i], out);
}
