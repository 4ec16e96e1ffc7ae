/* SPDX-License-Identifier: BSD-2-Clause */
/* report.c - latvisor report: what a result file says, as run has said it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/commands/command.h"
#include "vmm/report/report.h"
#include "vmm/result/read.h"

static struct result *open_result(const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *f = is_stdin ? stdin : fopen(path, "re");
	struct result *r;
	char error[512];

	if (!f)
		die("cannot read %s: %s", path, strerror(errno));
	r = result_read(f, is_stdin ? "standard input" : path, error,
			sizeof(error));
	if (!is_stdin)
		fclose(f);
	if (!r)
		die("%s", error);
	return r;
}

static void print_title(const char *path, bool is_first)
{
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s", path);
	text_line(name);
	printf("%s== %s\n", is_first ? "" : "\n", name);
}

static int report(const struct options *o)
{
	if (o->nr_args < 1)
		die("it wants result files (run --json FILE), or - for "
		    "standard input");
	for (int i = 0; i < o->nr_args; i++) {
		struct result *r = open_result(o->args[i]);

		if (o->nr_args > 1)
			print_title(o->args[i], i == 0);
		ticks_announce(&r->ticks, stdout);
		report_text(r, stdout);
		result_free(r);
	}
	return 0;
}

COMMAND(report, .order = 50, .args = "FILE...", .takes = ARGS_FILES,
	.summary = "show what result files say",
	.help = "Shows what result files say, as the runs that wrote them have "
		"shown it; - is standard input.",
	.man = "Shows what result files say, as the runs that wrote them have "
	       "shown it; the text of the guest is not in them. *-* is standard "
	       "input. The exit status is not that of the run.",
	.run = report);
