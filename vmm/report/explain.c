/* SPDX-License-Identifier: BSD-2-Clause */
/* explain.c - --explain for people: text.h. */
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/report/text.h"

#define SHOWN	   3  /* of the worst samples, as a timeline */
#define NAME_WIDTH 24 /* of an operation */
#define NS_PER_MS  1000000u

static double value(const struct result *r, uint64_t tsc)
{
	return result_value(r, (int64_t)tsc);
}

/* "thread kworker/1:0" */
static void print_name(const struct cause *c, FILE *out)
{
	fprintf(out, "%s%s%s", cause_text(c->kind), c->name[0] ? " " : "",
		c->name);
}

static void print_cause(const struct result *r, const struct explain_worst *w,
			FILE *out)
{
	char excess[TEXT_GROUPED_LEN], took[TEXT_GROUPED_LEN];
	int at;

	report_grouped(excess, sizeof(excess), value(r, w->excess));
	report_grouped(took, sizeof(took), value(r, w->cause.tsc));
	at = fprintf(out, "      +%s in ", excess);
	if (text_parts(w->stage, at, 8, out))
		fputs(":\n        ", out);
	else
		fputs(": ", out);
	print_name(&w->cause, out);
	if (w->cause.kind != CAUSE_NOTHING)
		fprintf(out, ", %s", took);
	fputc('\n', out);
}

static void print_worst(const struct result *r, const struct explain_worst *w,
			unsigned int nr, FILE *out)
{
	char text[TEXT_GROUPED_LEN];

	fprintf(out, "    %u. %s %s, %s", nr + 1,
		report_grouped(text, sizeof(text), value(r, w->value)),
		result_unit(r), span_path_name(w->path));
	if (w->round)
		fprintf(out, ", round %u", w->round);
	fputc('\n', out);
	print_cause(r, w, out);
	if (nr >= SHOWN)
		return;
	for (unsigned int i = 0; i < w->nr_lines; i++) {
		const struct explain_line *l = &w->lines[i];

		report_grouped(text, sizeof(text), result_value(r, l->after));
		fprintf(out, "    %11s  %-22.22s %.39s\n", text, l->who,
			l->what);
	}
	if (w->more)
		fprintf(out, "    %11s  %ju more\n", "", (uintmax_t)w->more);
}

/* What the host's kernel has no event of, on those CPUs. */
static void print_outside(const struct result *r, FILE *out)
{
	const struct result_trace *t = &r->trace;

	if (t->steal_known)
		fprintf(out, "       steal time there meanwhile: %ju ms\n",
			(uintmax_t)(t->steal_ns / NS_PER_MS));
	if (t->no_smis[0])
		fprintf(out, "       SMIs: not known (%s)\n", t->no_smis);
	else
		fprintf(out, "       SMIs there meanwhile: %ju\n",
			(uintmax_t)t->smis);
}

static void print_tally(const struct result *r, const struct explain *x,
			FILE *out)
{
	fprintf(out, "  causes of the %u worst:\n", x->nr_worst);
	for (unsigned int i = 0; i < x->nr_tally; i++) {
		const struct explain_tally *t = &x->tally[i];

		fprintf(out, "    %2u ", t->nr);
		print_name(&t->cause, out);
		fprintf(out, "\n       %s\n", cause_advice(&t->cause));
		fprintf(out, "       latvisor doctor: %s\n",
			cause_checks(&t->cause));
		if (t->cause.kind == CAUSE_NOTHING)
			print_outside(r, out);
	}
}

/* What the recorded samples are longer by. */
static void print_price(const struct result *r, const struct explain *x,
			const struct result_metric *m, FILE *out)
{
	char text[TEXT_GROUPED_LEN];
	int64_t plain, more;

	if (x->nr_plain == 0 || x->priced || m->analysis.count == 0 ||
	    x->nr_traced == 0)
		return;
	plain = m->analysis.quantile[0].value;
	more = (int64_t)x->traced_p50 - plain;
	report_grouped(text, sizeof(text), result_value(r, more));
	fprintf(out, "  price of looking: p50 %s%s %s", more < 0 ? "" : "+",
		text, result_unit(r));
	if (plain > 0)
		fprintf(out, " (%+.1f %%)",
			100.0 * (double)more / (double)plain);
	fprintf(out, ", %.1f events a sample, %ju lost\n",
		(double)x->nr_events / (double)x->nr_traced,
		(uintmax_t)r->trace.lost);
}

