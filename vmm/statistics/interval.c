/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * interval.c - see interval.h.
 *
 * How many of n samples are at or below the quantile is binomial.  The sample
 * of rank r is above the quantile when fewer than r are at or below it.
 */
#include <math.h>

#include "vmm/statistics/dist.h"
#include "vmm/statistics/interval.h"
#include "vmm/statistics/level.h"

/* Up to this variance every term that matters is summed: 600 of them. */
#define EXACT_VARIANCE 1000.0
#define NEGLIGIBLE     1e-18 /* of the largest term */

/* P(k), up to a common factor, beside P(k + 1) and P(k - 1). */
static double term_above(double n, double p, double k)
{
	return (n - k) / (k + 1) * (p / (1 - p));
}

static double term_below(double n, double p, double k)
{
	return k / (n - k + 1) * ((1 - p) / p);
}

/* 0 < p < 1; mode: the most probable number, at most n. */
static struct interval exact(uint64_t n, double p, uint64_t mode, double alpha)
{
	double total = 1, at_first = 1, at_last = 1, left, term;
	uint64_t first = mode, last = mode;
	double nd = (double)n;

	for (; first > 0 && at_first > NEGLIGIBLE; total += at_first)
		at_first *= term_below(nd, p, (double)first--);
	for (; last < n && at_last > NEGLIGIBLE; total += at_last)
		at_last *= term_above(nd, p, (double)last++);
	/* The largest low with P(fewer than low) <= alpha, and its mirror. */
	term = at_first;
	left = alpha * total - term;
	while (left >= 0) {
		term *= term_above(nd, p, (double)first++);
		left -= term;
	}
	term = at_last;
	left = alpha * total - term;
	while (left >= 0) {
		term *= term_below(nd, p, (double)last--);
		left -= term;
	}
	return (struct interval){
		.low = first,
		.high = last < n ? last + 1 : 0,
	};
}

/*
 * The normal distribution with a correction for its skewness (Cornish and
 * Fisher), half a rank for continuity and a whole one for what is left out.
 */
static struct interval normal(uint64_t n, uint32_t q, double p, double variance,
			      double z)
{
	__uint128_t product = (__uint128_t)n * q;
	uint64_t mean = (uint64_t)(product / QUANTILE_ONE);
	double middle =
		(double)(uint64_t)(product % QUANTILE_ONE) / QUANTILE_ONE +
		(1 - 2 * p) * (z * z - 1) / 6 + 0.5;
	double reach = z * sqrt(variance);

	return (struct interval){
		.low = mean - (uint64_t)(1 - floor(middle - reach)),
		.high = mean + (uint64_t)(1 + ceil(middle + reach)),
	};
}

struct interval interval_ranks_at(uint64_t n, uint32_t q, double alpha)
{
	double p = (double)q / QUANTILE_ONE;
	double variance = (double)n * p * (1 - p);
	uint64_t mode = (uint64_t)((__uint128_t)n * q / QUANTILE_ONE);

	if (n == 0 || q == 0 || q >= QUANTILE_ONE)
		return (struct interval){.low = 0};
	return variance <= EXACT_VARIANCE
		       ? exact(n, p, mode, alpha)
		       : normal(n, q, p, variance, level_z(alpha));
}

struct interval interval_ranks(uint64_t n, uint32_t q)
{
	return interval_ranks_at(n, q, LEVEL_95);
}
