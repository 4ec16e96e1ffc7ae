/* SPDX-License-Identifier: BSD-2-Clause */
/* findings.c - what of the host may be why: those of doctor's checks that fail.
 */
#include <string.h>

#include "vmm/report/text.h"
#include "vmm/report/wrap.h"

static void print_finding(const struct result_finding *f, FILE *out)
{
	struct text_fixes fixes = {f->run, f->boot, f->other};
	char text[sizeof(f->check) + sizeof(f->value) + sizeof(f->good) + 16];

	snprintf(text, sizeof(text), "%s: %s; good: %s", f->check, f->value,
		 f->good);
	text_wrap(out, 4, "", text, false);
	text_fixes(out, 6, &fixes);
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
