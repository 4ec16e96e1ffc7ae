/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_rows.c - --explain of many rows, a line each. */
#include <string.h>

#include "vmm/report/text.h"

#define LABEL_WIDTH 20
#define STAGE_WIDTH 13
#define P50_WIDTH   11 /* a second in ns */
#define CAUSE_WIDTH 15

void report_explained_head(const struct ticks *t, FILE *out)
{
	fputs("explained: commonest path, its longest stage (p50, share), "
	      "most of the worst\n",
	      out);
	fprintf(out, "in %-*s %-9s %-*s %*s   %%  %s\n", LABEL_WIDTH - 3,
		ticks_unit(t), "path", STAGE_WIDTH, "stage", P50_WIDTH, "p50",
		"cause of so many");
}

/* The one with the largest median; there is one at least. */
static const struct explain_stage *longest(const struct explain_class *c)
{
	const struct explain_stage *s = c->stages;

	for (unsigned int i = 1; i < c->nr_stages; i++)
		if (c->stages[i].spread.p50 > s->spread.p50)
			s = &c->stages[i];
	return s;
}

/* Of several parts the first ones: "interrupt+". */
static void stage_cell(const char *name, FILE *out)
{
	size_t len = strlen(name);

	while (len > STAGE_WIDTH || (name[len] && name[len - 1] != '+'))
		len--;
	fprintf(out, " %-*.*s", STAGE_WIDTH, (int)len, name);
}

/* As in the whole table, but short. */
static void cause_cell(const struct explain_tally *t, FILE *out)
{
	static const char *const short_text[NR_CAUSES] = {
		[CAUSE_NOTHING] = "nothing",
		[CAUSE_THREAD] = "",
		[CAUSE_OWN_THREAD] = "own",
		[CAUSE_THROTTLED] = "throttled, fair",
		[CAUSE_TIMER] = "timer",
		[CAUSE_IRQ] = "irq",
		[CAUSE_SOFTIRQ] = "softirq",
		[CAUSE_IRQ_WORK] = "irq_work",
		[CAUSE_WORK] = "",
		[CAUSE_PAGE_FAULT] = "page fault",
	};
	const char *text = short_text[t->cause.kind];
	size_t len = strlen(text);

	len += len != 0; /* and a blank */
	fprintf(out, " %2u %s", t->nr, text);
	/* Half an address is another one. */
	if (t->cause.name[0] && len < CAUSE_WIDTH &&
	    t->cause.kind != CAUSE_PAGE_FAULT)
		fprintf(out, "%s%.*s", len ? " " : "", CAUSE_WIDTH - (int)len,
			t->cause.name);
}

void report_explained(const struct explain *x, const char *label,
		      const struct ticks *t, uint64_t tsc_khz, FILE *out)
{
	const struct explain_class *c = x->classes;
	const struct explain_stage *s;

	if (strlen(label) > LABEL_WIDTH)
		fprintf(out, "%s\n%-*s", label, LABEL_WIDTH, "");
	else
		fprintf(out, "%-*s", LABEL_WIDTH, label);
	if (x->nr_classes == 0) {
		fputs(" no sample beside recorded events\n", out);
		return;
	}
	s = longest(c);
	fprintf(out, " %-9s", span_path_name(c->path));
	stage_cell(s->name, out);
	report_cell(out, P50_WIDTH,
		    ticks_value(t, (double)s->spread.p50, tsc_khz));
	fprintf(out, " %3.0f",
		c->whole.sum
			? 100.0 * (double)s->spread.sum / (double)c->whole.sum
			: 0.0);
	if (x->nr_tally)
		cause_cell(x->tally, out);
	fputc('\n', out);
}

static bool in_rows(const struct result *r, const struct explain *x)
{
	return !(r->metrics[x->metric].flags & METRIC_PER_OP);
}

void report_explained_rows(const struct result *r, const char *label, FILE *out)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < r->trace.nr; i++)
		nr += in_rows(r, &r->trace.list[i]);
	for (unsigned int i = 0; i < r->trace.nr; i++) {
		const struct explain *x = &r->trace.list[i];
		char name[2 * TEXT_LABEL_LEN], of[TEXT_LABEL_LEN];

		if (!in_rows(r, x))
			continue;
		snprintf(name, sizeof(name), "%s%s%s", label, nr > 1 ? " " : "",
			 nr > 1 ? text_label(r, &r->metrics[x->metric], of)
				: "");
		report_explained(x, name, &r->ticks, r->machine.tsc_khz, out);
	}
}
