/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * score.c - see score.h.  The published figures belong to their machines: only
 * shapes and counts carry over.
 */
#include <stdlib.h>
#include <string.h>

#include "vmm/report/report.h"
#include "vmm/report/score.h"
#include "vmm/statistics/dist.h"

#define MATLACK	 "Matlack, KVM Forum 2015"
#define VAN_RIEL "van Riel, KVM Forum 2015, LinuxCon 2016"
#define TSIRKIN	 "Tsirkin, KVM Forum 2016"
#define RHEL	 "RHEL 10 real-time virtualization, documentation"
#define KVM_LIST "kernel mailing list"

#define P50 .stat = SCORE_QUANTILE, .quantile = 50000

/* What of a metric a line shows. */
enum score_stat {
	SCORE_QUANTILE, /* of QUANTILE_ONE, in ns */
	SCORE_MIN,
	SCORE_MAX_SEEN,
	SCORE_MEAN,
	SCORE_START, /* from /dev/kvm to the payload's first instruction */
	SCORE_EXITS, /* a sample, by the guest's count, on all vCPUs */
};

struct score_reference {
	const char *what;
	const char *run, *metric; /* of the suite; its metric */
	enum score_stat stat;
	uint32_t quantile;
	bool cycles; /* instead of ns */
	/* Less the same of another run's metric; NULL: of none. */
	const char *less_run, *less_metric;
	const char *published, *source;
};

