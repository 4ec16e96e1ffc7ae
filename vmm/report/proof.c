/* SPDX-License-Identifier: BSD-2-Clause */
/* proof.c - what happened on the vCPUs' CPUs while they measured, for people.
 */
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/report/report.h"
#include "vmm/report/wrap.h"

#define NAMED 4 /* sources of interrupts, on the line */

static void print_irqs(const struct result_proof *p, FILE *out)
{
	report_cell(out, 0, (double)p->irqs);
	fprintf(out, " interrupt%s", plural(p->irqs));
	for (unsigned int i = 0; i < p->nr_sources && i < NAMED; i++) {
		fprintf(out, "%s%s ", i ? ", " : " (", p->sources[i].name);
		report_cell(out, 0, (double)p->sources[i].count);
	}
	fprintf(out, "%s", p->nr_sources ? ")" : "");
}

static void print_counts(const struct result_proof *p, FILE *out)
{
	static const char *const names[NR_CPU_COUNTS] = {
		[CPU_STEAL_NS] = "ms stolen",
		[CPU_OTHERS] = "other tasks",
		[CPU_THERMAL] = "times too hot",
		[CPU_QUOTA] = "times out of quota",
	};

	if (!p->no_smis[0])
		fprintf(out, ", %ju SMIs", (uintmax_t)p->smis);
	for (int i = 0; i < NR_CPU_COUNTS; i++)
		if (p->counts[i].known)
			fprintf(out, ", %ju %s",
				(uintmax_t)p->counts[i].n /
					(i == CPU_STEAL_NS ? 1000000 : 1),
				names[i]);
}

static void print_khz(const struct result_proof *p, FILE *out)
{
	uint64_t least, most;

	if (!proof_khz(p, &least, &most))
		return;
	fprintf(out, ", %ju", (uintmax_t)least / 1000);
	if (most != least)
		fprintf(out, " to %ju", (uintmax_t)most / 1000);
	fprintf(out, " MHz");
}

/* "; not known: SMIs, other tasks" */
static void print_unknown(const struct result_proof *p, FILE *out)
{
	const struct {
		bool known;
		const char *name;
	} all[] = {
		{p->irqs_known, "interrupts"},
		{!p->no_smis[0], "SMIs"},
		{p->counts[CPU_STEAL_NS].known, "steal"},
		{p->counts[CPU_OTHERS].known, "other tasks"},
		{p->counts[CPU_THERMAL].known, "heat"},
		{p->counts[CPU_QUOTA].known, "quota"},
		{p->khz[0][CPU_KHZ_NOW].known && p->khz[1][CPU_KHZ_NOW].known,
		 "frequency"},
	};
	const char *before = "; not known: ";

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (all[i].known)
			continue;
		fprintf(out, "%s%s", before, all[i].name);
		before = ", ";
	}
}

void report_proof(const struct result *r, FILE *to)
{
	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		const struct result_proof *p = &r->vcpus[i].proof;
		struct paragraph para;
		FILE *out;

		if (!p->known)
			continue;
		out = paragraph_begin(&para);
		fprintf(out, "proof: CPU %d of vCPU %u: ", p->cpu, i);
		if (p->irqs_known)
			print_irqs(p, out);
		else
			fprintf(out, "interrupts not known");
		if (p->softirqs_known) {
			fprintf(out, ", ");
			report_cell(out, 0, (double)p->softirqs);
			fprintf(out, " softirq%s", plural(p->softirqs));
		}
		print_counts(p, out);
		print_khz(p, out);
		print_unknown(p, out);
		paragraph_end(&para, out, to, 7);
	}
}
