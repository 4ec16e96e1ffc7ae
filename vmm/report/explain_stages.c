/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_stages.c - the stages of a way, as a table: text.h. */
#include <math.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/report/text.h"

#define NAME_WIDTH 24 /* of a stage */
#define PART_ROOM  40 /* behind a stage's name: a cause and its duration */

/* What is left of 79 columns shows times of the largest one's size. */
struct scale {
	double by;
	const char *ticks, *insns; /* the unit's name */
};

static const struct scale *scale_of(double most)
{
	static const struct scale scales[] = {
		{1, "ns", NULL},
		{1e3, "us", "thousands"},
		{1e6, "ms", "millions"},
	};

	if (most < 1e6)
		return &scales[0];
	return most < 1e8 ? &scales[1] : &scales[2];
}

static void cell(const struct result *r, int width, uint64_t tsc,
		 const struct scale *scale, FILE *out)
{
	double value = result_value(r, (int64_t)tsc), tenths;
	char text[TEXT_GROUPED_LEN];

	if (scale->by == 1) {
		report_cell(out, width, value);
		return;
	}
	tenths = round(value * 10 / scale->by);
	fprintf(out, " %*s.%d", width - 2,
		report_grouped(text, sizeof(text), floor(tenths / 10)),
		(int)fmod(tenths, 10));
}

static void cells(const struct result *r, const struct explain_spread *s,
		  const struct explain_class *c, FILE *out)
{
	const struct scale *scale =
		scale_of(result_value(r, (int64_t)c->whole.max));

	cell(r, 8, s->min, scale, out);
	cell(r, 8, s->p50, scale, out);
	cell(r, 8, s->p90, scale, out);
	cell(r, 9, s->p99, scale, out);
	cell(r, 9, s->max, scale, out);
	fprintf(out, "%4.0f\n",
		c->whole.sum ? 100.0 * (double)s->sum / (double)c->whole.sum
			     : 0.0);
}

bool text_parts(const char *name, int at, int indent, FILE *out)
{
	bool is_long = at + (int)strlen(name) > TEXT_WIDTH - PART_ROOM;

	while (*name) {
		int len = (int)strcspn(name, "+");

		len += name[len] == '+';
		if (at + len > TEXT_WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
		}
		fprintf(out, "%.*s", len, name);
		at += len;
		name += len;
	}
	return is_long;
}

/* A stage of several parts is as long as they are: it has its own line then. */
static void label(const char *name, FILE *out)
{
	fputs("    ", out);
	if (strlen(name) > NAME_WIDTH) {
		text_parts(name, 4, 4, out);
		fprintf(out, "\n    %-*s", NAME_WIDTH, "");
	} else {
		fprintf(out, "%-*s", NAME_WIDTH, name);
	}
}

static void head(const struct result *r, const struct explain_class *c,
		 FILE *out)
{
	const struct scale *scale =
		scale_of(result_value(r, (int64_t)c->whole.max));
	const char *unit = result_insns(r) ? scale->insns : scale->ticks;
	char name[NAME_WIDTH + 1];

	snprintf(name, sizeof(name), "stage%s%s", unit ? ", in " : "",
		 unit ? unit : "");
	fprintf(out, "    %-*s %8s %8s %8s %9s %9s   %%\n", NAME_WIDTH, name,
		"min", "p50", "p90", "p99", "max");
}

void report_stages(const struct result *r, const struct explain_class *c,
		   FILE *out)
{
	char text[TEXT_GROUPED_LEN];

	fprintf(out, "  %s: %s sample%s", span_path_name(c->path),
		report_grouped(text, sizeof(text), (double)c->nr),
		plural(c->nr));
	if (c->others)
		fprintf(out, ", %s more with other boundaries",
			report_grouped(text, sizeof(text), (double)c->others));
	fputc('\n', out);
	head(r, c, out);
	for (unsigned int i = 0; i < c->nr_stages; i++) {
		label(c->stages[i].name, out);
		cells(r, &c->stages[i].spread, c, out);
	}
	label("whole", out);
	cells(r, &c->whole, c, out);
}