static const struct score_reference references[] = {
	{"IPI to a halted vCPU, to its handler", "ipi-wake-hlt", "ipi_wake",
	 P50, .published = "5.5 us; 0.5 us on bare metal", .source = MATLACK},
	{"", "ipi-wake-hlt", "ipi_wake", P50,
	 .published = "IPI virtualization: -16 %", .source = KVM_LIST},
	{"its worst", "ipi-wake-hlt", "ipi_wake", .stat = SCORE_MAX_SEEN,
	 .published = "about 400 times bare metal", .source = MATLACK},
	{"the same by xAPIC, median", "ipi-wake-xapic", "ipi_wake", P50,
	 .published = "IPI virtualization: -22 %", .source = KVM_LIST},
	{"the same by x2APIC, KVM polls instead", "ipi-wake-halt-poll",
	 "ipi_wake", P50, .published = "1.5 to 1.7 us", .source = MATLACK},
	{"what the guest's own polling saves", "ipi-wake-halt-poll", "ipi_wake",
	 P50, .less_run = "ipi-wake-guest-poll", .less_metric = "ipi_wake",
	 .published = "about 1 us", .source = TSIRKIN},
	{"request and answer, 2 vCPUs", "msg-rr", "rr", P50,
	 .published = "25 us (TCP_RR)", .source = MATLACK},
	{"exits of one, by the guest's count", "msg-rr", "rr",
	 .stat = SCORE_EXITS, .published = "12: 8 timer, 2 ICR, 2 halts",
	 .source = MATLACK},
	{"request and answer, 1 vCPU", "msg-rr-1", "rr", P50,
	 .published = "10 us (TCP_RR)", .source = MATLACK},
	{"exits of one, by the guest's count", "msg-rr-1", "rr",
	 .stat = SCORE_EXITS, .published = "about 0", .source = MATLACK},
	{"what halt polling gives one", "msg-rr", "rr", P50,
	 .less_run = "msg-rr-halt-poll", .less_metric = "rr",
	 .published = "10 to 15 us", .source = MATLACK},
	{"what its timer writes cost one", "msg-rr", "ablation_base", P50,
	 .less_run = "msg-rr", .less_metric = "all_timer_writes",
	 .published = "4 of 8 matter: 3 to 5 us", .source = MATLACK},
	{"timer cancelled and started", "timer-arm", "deadline_cancel_start",
	 P50, .published = "4 such writes: 3 to 5 us", .source = MATLACK},
	{"what one merged write saves", "timer-arm", "deadline_cancel_start",
	 P50, .less_run = "timer-arm", .less_metric = "deadline_merged",
	 .published = "a timer write", .source = MATLACK},
	{"what a TSC deadline saves over a count", "timer-arm", "tmict_start",
	 P50, .less_run = "timer-arm", .less_metric = "deadline_start",
	 .published = "nothing: an MSR exit still", .source = MATLACK},
	{"timer, least lateness", "timer-deadline-hlt", "lateness",
	 .stat = SCORE_MIN, .published = "cyclictest: 5 us",
	 .source = VAN_RIEL},
	{"timer, mean lateness", "timer-deadline-hlt", "lateness",
	 .stat = SCORE_MEAN, .published = "cyclictest: 6 us",
	 .source = VAN_RIEL},
	{"", "timer-deadline-hlt", "lateness", .stat = SCORE_MEAN,
	 .published = "VMX preemption timer: about -30 %", .source = KVM_LIST},
	{"timer, 99.9 % of the samples", "timer-deadline-hlt", "lateness",
	 .stat = SCORE_QUANTILE, .quantile = 99900,
	 .published = "target: 99.99 % in a few dozen us", .source = VAN_RIEL},
	{"timer, greatest lateness", "timer-deadline-hlt", "lateness",
	 .stat = SCORE_MAX_SEEN,
	 .published = "14 us; 13 us in 24 h under stress", .source = VAN_RIEL},
	{"", "timer-deadline-hlt", "lateness", .stat = SCORE_MAX_SEEN,
	 .published = "12 h of cyclictest: 40 us at most", .source = RHEL},
	{"timer, median lateness, cycles", "timer-deadline-hlt", "lateness",
	 P50, .cycles = true,
	 .published = "2,600; 1,200 with timer advance (Skylake)",
	 .source = KVM_LIST},
	{"gap in a vCPU's own time, median", "noise", "gap", P50,
	 .published = "3 to 4 us under KVM, 1 us on metal", .source = VAN_RIEL},
	{"greatest gap", "noise", "gap", .stat = SCORE_MAX_SEEN,
	 .published = "12 h of oslat: 20 us at most", .source = RHEL},
	{"", "noise", "gap", .stat = SCORE_MAX_SEEN,
	 .published = "an SMI: up to milliseconds", .source = VAN_RIEL},
	{"CPUID, cycles", "exit-cost", "cpuid", P50, .cycles = true,
	 .published = "3k to 4k Emerald Rapids, 5.3k to 6.2k Turin",
	 .source = KVM_LIST},
	{"KVM_RUN round trip, cycles", "exit-cost", "outl_to_vmm", P50,
	 .cycles = true, .published = "2,530 on SVM",
	 .source = "measured in 2020"},
	{"a load from 8 MiB in random order", "cache", "alone_8m", P50,
	 .published = "DRAM: 60 ns", .source = VAN_RIEL},
	{"the same while another vCPU streams", "cache", "polluted_8m", P50,
	 .published = "cache allocation is to be checked", .source = VAN_RIEL},
	{"start of a VM to its first instruction", "hello", NULL,
	 .stat = SCORE_START,
	 .published = "Firecracker 125 ms; Hyperlight, Solo5 1 to 2 ms",
	 .source = "their specifications"},
};
#define NR_REFERENCES (sizeof(references) / sizeof(*references))
_Static_assert(NR_REFERENCES <= SCORE_MAX, "they fit");

static const struct result_metric *find_metric(const struct result *r,
					       const char *name)
{
	/* What all vCPUs measured stands for each: the worst is one of theirs.
	 */
	for (unsigned int i = 0; i < r->nr_merged; i++)
		if (strcmp(r->merged[i].name, name) == 0 &&
		    metric_has_samples(&r->merged[i]))
			return &r->merged[i];
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (strcmp(r->metrics[i].name, name) == 0 &&
		    metric_has_samples(&r->metrics[i]))
			return &r->metrics[i];
	return NULL;
}

