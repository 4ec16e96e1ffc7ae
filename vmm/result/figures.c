/* SPDX-License-Identifier: BSD-2-Clause */
/* figures.c - see figures.h. */
#include "vmm/result/figures.h"

double result_ns(const struct result *r, int64_t cycles)
{
	return tsc_to_ns((double)cycles, r->machine.tsc_khz);
}

double result_value_of(const struct result *r, double cycles)
{
	return ticks_value(&r->ticks, cycles, r->machine.tsc_khz);
}

double result_value(const struct result *r, int64_t cycles)
{
	return result_value_of(r, (double)cycles);
}

const char *result_unit(const struct result *r)
{
	return ticks_unit(&r->ticks);
}

bool result_insns(const struct result *r)
{
	return r->ticks.insns;
}

uint64_t result_own_exits(const struct result_metric *m)
{
	return (m->nr_rounds ? m->nr_rounds : 1) + m->window->counts.asides;
}

double result_exits_per_sample(const struct result *r,
			       const struct result_metric *m)
{
	int exits = result_stat(r, "exits");
	struct dist d = metric_dist(m);
	uint64_t delta;

	/* A window that is shared, or has the disturbance's exits in it. */
	if (exits < 0 || m->flags & (METRIC_PART | METRIC_DISTURBED) ||
	    !m->window || !metric_has_samples(m))
		return -1;
	delta = m->window->counts.kvm.value[exits] - result_own_exits(m);
	return (double)delta / (double)(dist_count(&d) + m->left_out);
}

/* Shorter runs tell less than the reads of the clocks blur. */
#define PPM_LEAST_NS 500000000ull

bool result_tsc_ppm(const struct result *r, double *ppm)
{
	double mono = (double)r->duration_ns;
	double tsc = result_ns(r, (int64_t)r->duration_tsc);

	if (r->duration_ns < PPM_LEAST_NS)
		return false;
	*ppm = (tsc / mono - 1) * 1e6;
	return true;
}
