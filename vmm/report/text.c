/* SPDX-License-Identifier: BSD-2-Clause */
/* text.c - tables that a person likes to read. */
#include <math.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/base/verdict.h"
#include "vmm/report/text.h"
#include "vmm/report/wrap.h"
#include "vmm/result/check.h"
#include "vmm/result/judge.h"

#define WIDE_QUANTILES 4 /* of them, in the table of many metrics */

const char *report_grouped(char *text, size_t len, double value)
{
	char digits[32];
	size_t n, at = 0;

	snprintf(digits, sizeof(digits), "%.0f", fabs(value));
	n = strlen(digits);
	if (value <= -0.5)
		text[at++] = '-';
	for (size_t i = 0; i < n && at + 2 < len; i++) {
		if (i && (n - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

void report_cell(FILE *out, int width, double value)
{
	char text[TEXT_GROUPED_LEN];

	fprintf(out, "%s%*s", width ? " " : "", width,
		report_grouped(text, sizeof(text), value));
}

const char *text_label(const struct result *r, const struct result_metric *m,
		       char *text)
{
	int nr = __builtin_popcountll(m->vcpu_set);

	if (nr == 0)
		snprintf(text, TEXT_LABEL_LEN, "%s (vCPU %u)", m->name,
			 m->vcpu);
	else if ((uint32_t)nr == r->nr_vcpus)
		snprintf(text, TEXT_LABEL_LEN, "%s (all vCPUs)", m->name);
	else
		snprintf(text, TEXT_LABEL_LEN, "%s (%d vCPUs)", m->name, nr);
	return text;
}

/* Is its name that of another vCPU's metric too? */
bool text_is_shared(const struct result *r, const struct result_metric *m)
{
	for (unsigned int i = 0; i < r->nr_merged; i++)
		if (strcmp(r->merged[i].name, m->name) == 0)
			return true;
	return false;
}

/* samples, min, quantiles, max: what both tables have in the unit. */
void text_value_cells(const struct result *r, const struct analysis *a,
		      FILE *out)
{
	report_cell(out, 8, (double)a->count);
	report_cell(out, 10, result_value(r, a->min));
	for (int i = 0; i < WIDE_QUANTILES; i++) {
		if (a->quantile[i].supported)
			report_cell(out, 10,
				    result_value(r, a->quantile[i].value));
		else
			fprintf(out, " %10s", "-");
	}
	report_cell(out, 11, result_value(r, a->max));
}

void report_lost(uint64_t missed, uint64_t out_of_range, FILE *out)
{
	if (missed)
		fprintf(out, "  %ju missed", (uintmax_t)missed);
	if (out_of_range)
		fprintf(out, "  %ju out of range", (uintmax_t)out_of_range);
}

void report_warned(unsigned int nr, FILE *out)
{
	if (nr)
		fprintf(out, ", %u warning%s", nr, plural(nr));
}

static void print_checks(const struct result *r, FILE *out)
{
	unsigned int agree = 0, nr = 0;

	for (unsigned int i = 0; i < r->nr_checks; i++) {
		const struct result_check *c = &r->checks[i];

		if (!result_check_tells(c))
			continue;
		nr++;
		agree += c->guest == c->host;
	}
	if (nr)
		fprintf(out,
			"checks: %u of %u counts of the guest agree with "
			"the host's\n",
			agree, nr);
}

/* One is in the last line. */
static void print_broke(const struct result *r, FILE *out)
{
	if (r->nr_broke < 2)
		return;
	fprintf(out, "above --break-at, in %s:\n", result_unit(r));
	for (unsigned int i = 0; i < r->nr_broke; i++) {
		const struct result_break *b = &r->broke[i];

		fprintf(out, "  %-32s vCPU %-3u", b->metric->name,
			b->metric->vcpu);
		report_cell(out, 16, result_value(r, b->value));
		fprintf(out, "  TSC %ju\n", (uintmax_t)b->tsc);
	}
}

/* Each that is broken, and how many are not. */
static void print_thresholds(const struct result *r, FILE *out)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < r->nr_judged; i++) {
		const struct judgement *j = &r->judged[i];
		char text[RESULT_TEXT_LEN];

		if (j->outcome == JUDGE_KEPT) {
			kept++;
			continue;
		}
		judge_text(r, j, text, sizeof(text));
		fprintf(out, "threshold %s: '%s': %s\n",
			j->outcome == JUDGE_BROKEN ? "broken" : "not judged",
			j->threshold->text, text);
	}
	if (r->nr_judged)
		fprintf(out, "thresholds: %u of %u hold\n", kept, r->nr_judged);
}

/* Operations go into one table, a line each. */
static bool is_wide(const struct result *r)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		if (r->metrics[i].flags & METRIC_PER_OP)
			return true;
		nr += result_is_shown(&r->metrics[i]);
	}
	return nr > 4;
}

static void print_metrics(const struct result *r, FILE *out)
{
	bool wide = is_wide(r);

	if (wide) {
		report_wide(r, out);
		report_beside(r, out);
	}
	for (unsigned int i = 0; i < r->nr_metrics && !wide; i++)
		if (result_is_shown(&r->metrics[i]))
			report_tall(r, &r->metrics[i], out);
	/* Merged ones are few and have what a table of all lacks. */
	for (unsigned int i = 0; i < r->nr_merged; i++)
		if (result_is_shown(&r->merged[i]) &&
		    !(r->merged[i].flags & METRIC_PER_OP))
			report_tall(r, &r->merged[i], out);
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].flags & METRIC_COUNTED)
			report_counts(r, &r->metrics[i], out);
	report_gains(r, out);
}

void report_text(const struct result *r, FILE *out)
{
	report_head(r, out);
	print_metrics(r, out);
	report_stress(r, out);
	report_explain(r, out);
	report_exits(r, out);
	report_crash(r, out);
	report_stopped(r, out);
	print_broke(r, out);
	report_devices(r, out);
	report_proof(r, out);
	print_checks(r, out);
	print_thresholds(r, out);
	report_findings(r, out);
	for (unsigned int i = 0; i < r->nr_warnings; i++)
		text_wrap(out, 9, "warning:", r->warnings[i], false);
	if (r->raw.path[0])
		fprintf(out, "raw: %ju sample%s in %s, %ju lost\n",
			(uintmax_t)r->raw.records, plural(r->raw.records),
			r->raw.path, (uintmax_t)r->raw.lost);
	fprintf(out, "%s%s%s%s\n", verdict_name(r->verdict),
		r->interrupted ? " (interrupted)" : "",
		r->reason[0] && r->verdict != VERDICT_PASS ? ": " : "",
		r->verdict != VERDICT_PASS ? r->reason : "");
}