/* Exits to the hypervisor that the guest made on purpose, a sample. */
static bool exits_of(const struct result *r, const struct result_metric *m,
		     double *value)
{
	uint64_t exits = 0;

	if (!m->window || m->hist->count == 0)
		return false;
	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		const struct result_window *w =
			result_window(r, m->window_index, i);

		if (w)
			exits += w->counts.guest.halts + w->counts.guest.ipis +
				 w->counts.guest.timers;
	}
	*value = (double)exits / (double)m->hist->count;
	return true;
}

static bool start_of(const struct result *r, double *value)
{
	*value = result_ns(r, (int64_t)r->start_tsc);
	return r->start_tsc != 0;
}

static bool metric_value(const struct result *r,
			 const struct score_reference *ref, const char *name,
			 double *value)
{
	const struct result_metric *m = find_metric(r, name);
	struct dist d;

	if (!m)
		return false;
	d = metric_dist(m);
	switch (ref->stat) {
	case SCORE_EXITS:
		return exits_of(r, m, value);
	case SCORE_MIN:
		*value = (double)dist_min(&d);
		break;
	case SCORE_MAX_SEEN:
		*value = (double)dist_max(&d);
		break;
	case SCORE_MEAN:
		*value = dist_mean(&d);
		break;
	default:
		if (!dist_supports(&d, ref->quantile))
			return false;
		*value = (double)dist_quantile(&d, ref->quantile);
		break;
	}
	*value /= METRIC_NR_OPS(m->flags);
	if (!ref->cycles)
		*value = tsc_to_ns(*value, r->machine.tsc_khz);
	return true;
}

void score_take(struct score *s, const char *run, const struct result *r)
{
	for (size_t i = 0; i < NR_REFERENCES; i++) {
		const struct score_reference *ref = &references[i];
		struct score_value *v = &s->values[i];

		if (strcmp(run, ref->run) == 0)
			v->known = ref->metric
					   ? metric_value(r, ref, ref->metric,
							  &v->value)
					   : start_of(r, &v->value);
		if (ref->less_run && strcmp(run, ref->less_run) == 0)
			v->less_known = metric_value(r, ref, ref->less_metric,
						     &v->less);
	}
}

static bool is_known(const struct score *s, size_t i)
{
	return s->values[i].known &&
	       (!references[i].less_run || s->values[i].less_known);
}

static void value_text(const struct score *s, size_t i, char *text, size_t len)
{
	const struct score_reference *ref = &references[i];
	double value = s->values[i].value - s->values[i].less;

	if (!is_known(s, i))
		snprintf(text, len, "-");
	else if (ref->stat == SCORE_EXITS)
		snprintf(text, len, "%.2f", value);
	else if (ref->cycles)
		snprintf(text, len, "%.0f", value);
	else if (value < 1e4 && value > -1e4)
		snprintf(text, len, "%.2f us", value / 1e3);
	else
		snprintf(text, len, "%.1f us", value / 1e3);
}

void score_print(const struct score *s, const struct ticks *t, FILE *out)
{
	if (t->insns) {
		fputs("none: published figures are times, and this host's "
		      "clock counts instructions.\n",
		      out);
		return;
	}
	fprintf(out, "%-40s %12s   %-48s %s\n", "", "here", "published",
		"by whom");
	for (size_t i = 0; i < NR_REFERENCES; i++) {
		const struct score_reference *ref = &references[i];
		char text[32] = "";

		/* Without a name it is another claim about the line above. */
		if (*ref->what)
			value_text(s, i, text, sizeof(text));
		fprintf(out, "%-40s %12s   %-48s %s\n", ref->what, text,
			ref->published, ref->source);
	}
	fputs("-: could not be measured here, or not with so few samples.\n",
	      out);
	fputs("Published figures belong to their machines: compare shapes and "
	      "counts, not times.\n",
	      out);
}
