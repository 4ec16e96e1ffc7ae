/* SPDX-License-Identifier: BSD-2-Clause */
/* findings.c - what of the host may be why: those of doctor's checks that fail.
 */
#include <string.h>

#include "vmm/report/text.h"
#include "vmm/report/wrap.h"

static void print_fix(FILE *out, const char *kind, const char *fix,
		      bool is_command)
{
	char text[sizeof(((struct result_finding *)0)->run) + 8];

	if (!*fix)
		return;
	snprintf(text, sizeof(text), "%s %s", kind, fix);
	text_wrap(out, 6, "", text, is_command);
}

static void print_finding(const struct result_finding *f, FILE *out)
{
	char text[sizeof(f->check) + sizeof(f->value) + sizeof(f->good) + 16];

	snprintf(text, sizeof(text), "%s: %s; good: %s", f->check, f->value,
		 f->good);
	text_wrap(out, 4, "", text, false);
	print_fix(out, "now:", f->run, true);
	print_fix(out, "boot:", f->boot, false);
	print_fix(out, f->run[0] || f->boot[0] ? "or:" : "fix:", f->other,
		  false);
}

void report_findings(const struct result *r, FILE *out)
{
	if (r->nr_findings)
		fputs("why it may be so, by the checks of 'latvisor doctor':\n",
		      out);
	for (unsigned int i = 0; i < r->nr_findings; i++) {
		const struct result_finding *f = &r->findings[i];

		if (i == 0 || strcmp(f[-1].symptom, f->symptom) != 0)
			text_wrap(out, 2, "", f->symptom, false);
		print_finding(f, out);
	}
}
