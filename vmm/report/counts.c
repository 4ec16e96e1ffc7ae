/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counts.c - what a sample is made of, for metrics whose window counted
 * it (METRIC_COUNTED): writes of the APIC and halts, all vCPUs together.
 */
#include "vmm/base/text.h"
#include "vmm/report/report.h"

static void row(FILE *out, const char *name, double guest, double kvm,
		bool known)
{
	fprintf(out, "  %-14s %9.2f", name, guest);
	if (known)
		fprintf(out, " %9.2f\n", kvm);
	else
		fprintf(out, " %9s\n", "-");
}

static bool is_short(const struct result_metric *m)
{
	return m->flags & METRIC_COUNTED && m->flags & METRIC_PER_OP;
}

/* An operation of the APIC timer: a line, and a heading above the first. */
static void short_row(const struct result *r, const struct result_metric *m,
		      double samples, FILE *out)
{
	struct result_kinds k;

	result_kinds(r, m, &k);
	if (m == r->metrics || !is_short(m - 1)) {
		fprintf(out, "%-30s %9s %9s\n", "timer writes each", "guest",
			"KVM");
		if (k.error)
			fprintf(out, "KVM's count: not available (%s)\n",
				result_kinds_unknown(r, &k));
	}
	fprintf(out, "%-30s %9.2f", m->name,
		(double)k.guest[KIND_TIMER] / samples);
	if (k.error == 0)
		fprintf(out, " %9.2f\n", (double)k.kvm[KIND_TIMER] / samples);
	else
		fprintf(out, " %9s\n", "-");
}

void report_counts(const struct result *r, const struct result_metric *m,
		   FILE *out)
{
	static const char *const names[NR_KINDS] = {
		[KIND_TIMER] = "timer writes",
		[KIND_ICR] = "ICR writes",
		[KIND_HALT] = "halts",
		[KIND_EOI] = "and EOI writes",
	};
	static const enum exit_kind order[NR_KINDS] = {KIND_TIMER, KIND_ICR,
						       KIND_HALT, KIND_EOI};
	double samples = m->hist ? (double)m->hist->count : 0;
	double guest = 0, kvm = 0;
	struct result_kinds k;

	if (samples == 0) {
		fprintf(out, "%s: no samples\n", m->name);
		return;
	}
	if (is_short(m)) {
		short_row(r, m, samples, out);
		return;
	}
	result_kinds(r, m, &k);
	if (samples == 1) {
		fprintf(out, "exits for the sample of ");
	} else {
		fprintf(out, "exits for each of the ");
		report_cell(out, 0, samples);
		fprintf(out, " samples of ");
	}
	fprintf(out, "%s, on all vCPUs\n", m->name);
	fprintf(out, "  %-14s %9s %9s\n", "", "guest", "KVM");
	for (int n = 0; n < NR_KINDS; n++) {
		enum exit_kind i = order[n];

		/* Most hosts need no exit for it: a figure by itself. */
		if (i == KIND_EOI)
			row(out, "total", guest / samples, kvm / samples,
			    k.error == 0);
		row(out, names[i], (double)k.guest[i] / samples,
		    (double)k.kvm[i] / samples, k.error == 0 || i == KIND_HALT);
		guest += (double)k.guest[i];
		kvm += (double)k.kvm[i];
	}
	if (k.error)
		fprintf(out, "  KVM's count: not available (%s)\n",
			result_kinds_unknown(r, &k));
	for (int n = 0; n < NR_KINDS && k.error == 0; n++)
		if (k.guest[order[n]] && !k.kvm[order[n]])
			fprintf(out,
				"  KVM saw none of the %s: they are no exits "
				"here\n",
				order[n] == KIND_EOI ? "EOI writes"
						     : names[order[n]]);
}
