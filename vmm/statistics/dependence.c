/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dependence.c - see dependence.h.
 *
 * Batch means (Conway 1963; Law and Carson 1979): were the samples independent,
 * the number of those above would be binomial in each block.  Blocks of one
 * length may be shorter than what makes samples alike; so two and four of them
 * are taken as one as well, and the largest variance counts.
 */
#include <math.h>

#include "vmm/statistics/clusters.h"
#include "vmm/statistics/dependence.h"
#include "vmm/statistics/series_check.h"

#define Z	     1.9599639845400545 /* of the normal distribution, 2.5 % */
#define LEAST_BLOCKS 16

struct batches {
	unsigned int nr;
	double len;
	double above[SERIES_BLOCKS];
};

/* Above the bin whose share of samples above it is the nearest. */
static void from_bins(const struct series *s, uint64_t above, struct batches *b)
{
	uint64_t all[SERIES_BINS] = {0}, beyond = 0, best = 0, total = 0;
	unsigned int edge = 0;

	for (unsigned int i = 0; i < b->nr; i++)
		for (unsigned int k = 0; k < SERIES_BINS; k++)
			all[k] += s->bin[i][k];
	for (unsigned int k = 0; k < SERIES_BINS; k++)
		total += all[k];
	above = (uint64_t)((double)above / (double)s->nr * (double)total);
	for (unsigned int k = SERIES_BINS; k-- > 1;) {
		uint64_t off, off_best;

		beyond += all[k];
		off = beyond > above ? beyond - above : above - beyond;
		off_best = best > above ? best - above : above - best;
		if (beyond == 0 || beyond == total || (edge && off >= off_best))
			continue;
		best = beyond;
		edge = k;
	}
	for (unsigned int i = 0; i < b->nr; i++) {
		b->above[i] = 0;
		for (unsigned int k = edge; edge && k < SERIES_BINS; k++)
			b->above[i] += s->bin[i][k];
	}
}

static void from_top(const struct series *s, const struct series_top *top,
		     unsigned int above, struct batches *b)
{
	for (unsigned int i = 0; i < b->nr; i++)
		b->above[i] = 0;
	for (unsigned int i = 0; i < above; i++) {
		uint64_t block = top[i].nr / s->block_len;

		if (block < b->nr)
			b->above[block]++;
	}
}

/* Against the binomial's; 1: all samples are on one side. */
static double variance_factor(const struct batches *b)
{
	double sum = 0, squares = 0, mean, share;

	for (unsigned int i = 0; i < b->nr; i++)
		sum += b->above[i];
	mean = sum / b->nr;
	share = mean / b->len;
	if (share <= 0 || share >= 1)
		return 1;
	for (unsigned int i = 0; i < b->nr; i++)
		squares += (b->above[i] - mean) * (b->above[i] - mean);
	return squares / (b->nr - 1) / (b->len * share * (1 - share));
}

/* How much Student's t is wider than the normal (Cornish and Fisher), squared.
 */
static double few_batches(unsigned int nr)
{
	double t = Z + (Z * Z * Z + Z) / (4 * (double)(nr - 1));

	return t * t / (Z * Z);
}

static void join_pairs(struct batches *b)
{
	b->nr /= 2;
	b->len *= 2;
	for (size_t i = 0; i < b->nr; i++)
		b->above[i] = b->above[2 * i] + b->above[2 * i + 1];
}

bool dependence_of(const struct series *s, const struct series_top *top,
		   uint64_t above, struct dependence *d)
{
	struct batches b = {
		.nr = series_full(s),
		.len = (double)s->block_len,
	};
	unsigned int exact = 0;

	if (b.nr < LEAST_BLOCKS || above == 0 || above >= s->nr)
		return false;
	*d = (struct dependence){.factor = 1, .factor_most = 1};
	if (above <= s->nr_top)
		exact = clusters_above(top, s->nr_top, s->nr, above);
	if (exact) {
		from_top(s, top, exact, &b);
		d->events = extremal_index(top, exact) * (double)above;
	} else {
		from_bins(s, above, &b);
	}
	for (; b.nr >= LEAST_BLOCKS; join_pairs(&b)) {
		double factor = variance_factor(&b);

		d->factor = fmax(d->factor, factor);
		d->factor_most =
			fmax(d->factor_most, factor * few_batches(b.nr));
	}
	/* Where all of them are one event, their gaps do not show it. */
	if (!exact || d->events > (double)above / d->factor_most)
		d->events = (double)above / d->factor_most;
	return true;
}
