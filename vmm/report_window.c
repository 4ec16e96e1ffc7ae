/* SPDX-License-Identifier: BSD-2-Clause */
/* report_window.c - what a window cost the host, for people. */
#include "vmm/report.h"

/* Shorter windows tell more of their two ends than of what is between. */
#define RATE_LEAST_NS 100e6

static void rate(FILE *out, double value)
{
	char text[40];

	fputs(report_grouped(text, sizeof(text), value), out);
}

/* "per second: 1,012 exits, 3.1 % of the CPU, 0 us waiting for it" */
static void print_rates(const struct result *r, const struct result_metric *m,
			FILE *out)
{
	const struct vcpu_snapshot *a = &m->window->begin;
	const struct vcpu_snapshot *b = &m->window->end;
	double ns = report_ns(r, (int64_t)(b->tsc - a->tsc));
	int exits = stats_find(&r->vm->stats, "exits");

	if (ns < RATE_LEAST_NS)
		return;
	fprintf(out, "  per second: ");
	if (exits >= 0) {
		/* The exit that ended the window is the vmm's own. */
		rate(out,
		     (double)(b->kvm.value[exits] - a->kvm.value[exits] - 1) *
			     1e9 / ns);
		fprintf(out, " exits, ");
	}
	fprintf(out, "%.1f %% of the CPU",
		(double)(b->cpu_ns - a->cpu_ns) * 100 / ns);
	if (r->vm->vcpus[m->vcpu].schedstat_fd >= 0) {
		fprintf(out, ", ");
		rate(out, (double)(b->wait_ns - a->wait_ns) * 1e6 / ns);
		fprintf(out, " us waiting for it");
	}
	fputc('\n', out);
}

void report_window(const struct result *r, const struct result_metric *m,
		   FILE *out)
{
	if (!m->window)
		return;
	print_rates(r, m, out);
}
