/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor.c - see doctor.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/base/text.h"
#include "vmm/host/knob.h"
#include "vmm/report/doctor.h"
#include "vmm/report/wrap.h"

#define SCREEN 24 /* lines */
#define INDENT 8  /* behind "UNKNOWN " */

/* out: NULL: only counts.  How many lines. */
static unsigned int print_found(const struct check_found *f, FILE *out)
{
	struct text_fixes fixes = {f->run, f->boot, f->other};
	const struct knob *k = knob_of_check(f->check->name);
	bool bad = check_is_bad(f);
	char text[2 * CHECK_VALUE_LEN], label[INDENT + 1], tune[32] = "";
	unsigned int lines;

	snprintf(label, sizeof(label), "%-*s", INDENT,
		 check_status_name(f->status));
	if (bad && k)
		snprintf(tune, sizeof(tune), " (tune%s%s)",
			 k->option ? " " : "", k->option ? k->option : "");
	snprintf(text, sizeof(text), "%s: %s%s%s%s", f->check->name, f->value,
		 bad ? "; good: " : "", bad ? f->check->good : "", tune);
	lines = text_wrap(out, INDENT, label, text, false);
	if (!bad)
		return lines;
	lines += text_wrap(out, INDENT, "", f->check->why, false);
	return lines + text_fixes(out, INDENT, &fixes);
}

/* Of one status, those that weigh most first; the caller's.  *nr of them. */
static const struct check_found **
by_weight(const struct doctor *d, enum check_status status, unsigned int *nr)
{
	const struct check_found **list = room_for(
		d->nr, sizeof(const struct check_found *), "for a list");

	*nr = 0;
	for (size_t i = 0; i < d->nr; i++) {
		unsigned int at = *nr;

		if (d->found[i].status != status)
			continue;
		for (; at > 0 &&
		       list[at - 1]->check->weight < d->found[i].check->weight;
		     at--)
			list[at] = list[at - 1];
		list[at] = &d->found[i];
		++*nr;
	}
	return list;
}

/* "a, b, c." as far as there is room, else "a, b ...". */
static void print_names(const struct check_found *const *list, unsigned int nr,
			size_t column, FILE *out)
{
	for (unsigned int i = 0; i < nr; i++) {
		const char *name = list[i]->check->name;
		size_t len = strlen(name) + (i ? 2 : 0);

		/* Behind the last one a point, else " ...". */
		if (column + len + (i + 1 == nr ? 1 : 4) > TEXT_WIDTH) {
			fputs(" ...\n", out);
			return;
		}
		fprintf(out, "%s%s", i ? ", " : "", name);
		column += len;
	}
	fputs(".\n", out);
}

static void print_list(const struct doctor *d, enum check_status status,
		       const char *before, FILE *out)
{
	unsigned int nr, at = 0;
	const struct check_found **list = by_weight(d, status, &nr);

	if (status == CHECK_UNKNOWN)
		for (unsigned int i = 0; i < nr; i++)
			if (list[i]->check->weight >= CHECK_WEIGHT_DECIDES &&
			    list[i]->check->bad == CHECK_FAIL)
				list[at++] = list[i];
	fputs(before, out);
	print_names(list, status == CHECK_UNKNOWN ? at : nr, strlen(before),
		    out);
	free(list);
}

void doctor_verdict(const struct doctor *d, FILE *out)
{
	struct check_sum s = checks_sum(d->found, d->nr);
	char text[TEXT_WIDTH + 1];

	if (s.of[CHECK_FAIL]) {
		snprintf(text, sizeof(text),
			 "Fit for real-time guests: no, %u of %u fail: ",
			 s.of[CHECK_FAIL], s.nr);
		print_list(d, CHECK_FAIL, text, out);
	} else if (s.undecided) {
		snprintf(
			text, sizeof(text),
			"Fit for real-time guests: not known without %u of %u: ",
			s.undecided, s.nr);
		print_list(d, CHECK_UNKNOWN, text, out);
	} else {
		fprintf(out,
			"Fit for real-time guests: yes, none of %u fails, %u "
			"warn, %u are not known.\n",
			s.nr, s.of[CHECK_WARN], s.of[CHECK_UNKNOWN]);
	}
}

static void print_head(const struct doctor *d, FILE *out)
{
	struct check_sum s = checks_sum(d->found, d->nr);
	char text[512], release[64], why[TREE_WHY_LEN], vcpus[128], rest[128];
	uintmax_t nr = (uintmax_t)cpumask_count(&d->host->others);

	cpumask_to_list(&d->host->vcpus, vcpus, sizeof(vcpus));
	cpumask_to_list(&d->host->others, rest, sizeof(rest));
	if (tree_read(&d->host->tree, "proc/sys/kernel/osrelease", release,
		      sizeof(release), why) != 0)
		snprintf(release, sizeof(release), "?");
	text_line(release);
	snprintf(text, sizeof(text), "Linux %s: vCPUs on CPU%s %s, %s%s%s%s.",
		 release, plural((uintmax_t)cpumask_count(&d->host->vcpus)),
		 vcpus, nr ? "the system on CPU" : "no CPU for the system",
		 nr ? plural(nr) : "", nr ? " " : "", nr ? rest : "");
	text_wrap(out, 0, "", text, false);
	snprintf(text, sizeof(text),
		 "%u checks: %u FAIL, %u WARN, %u PASS, %u UNKNOWN, %u stated.",
		 s.nr, s.of[CHECK_FAIL], s.of[CHECK_WARN], s.of[CHECK_PASS],
		 s.of[CHECK_UNKNOWN], s.of[CHECK_STATED]);
	text_wrap(out, 0, "", text, false);
}

/* The failures that a screen has room for, and the first one in any case. */
static void print_failures(const struct doctor *d, FILE *out)
{
	/* Head of 2, what is left, the way to all, the verdict. */
	unsigned int lines = 2 + 3, nr, shown = 0;
	const struct check_found **list = by_weight(d, CHECK_FAIL, &nr);

	for (; shown < nr; shown++) {
		unsigned int more = print_found(list[shown], NULL);

		if (shown && lines + more > SCREEN)
			break;
		lines += more;
		print_found(list[shown], out);
	}
	if (shown < nr) {
		char text[64];

		snprintf(text, sizeof(text), "%u more: ", nr - shown);
		fputs(text, out);
		print_names(list + shown, nr - shown, strlen(text), out);
	}
	free(list);
	fputs("All of them, and why: latvisor doctor --all; (tune): latvisor "
	      "tune does it\n",
	      out);
}

static void print_all(const struct doctor *d, FILE *out)
{
	const char *group = "";

	for (size_t i = 0; i < d->nr; i++) {
		if (strcmp(group, d->found[i].group) != 0)
			fprintf(out, "\n%s\n", d->found[i].group);
		group = d->found[i].group;
		print_found(&d->found[i], out);
	}
	fputc('\n', out);
}

void doctor_text(const struct doctor *d, bool all, FILE *out)
{
	print_head(d, out);
	if (all)
		print_all(d, out);
	else
		print_failures(d, out);
	doctor_verdict(d, out);
}