static void print_lacks(const struct result *r, FILE *out)
{
	const char *comma = "";

	if (!r->trace.lacks)
		return;
	fprintf(out, "  this kernel does not record:");
	for (unsigned int i = 0; i < NR_TRACE_KINDS; i++)
		if (r->trace.lacks & TRACE_BIT(i)) {
			fprintf(out, "%s %s", comma, trace_kind_name(i));
			comma = ",";
		}
	fputc('\n', out);
}

/* Has every round been recorded, and none of it got into the percentiles? */
static bool is_plain(const struct result *r, const struct explain *x)
{
	return x->nr_plain && !x->priced && x->nr_rounds == r->nr_rounds;
}

static void print_rounds(const struct result *r, const struct explain *x,
			 FILE *out)
{
	if (!x->nr_rounds)
		return;
	if (x->nr_rounds == r->nr_rounds)
		fprintf(out, "  of %u round%s together\n", x->nr_rounds,
			plural(x->nr_rounds));
	else
		fprintf(out,
			"  of %u of %u rounds: nothing of it was recorded in "
			"the others\n",
			x->nr_rounds, r->nr_rounds);
}

static void print_witness(const struct explain *x, FILE *out)
{
	uint64_t nr = x->nr_witnessed + x->nr_odd;

	if (nr)
		fprintf(out, "  witness: %s %ju of %ju samples\n",
			x->kind == SPAN_TIMER
				? "the timer was set to the time due in"
				: "one IPI from vCPU to vCPU within",
			(uintmax_t)x->nr_witnessed, (uintmax_t)nr);
}

static void print_metric(const struct result *r, const struct explain *x,
			 FILE *out)
{
	const struct result_metric *m = &r->metrics[x->metric];
	char label[TEXT_LABEL_LEN];
	char traced[TEXT_GROUPED_LEN], plain[TEXT_GROUPED_LEN];
	char neither[TEXT_GROUPED_LEN];

	report_grouped(traced, sizeof(traced), (double)x->nr_traced);
	report_grouped(plain, sizeof(plain), (double)x->nr_plain);
	report_grouped(neither, sizeof(neither), (double)x->nr_neither);
	if (r->trace.watched)
		fprintf(out,
			"explained: %s: %s samples of the last moments, and of "
			"those\n  before each above --break-at; %s are earlier\n",
			text_label(r, m, label), traced, neither);
	else
		fprintf(out,
			"explained: %s: %s samples beside recorded events,\n"
			"  %s without%s, %s in between\n",
			text_label(r, m, label), traced, plain,
			is_plain(r, x) ? " (the percentiles are theirs)" : "",
			neither);
	print_rounds(r, x, out);
	print_price(r, x, m, out);
	print_lacks(r, out);
	print_witness(x, out);
	for (unsigned int i = 0; i < x->nr_classes; i++)
		report_stages(r, &x->classes[i], out);
	if (x->nr_worst == 0)
		return;
	fprintf(out, "  the worst of them:\n");
	for (unsigned int i = 0; i < x->nr_worst && i < SHOWN; i++)
		print_worst(r, &x->worst[i], i, out);
	print_tally(r, x, out);
}

static bool is_operation(const struct result *r, const struct explain *x)
{
	return r->metrics[x->metric].flags & METRIC_PER_OP;
}

/* They are many: a line each, of the worst sample. */
static void print_operation(const struct result *r, const struct explain *x,
			    FILE *out)
{
	const struct explain_worst *w = &x->worst[0];

	fprintf(out, "  %-*s", NAME_WIDTH, r->metrics[x->metric].name);
	report_cell(out, 8, (double)x->nr_traced);
	if (x->nr_worst == 0) {
		fputc('\n', out);
		return;
	}
	report_cell(out, 9, value(r, x->traced_p50));
	report_cell(out, 10, value(r, w->value));
	fputs("  ", out);
	print_name(&w->cause, out);
	fputc('\n', out);
}

void report_explain(const struct result *r, FILE *out)
{
	bool operations = false;

	for (unsigned int i = 0; i < r->trace.nr; i++) {
		const struct explain *x = &r->trace.list[i];

		if (!is_operation(r, x))
			print_metric(r, x, out);
		operations |= is_operation(r, x);
	}
	if (!operations)
		return;
	fprintf(out,
		"explained: beside recorded events, in %s\n  %-*s %8s %9s %10s  %s\n",
		result_unit(r), NAME_WIDTH, "operation", "samples", "p50",
		"max", "cause of the max");
	for (unsigned int i = 0; i < r->trace.nr; i++)
		if (is_operation(r, &r->trace.list[i]))
			print_operation(r, &r->trace.list[i], out);
	print_lacks(r, out);
}
