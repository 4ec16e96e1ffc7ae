/* SPDX-License-Identifier: BSD-2-Clause */
/* placed.c - see text.h: what was chosen for a run, and why. */
#include "vmm/report/text.h"
#include "vmm/report/wrap.h"

#define INDENT 6

void report_placed(const struct result_placed *m, const char *cpus, FILE *to)
{
	struct paragraph p;
	FILE *out;

	if (m->chosen != CPUS_AUTO)
		return;
	out = paragraph_begin(&p);
	fprintf(out, "CPUs: %s%schosen by --cpus auto: %s", cpus,
		cpus[0] ? ", " : "", m->why);
	paragraph_end(&p, out, to, INDENT);
}
