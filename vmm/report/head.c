/* SPDX-License-Identifier: BSD-2-Clause */
/* head.c - what stands above the tables: the machine and its clocks. */
#include <math.h>
#include <string.h>

#include "vmm/host/topology.h"
#include "vmm/report/text.h"

/* How near the other vCPUs' CPUs are to vCPU 0's. */
static void print_placement(const struct result *r, FILE *out)
{
	const int *cpu = r->setup->placement.cpu;
	const char *first;

	if (r->vm->nr_vcpus < 2)
		return;
	first = topology_relation(TOPOLOGY_ROOT, cpu[0], cpu[1]);
	for (uint32_t i = 2; i < r->vm->nr_vcpus; i++)
		if (strcmp(first, topology_relation(TOPOLOGY_ROOT, cpu[0],
						    cpu[i])) != 0)
			first = "not all equally near";
	fprintf(out, " (%s)", first);
}

static void print_head(const struct result *r, FILE *out)
{
	const struct run_setup *s = r->setup;

	fprintf(out, "%s: %u vCPU%s on CPU", s->image.note.name,
		r->vm->nr_vcpus, r->vm->nr_vcpus == 1 ? "" : "s");
	for (uint32_t i = 0; i < r->vm->nr_vcpus; i++)
		fprintf(out, "%s%d", i ? "," : " ", s->placement.cpu[i]);
	print_placement(r, out);
	if (s->placement.realtime)
		fprintf(out, ", SCHED_FIFO %d", s->config.placement.prio);
	else
		fprintf(out, ", NOT REAL-TIME");
	fprintf(out, ", irqchip %s, ", irqchip_name(s->config.irqchip));
	/* What a parameter that is a time comes to. */
	if (result_insns(r))
		fprintf(out, "1 us is %.0f instructions",
			(double)r->vm->tsc_khz / 1e3);
	else
		fprintf(out, "TSC %.3f GHz", (double)r->vm->tsc_khz / 1e6);
	fprintf(out, ", %s\n", r->host.kvm_module);
}

/* What a read takes is in the figures. */
static void print_clock(const struct result *r, FILE *out)
{
	uint64_t cycles = vm_result(r->vm)->clock_read_tsc;

	if (cycles == 0 || cycles > INT64_MAX)
		return;
	fprintf(out, "clock: reading it takes ");
	report_cell(out, 0, result_value(r, (int64_t)cycles));
	fprintf(out, " %s", result_unit(r));
	if (!result_insns(r)) {
		fprintf(out, " (");
		report_cell(out, 0, (double)cycles);
		fprintf(out, " cycles)");
	}
	fprintf(out, ", nothing is subtracted\n");
}

/* Timers that KVM keeps by CLOCK_MONOTONIC drift from a schedule in cycles. */
static void print_drift(const struct result *r, FILE *out)
{
	double ppm;

	if (r->nr_metrics && r->metrics[0].flags & METRIC_SIGNED &&
	    !result_insns(r) && result_tsc_ppm(r, &ppm) && fabs(ppm) >= 1)
		fprintf(out,
			"clock: CLOCK_MONOTONIC is %.0f us a second %s by the "
			"TSC's nominal rate\n",
			fabs(ppm), ppm > 0 ? "slow" : "fast");
}

void report_head(const struct result *r, FILE *out)
{
	print_head(r, out);
	print_clock(r, out);
	print_drift(r, out);
}
