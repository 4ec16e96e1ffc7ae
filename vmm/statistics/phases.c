/* SPDX-License-Identifier: BSD-2-Clause */
/* phases.c - see phases.h. */
#include <math.h>
#include <string.h>

#include "vmm/statistics/phases.h"

#define LEAST_SAMPLES 20   /* of a phase, for its median */
#define NORMAL_0_001  3.09 /* the normal distribution's, one in a thousand */
#define LEAST_RATIO   1.125

uint64_t phases_count(const struct phases *p, unsigned int phase)
{
	uint64_t nr = 0;

	for (unsigned int i = 0; i < PHASES_BINS; i++)
		nr += p->bin[phase][i];
	return nr;
}

const char *phases_wrong(const struct phases *p, uint64_t nr)
{
	uint64_t all = 0;

	if (p->period == 0 || p->period > INT64_MAX)
		return "are of no period";
	for (unsigned int i = 0; i < PHASES_NR; i++) {
		uint64_t here = phases_count(p, i);

		if ((here != 0) != (p->max[i] != INT64_MIN))
			return "have a maximum of no sample, or none of some";
		all += here;
	}
	return all != nr ? "are of other samples" : NULL;
}

const char *phases_unlike(const struct phases *p, const struct dist *d)
{
	const char *wrong = phases_wrong(p, dist_samples(d));

	if (wrong)
		return wrong;
	for (unsigned int i = 0; i < PHASES_NR; i++)
		if (p->max[i] != INT64_MIN &&
		    (p->max[i] < dist_min(d) || p->max[i] > dist_max(d)))
			return "have a maximum that no sample has";
	return NULL;
}

/* The bin of the median of nr samples, which bin(i) counts. */
static unsigned int median_bin(const uint64_t *bin, uint64_t nr)
{
	uint64_t seen = 0;
	unsigned int i = 0;

	while (i < PHASES_BINS - 1 && (seen += bin[i]) * 2 < nr)
		i++;
	return i;
}

static uint64_t middle(unsigned int bin)
{
	return (loglin_low(bin, PHASES_SUB_BITS) +
		loglin_low(bin + 1, PHASES_SUB_BITS) - 1) /
	       2;
}

uint64_t phases_median(const struct phases *p, unsigned int phase)
{
	uint64_t bin[PHASES_BINS];

	for (unsigned int i = 0; i < PHASES_BINS; i++)
		bin[i] = p->bin[phase][i];
	return middle(median_bin(bin, phases_count(p, phase)));
}

static bool fits(const struct phases *to, const struct phases *from)
{
	for (unsigned int i = 0; i < PHASES_NR; i++)
		for (unsigned int k = 0; k < PHASES_BINS; k++)
			if (from->bin[i][k] > UINT32_MAX - to->bin[i][k])
				return false;
	return true;
}

bool phases_add(struct phases *to, const struct phases *from)
{
	if (to->period != from->period || !fits(to, from))
		return false;
	for (unsigned int i = 0; i < PHASES_NR; i++) {
		if (from->max[i] > to->max[i])
			to->max[i] = from->max[i];
		for (unsigned int k = 0; k < PHASES_BINS; k++)
			to->bin[i][k] += from->bin[i][k];
	}
	return true;
}

/* Samples above the median of all, of the phases that have enough. */
struct above {
	unsigned int phases;
	uint64_t nr[PHASES_NR], all;
	uint64_t above[PHASES_NR], all_above;
};

static void count_above(const struct phases *p, struct above *a)
{
	uint64_t bin[PHASES_BINS] = {0};
	unsigned int median;

	memset(a, 0, sizeof(*a));
	for (unsigned int i = 0; i < PHASES_NR; i++) {
		a->nr[i] = phases_count(p, i);
		if (a->nr[i] < LEAST_SAMPLES)
			a->nr[i] = 0;
		if (a->nr[i] == 0)
			continue;
		a->phases++;
		a->all += a->nr[i];
		for (unsigned int k = 0; k < PHASES_BINS; k++)
			bin[k] += p->bin[i][k];
	}
	median = median_bin(bin, a->all);
	for (unsigned int i = 0; i < PHASES_NR; i++) {
		for (unsigned int k = median + 1; a->nr[i] && k < PHASES_BINS;
		     k++)
			a->above[i] += p->bin[i][k];
		a->all_above += a->above[i];
	}
}

/* Pearson's chi-square of "above" by phase, for samples that are alike. */
static double chi_square(const struct above *a, double worth)
{
	double share = (double)a->all_above / (double)a->all, sum = 0;

	for (unsigned int i = 0; i < PHASES_NR; i++) {
		double n = (double)a->nr[i], d;

		if (n == 0)
			continue;
		d = (double)a->above[i] - n * share;
		sum += d * d / (n * share * (1 - share));
	}
	if (worth > 0 && worth < (double)a->all)
		sum *= worth / (double)a->all;
	return sum;
}

/* Exceeded once in a thousand (Wilson and Hilferty, 1931). */
static double critical(double freedom)
{
	double v = 2 / (9 * freedom);

	return freedom * pow(1 - v + NORMAL_0_001 * sqrt(v), 3);
}

bool phases_differ(const struct phases *p, double worth, unsigned int *low,
		   unsigned int *high)
{
	uint64_t least = UINT64_MAX, most = 0;
	struct above a;

	count_above(p, &a);
	if (a.phases < 2 || a.all_above == 0 || a.all_above == a.all)
		return false;
	for (unsigned int i = 0; i < PHASES_NR; i++) {
		uint64_t median = a.nr[i] ? phases_median(p, i) : 0;

		if (a.nr[i] && median < least) {
			least = median;
			*low = i;
		}
		if (a.nr[i] && median > most) {
			most = median;
			*high = i;
		}
	}
	return (double)most >= (double)least * LEAST_RATIO &&
	       chi_square(&a, worth) > critical(a.phases - 1);
}
