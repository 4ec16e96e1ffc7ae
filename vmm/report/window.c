/* SPDX-License-Identifier: BSD-2-Clause */
/* window.c - what a window cost the host, for people. */
#include "vmm/report/report.h"
#include "vmm/report/wrap.h"
#include "vmm/statistics/dist.h"

/* Shorter windows tell more of their two ends than of what is between. */
#define RATE_LEAST_NS 100e6

/* "per second: 1,012 exits, 3.1 % of the CPU, 0 us waiting for it" */
static void print_rates(const struct result *r, const struct result_metric *m,
			FILE *out)
{
	const struct result_counts *n = &m->window->counts;
	double ns = result_ns(r, (int64_t)n->tsc);
	int exits = result_stat(r, "exits");

	if (ns < RATE_LEAST_NS || result_insns(r))
		return;
	fprintf(out, "  per second: ");
	if (exits >= 0) {
		uint64_t nr = n->kvm.value[exits] - result_own_exits(m);

		report_cell(out, 0, (double)nr * 1e9 / ns);
		fprintf(out, " exits, ");
	}
	fprintf(out, "%.1f %% of the CPU", (double)n->cpu_ns * 100 / ns);
	if (r->vcpus[m->vcpu].has_wait) {
		fprintf(out, ", ");
		report_cell(out, 0, (double)n->wait_ns * 1e6 / ns);
		fprintf(out, " us waiting for it");
	}
	fputc('\n', out);
}

/* How much of a KVM statistic fell into the window; -1: this kernel has none.
 */
static double window_stat(const struct result *r, const struct result_window *w,
			  const char *name)
{
	int i = result_stat(r, name);

	return i < 0 ? -1 : (double)w->counts.kvm.value[i];
}

/* ", polling took 12.3 % of the time": what an idle guest costs its host. */
static void print_poll_share(const struct result *r,
			     const struct result_window *w, FILE *out)
{
	double won = window_stat(r, w, "halt_poll_success_ns");
	double lost = window_stat(r, w, "halt_poll_fail_ns");
	double ns = result_ns(r, (int64_t)w->counts.tsc);

	if (won >= 0 && lost >= 0 && ns >= RATE_LEAST_NS && !result_insns(r))
		fprintf(out, ", polling took %.1f %% of the time",
			(won + lost) * 100 / ns);
}

/*
 * "halts: 1,000; KVM polled at 990, 970 of these were woken while it polled": a
 * distribution with two humps has its reason here.
 */
static void print_polls(const struct result *r, const struct result_window *w,
			FILE *to)
{
	double attempts = window_stat(r, w, "halt_attempted_poll");
	struct paragraph p;
	FILE *out;

	if (attempts <= 0)
		return;
	out = paragraph_begin(&p);
	fprintf(out, "  halts: ");
	report_cell(out, 0, window_stat(r, w, "halt_exits"));
	fprintf(out, "; KVM polled at ");
	report_cell(out, 0, attempts);
	fprintf(out, ", ");
	report_cell(out, 0, window_stat(r, w, "halt_successful_poll"));
	fprintf(out, " of these were woken while it polled");
	print_poll_share(r, w, out);
	paragraph_end(&p, out, to, 4);
}

/* "stolen: 1,234 us of 2.000 s (617 ppm)" */
static void print_stolen(const struct result *r, const struct result_metric *m,
			 FILE *out)
{
	double all = result_value(r, (int64_t)m->window->counts.tsc);
	double stolen = result_value(r, (int64_t)m->hist->sum);

	fprintf(out, "  stolen: ");
	if (result_insns(r)) {
		report_cell(out, 0, stolen);
		fprintf(out, " of ");
		report_cell(out, 0, all);
		fprintf(out, " instructions (");
	} else {
		report_cell(out, 0, stolen / 1e3);
		fprintf(out, " us of %.3f s (", all / 1e9);
	}
	report_cell(out, 0, all > 0 ? stolen * 1e6 / all : 0);
	fprintf(out, " ppm)\n");
}

static void print_interrupts(const struct result_noise *n, FILE *out)
{
	if (!n->irqs_known) {
		fprintf(out, "interrupts not known");
		return;
	}
	report_cell(out, 0, (double)n->irqs);
	fprintf(out, " interrupts");
	for (unsigned int i = 0; i < n->nr_sources; i++) {
		fprintf(out, "%s%s ", i ? ", " : " (", n->sources[i].name);
		report_cell(out, 0, (double)n->sources[i].count);
	}
	fprintf(out, "%s", n->nr_sources ? ")" : "");
}

/* "host, CPU 3: 2,004 interrupts (LOC 2,001, RES 3), 12 softirqs, ..." */
static void print_noise(const struct result_counts *c,
			const struct result_noise *n, FILE *out)
{
	fprintf(out, "  host, CPU %d: ", n->cpu);
	print_interrupts(n, out);
	if (n->softirqs_known) {
		fprintf(out, ", ");
		report_cell(out, 0, (double)n->softirqs);
		fprintf(out, " softirqs");
	}
	fprintf(out, ", ");
	report_cell(out, 0, (double)(c->nvcsw + c->nivcsw));
	fprintf(out, " context switches\n  SMIs: ");
	if (n->no_smis[0])
		fprintf(out, "not known (%s)\n", n->no_smis);
	else
		fprintf(out, "%ju\n", (uintmax_t)n->smis);
}

void report_window(const struct result *r, const struct result_metric *m,
		   FILE *out)
{
	const struct result_noise *n;

	if (!m->window)
		return;
	n = &r->vcpus[m->vcpu].noise;
	print_rates(r, m, out);
	print_polls(r, m->window, out);
	if (m->flags & METRIC_GAPS && m->hist)
		print_stolen(r, m, out);
	if (n->known && n->window == m->window_index)
		print_noise(&m->window->counts, n, out);
}

static void operations_row(const struct result *r,
			   const struct result_metric *m, FILE *out)
{
	struct dist d = metric_dist(m);
	unsigned int nr = METRIC_NR_OPS(m->flags);
	int64_t p50 = dist_quantile(&d, 50000);

	fprintf(out, "%-24s %8u %10.2f", m->name, nr,
		result_value(r, p50) / nr);
	if (dist_supports(&d, 99000))
		fprintf(out, " %10.2f",
			result_value(r, dist_quantile(&d, 99000)) / nr);
	else
		fprintf(out, " %10s", "-");
	if (!result_insns(r))
		fprintf(out, " %14.1f", (double)p50 / nr);
	fputc('\n', out);
}

static void operations_head(const struct result *r, FILE *out)
{
	if (result_insns(r))
		fprintf(out, "%-24s %8s %10s %10s\n", "one operation", "of",
			"p50", "p99");
	else
		fprintf(out, "%-24s %8s %10s %10s %14s\n", "one operation",
			"of", "p50 ns", "p99 ns", "p50 cycles");
}

/* What one of the operations of a sample took. */
static void print_operations(const struct result *r, FILE *out)
{
	bool any = false;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];
		struct dist d = metric_dist(m);

		if (METRIC_NR_OPS(m->flags) == 1 || !m->hist ||
		    !dist_supports(&d, 50000))
			continue;
		if (!any)
			operations_head(r, out);
		any = true;
		operations_row(r, m, out);
	}
}

void report_beside(const struct result *r, FILE *out)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (!(m->flags & METRIC_GAPS) || !m->window || !m->hist)
			continue;
		fprintf(out, "%s (vCPU %u)\n", m->name, m->vcpu);
		report_window(r, m, out);
	}
	print_operations(r, out);
}
