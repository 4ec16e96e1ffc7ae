/* SPDX-License-Identifier: BSD-2-Clause */
/* head.c - what stands above the tables: the machine and its clocks. */
#include <math.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/report/text.h"
#include "vmm/report/wrap.h"

#define INDENT 6

/* How near the other vCPUs' CPUs are to vCPU 0's. */
static void print_placement(const struct result *r, FILE *out)
{
	const char *first;

	if (r->nr_vcpus < 2)
		return;
	first = r->vcpus[1].to_vcpu0;
	for (uint32_t i = 2; i < r->nr_vcpus; i++)
		if (strcmp(first, r->vcpus[i].to_vcpu0) != 0)
			first = "not all equally near";
	fprintf(out, " (%s)", first);
}

static void print_head(const struct result *r, FILE *to)
{
	const struct result_machine *m = &r->machine;
	struct paragraph p;
	FILE *out = paragraph_begin(&p);

	fprintf(out, "%s: %u vCPU%s on CPU", r->payload, r->nr_vcpus,
		plural(r->nr_vcpus));
	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		fprintf(out, "%s%d", i ? "," : " ", r->vcpus[i].host_cpu);
	print_placement(r, out);
	if (m->realtime)
		fprintf(out, ", ");
	else
		fprintf(out, ", NOT REAL-TIME");
	report_policies(r, out);
	fprintf(out, ", irqchip %s, ", m->irqchip);
	/* What a parameter that is a time comes to. */
	if (result_insns(r))
		fprintf(out, "1 us is %.0f instructions",
			(double)m->tsc_khz / 1e3);
	else
		fprintf(out, "TSC %.3f GHz", (double)m->tsc_khz / 1e6);
	fprintf(out, ", %s", r->host.kvm_module);
	paragraph_end(&p, out, to, INDENT);
}

/* What a read takes is in the figures. */
static void print_clock(const struct result *r, FILE *to)
{
	uint64_t cycles = r->clock_read_tsc;
	struct paragraph p;
	FILE *out;

	if (cycles == 0)
		return;
	out = paragraph_begin(&p);
	fprintf(out, "clock: reading it takes ");
	report_cell(out, 0, result_value(r, (int64_t)cycles));
	fprintf(out, " %s", result_unit(r));
	if (!result_insns(r)) {
		fprintf(out, " (");
		report_cell(out, 0, (double)cycles);
		fprintf(out, " cycles)");
	}
	fprintf(out, ", nothing is subtracted%s",
		text_has_baseline(r)
			? "; 'above rdtsc' is p50 less that of rdtsc"
			: "");
	paragraph_end(&p, out, to, INDENT);
}

/* Timers that KVM keeps by CLOCK_MONOTONIC drift from a schedule in cycles. */
static void print_drift(const struct result *r, FILE *out)
{
	double ppm;

	if (r->nr_metrics && r->metrics[0].flags & METRIC_SIGNED &&
	    !result_insns(r) && result_tsc_ppm(r, &ppm) && fabs(ppm) >= 1)
		fprintf(out,
			"clock: CLOCK_MONOTONIC is %.0f us a second %s by the "
			"TSC's nominal\n      rate\n",
			fabs(ppm), ppm > 0 ? "slow" : "fast");
}

/* An exit to the vmm ends in a system call, which the filter looks at. */
static bool leaves_kvm(const struct result *r)
{
	for (unsigned int m = 0; m < r->nr_metrics; m++)
		for (uint32_t i = 0; i < r->nr_vcpus; i++) {
			const struct result_window *w = result_window(r, m, i);

			if (w && w->counts.user_exits > w->counts.asides + 1)
				return true;
		}
	return false;
}

static void print_sandbox(const struct result *r, FILE *out)
{
	const struct sandbox *s = &r->machine.sandbox;

	if (!r->machine.sandbox_known)
		return;
	if (!s->seccomp) {
		fprintf(out, "sandbox: NONE, the guest's threads had all of "
			     "the program's rights\n");
		return;
	}
	if (!leaves_kvm(r))
		return;
	/* Time is not the same in two runs; instructions are. */
	fprintf(out, "sandbox: an exit to the vmm takes %s",
		result_insns(r) ? "" : "about ");
	report_cell(out, 0, result_value(r, (int64_t)s->call_tsc));
	fprintf(out, " %s more by it, other exits nothing\n", result_unit(r));
}

static void print_dma_latency(const struct dma_latency *d, FILE *out)
{
	if (!d->known)
		return;
	if (d->held)
		fprintf(out, "cpu_dma_latency: held at %d us\n", (int)d->us);
	else
		fprintf(out, "cpu_dma_latency: not held (%s)\n", d->reason);
}

void report_head(const struct result *r, FILE *out)
{
	print_head(r, out);
	report_placed(&r->machine.placed, "", out);
	report_path(r, out);
	print_dma_latency(&r->machine.dma_latency, out);
	print_clock(r, out);
	print_drift(r, out);
	print_sandbox(r, out);
}
