/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_markdown.c - docs/host-setup.md, see doctor.h. */
#include <string.h>

#include "vmm/host/knob.h"
#include "vmm/report/doctor.h"

static const char head[] =
	"# Setting up a host\n"
	"\n"
	"What `latvisor doctor` looks at, and what mends it. This page is "
	"written by\n"
	"`latvisor doctor --markdown` from the table that the checks run from.\n"
	"\n"
	"    latvisor doctor               # this machine, one screen\n"
	"    latvisor doctor --all         # every check\n"
	"    latvisor doctor --cpus 2-7    # vCPUs on these CPUs\n"
	"    latvisor doctor --root DIR    # a copy of another machine's /proc "
	"and /sys\n"
	"    latvisor doctor --json FILE   # schema " DOCTOR_SCHEMA "\n"
	"    latvisor doctor --format TOOL # for tuned, libvirt, cmdline, grub, "
	"ansible\n"
	"\n"
	"| status | means |\n"
	"|---|---|\n"
	"| PASS | as it should be |\n"
	"| WARN | costs time now and then, or makes figures spread |\n"
	"| FAIL | breaks a real-time guest's deadlines |\n"
	"| UNKNOWN | could not be read; the reason is in the place of the "
	"value |\n"
	"| stated | sources disagree, or it depends on what you want |\n"
	"\n"
	"The exit status is 0 when nothing fails and all is known that decides: "
	"the checks of\n"
	"weight 9 and more that can fail. Else it is 1, and 2 for bad input.\n"
	"\n"
	"In a fix `{cpus}` are the vCPUs' CPUs, `{others}` the other ones and "
	"`{mask}` their\n"
	"mask, `{cpu}` is the CPU and `{at}` the file, the thread or the state "
	"that the check\n"
	"found, `{prio}` one above the vCPUs' priority: the program prints real "
	"values. What has\n"
	"a command under *now* can be changed and undone at run time; *boot* is "
	"a boot\n"
	"parameter. Without `--root` the program spins for a second on the "
	"vCPUs' CPUs, at\n"
	"their priority, to see what a vCPU would (group measured).\n"
	"\n"
	"The file of `--json` has the verdict (`fit`), both lists of CPUs, the "
	"`count` of each\n"
	"status, and in `checks` what this page has of each check with its "
	"`status`, its `value`\n"
	"or why that is `not_known`, the fix with real values, and whether "
	"[latvisor tune](tune.md)\n"
	"has a knob for it (`tune`).\n";

/* A bar would end the cell. */
static void cell(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '|')
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void fix(const char *kind, const char *text, FILE *out, bool *some)
{
	if (!text)
		return;
	fputs(*some ? "<br>" : "", out);
	fputs(kind, out);
	cell(text, out);
	fputs(strchr(kind, '`') ? "`" : "", out);
	*some = true;
}

static void row(const struct check *c, FILE *out)
{
	const struct knob *k = knob_of_check(c->name);
	bool some = false;

	fprintf(out, "| %s | %s %d | ", c->name, check_status_name(c->bad),
		c->weight);
	cell(c->good, out);
	fputs(" | ", out);
	cell(c->why, out);
	fputs(" | ", out);
	fix("now: `", c->run, out, &some);
	if (k)
		fix(k->option ? "latvisor tune " : "latvisor tune",
		    k->option ? k->option : "", out, &some);
	fix("boot: `", c->boot, out, &some);
	fix("", c->other, out, &some);
	fprintf(out, " | %s |\n", c->source);
}

static const char tune_head[] =
	"\n## What latvisor tune changes\n"
	"\n"
	"In this order, back in the other one; [tune.md](tune.md) has how. "
	"`*` is each name that\n"
	"there is; without a value it is what the file has without the vCPUs' "
	"CPUs.\n"
	"\n"
	"| knob | files | value | then | checks |\n"
	"|---|---|---|---|---|\n";

static void knob_row(const struct knob *k, FILE *out)
{
	fprintf(out, "| %s | ", k->name);
	for (size_t i = 0; i < KNOB_MAX_FILES && k->files[i].path; i++)
		fprintf(out, "%s`/%s`", i ? "<br>" : "", k->files[i].path);
	fprintf(out, " | %s | %s | ",
		k->option	    ? k->option
		: k->files[0].value ? k->files[0].value
				    : "",
		k->why);
	for (const char *c = k->checks ? k->checks : ""; *c; c++)
		fputs(*c == '|' ? ", " : (const char[]){*c, '\0'}, out);
	fputs(" |\n", out);
}

static void knobs(FILE *out)
{
	const struct knob_group *groups[KNOB_MAX_GROUPS];
	unsigned int nr = knob_groups(groups);

	fputs(tune_head, out);
	for (unsigned int i = 0; i < nr; i++)
		for (size_t k = 0; k < groups[i]->nr; k++)
			knob_row(&groups[i]->list[k], out);
}

void doctor_markdown(FILE *out)
{
	const struct check_group *groups[CHECK_MAX_GROUPS];
	unsigned int nr = check_groups(groups);

	fputs(head, out);
	for (unsigned int i = 0; i < nr; i++) {
		fprintf(out,
			"\n## %s\n\n"
			"| check | else | good | why | fix | source |\n"
			"|---|---|---|---|---|---|\n",
			groups[i]->name);
		for (size_t k = 0; k < groups[i]->nr; k++)
			row(&groups[i]->list[k], out);
	}
	knobs(out);
}
