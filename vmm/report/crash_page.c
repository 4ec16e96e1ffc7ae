/* SPDX-License-Identifier: BSD-2-Clause */
/* crash_page.c - where a guest died, or was when its time was over. */
#include "vmm/report/report.h"

static void print_registers(const struct result_crash *c, FILE *out)
{
	for (unsigned int i = 0; i < c->nr_regs; i++)
		fprintf(out, "  %-6s %016jx%s", c->regs[i].name,
			(uintmax_t)c->regs[i].value,
			i % 3 == 2 || i + 1 == c->nr_regs ? "\n" : "");
}

void report_stopped(const struct result *r, FILE *out)
{
	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		const struct result_vcpu *v = &r->vcpus[i];
		const struct result_place *at = &v->stopped_at;

		if (!v->was_stopped)
			continue;
		fprintf(out, "vCPU %u %s at %#jx (%s): %s\n", i,
			v->halted ? "was halted" : "was", (uintmax_t)at->rip,
			at->symbol,
			at->instruction[0] ? at->instruction : "no code there");
	}
}

void report_crash(const struct result *r, FILE *out)
{
	const struct result_crash *c = &r->crash;

	if (!c->known)
		return;
	if (c->is_trap)
		fprintf(out, "vCPU %ju: %s (vector %ju, error %#jx)\n",
			(uintmax_t)c->vcpu, c->vector_name,
			(uintmax_t)c->vector, (uintmax_t)c->error);
	else
		fprintf(out, "vCPU %ju: %s; exit reason %u (%s)\n",
			(uintmax_t)c->vcpu, c->reason, c->exit_reason,
			c->exit_name);
	if (!c->has_regs)
		return;
	fprintf(out, "  at %#jx (%s): %s\n", (uintmax_t)c->at.rip, c->at.symbol,
		c->at.instruction[0] ? c->at.instruction : "no code there");
	print_registers(c, out);
}
