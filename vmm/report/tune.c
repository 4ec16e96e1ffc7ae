/* SPDX-License-Identifier: BSD-2-Clause */
/* tune.c - see tune.h. */
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/report/tune.h"
#include "vmm/report/wrap.h"

#define INDENT	  8
#define LINE_LEN  (2 * KNOB_VALUE_LEN + 2 * CHECK_PATH_LEN + 128)
#define MOST_TOLD 4 /* of one event */

/* The same knob turns the same value into the same other one. */
static bool is_like(const struct tune_change *a, const struct tune_change *b)
{
	return a->knob == b->knob && a->file == b->file &&
	       strcmp(a->old, b->old) == 0 && strcmp(a->value, b->value) == 0;
}

/* Indented so little that any path has room. */
static void print_line(const char *name, char *line, FILE *out)
{
	char label[64];

	snprintf(label, sizeof(label), "%s:", name);
	text_line(line);
	text_wrap(out, INDENT, label, line, false);
}

static void print_change(const struct tune_plan *p, size_t at, FILE *out)
{
	const struct tune_change *c = &p->list[at];
	char line[LINE_LEN], more[64] = "";
	unsigned int like = 0;

	for (size_t i = 0; i < at; i++)
		if (is_like(&p->list[i], c))
			return;
	for (size_t i = at + 1; i < p->nr; i++)
		like += is_like(&p->list[i], c);
	if (like)
		snprintf(more, sizeof(more), " and %u more like it", like);
	if (c->file->op == KNOB_MAKE)
		snprintf(line, sizeof(line), "makes /%s", c->path);
	else if (c->file->op == KNOB_HOLD)
		snprintf(line, sizeof(line), "holds %s in /%s", c->value,
			 c->path);
	else if (c->file->op == KNOB_PUT)
		snprintf(line, sizeof(line), "%s in /%s", c->value, c->path);
	else
		snprintf(line, sizeof(line), "%s -> %s in /%s%s", c->old,
			 c->value, c->path, more);
	print_line(c->knob->name, line, out);
}

/* Those that are left out for the same reason, or are good, in one line. */
static void print_rest(const struct tune_plan *p, size_t at, FILE *out)
{
	const struct tune_rest *r = &p->rest[at];
	char line[LINE_LEN];
	size_t len;

	for (size_t i = 0; i < at; i++)
		if (p->rest[i].is_good == r->is_good &&
		    (r->is_good || strcmp(p->rest[i].why, r->why) == 0))
			return;
	line[0] = '\0';
	if (!r->is_good)
		snprintf(line, sizeof(line), "%s: ", r->why);
	len = strlen(line);
	for (size_t i = at; i < p->nr_rest && len < sizeof(line); i++)
		if (p->rest[i].is_good == r->is_good &&
		    (r->is_good || strcmp(p->rest[i].why, r->why) == 0))
			len += (size_t)snprintf(line + len, sizeof(line) - len,
						"%s%s", i > at ? ", " : "",
						p->rest[i].knob->name);
	print_line(r->is_good ? "good already" : "left out", line, out);
}

void tune_text(const struct tune_plan *p, FILE *out)
{
	char line[512], vcpus[160], others[160];
	uintmax_t nr = (uintmax_t)cpumask_count(&p->host->vcpus);

	cpumask_to_list(&p->host->vcpus, vcpus, sizeof(vcpus));
	cpumask_to_list(&p->host->others, others, sizeof(others));
	snprintf(line, sizeof(line),
		 "CPU%s %s for real-time guests, %s for the rest:", plural(nr),
		 vcpus, others);
	text_wrap(out, 0, "", line, false);
	for (size_t i = 0; i < p->nr; i++)
		print_change(p, i, out);
	for (int good = 1; good >= 0; good--)
		for (size_t i = 0; i < p->nr_rest; i++)
			if (p->rest[i].is_good == good)
				print_rest(p, i, out);
}

void tune_tell(void *arg, enum tune_event event, const char *path,
	       const char *what)
{
	static const char *const texts[NR_TUNE_EVENTS] = {
		[TUNE_REFUSED] = "not changed",
		[TUNE_BECAME] = "is something else now",
		[TUNE_FOREIGN] = "left alone, somebody else has changed it to",
		[TUNE_GONE] = "not there any more",
		[TUNE_FAILED] = "not restored"};
	struct tune_told *t = arg;
	char line[LINE_LEN], label[CHECK_PATH_LEN + 4];

	if (t->nr[event]++ >= MOST_TOLD || !texts[event])
		return;
	snprintf(label, sizeof(label), "/%s:", path);
	snprintf(line, sizeof(line), "%s: %s", texts[event], what);
	text_line(label);
	text_line(line);
	text_wrap(t->out, INDENT, label, line, false);
}

void tune_told_text(const struct tune_told *t)
{
	static const char *const texts[NR_TUNE_EVENTS] = {
		[TUNE_REFUSED] = "not changed",
		[TUNE_BECAME] = "something else",
		[TUNE_RESTORED] = "restored",
		[TUNE_FOREIGN] = "left alone",
		[TUNE_GONE] = "not there any more",
		[TUNE_FAILED] = "not restored"};
	const char *between = "";

	for (int i = 0; i < NR_TUNE_EVENTS; i++) {
		if (t->nr[i] == 0)
			continue;
		fprintf(t->out, "%s%u %s", between, t->nr[i], texts[i]);
		between = ", ";
	}
	if (*between)
		fputs(".\n", t->out);
}
