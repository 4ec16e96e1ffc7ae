/* SPDX-License-Identifier: BSD-2-Clause */
/* tail_made.h - samples of which the tail is known. */
#ifndef UNIT_TAIL_MADE_H
#define UNIT_TAIL_MADE_H

#include "tests/unit/unit.h"
#include "vmm/statistics/tail.h"

#define UNIT 20000.0 /* cycles */

#define MOST 200000

/* The samples, which come in random order. */
struct tail_made {
	struct hist late, early;
	struct series series;
	int64_t sample[MOST];
	unsigned int nr;
	struct dist dist;
	struct rng rng;
	struct tail tail;
};

/* Without samples; free() frees it. */
struct tail_made *tail_made_new(uint64_t seed);
void tail_clear(struct tail_made *m);

/* The histogram anew, of the samples as they are. */
void tail_clear_hist(struct tail_made *m);

/* What is exceeded with a probability, in units above 1. */
double tail_pareto(double above, double shape);

/* Cycles; an early one's are below 0. */
void tail_add(struct tail_made *m, double value);
void tail_add_early(struct tail_made *m, uint64_t value);

/* Of a generalized Pareto distribution; even: the middles of nr equal parts. */
void tail_add_random(struct tail_made *m, unsigned int nr, double shape);
void tail_add_even(struct tail_made *m, unsigned int nr, double shape);

void tail_shuffle(struct tail_made *m);

/* The estimate of the samples in the order that they have, or shuffled. */
const struct tail *tail_as_is(struct tail_made *m);
const struct tail *tail_of(struct tail_made *m);

/* With that reason; frees it. */
void assert_tail_refused(struct tail_made *m, const char *why);

/* a differs from b by a part of it at most. */
bool tail_near(double a, double b, double part);

#endif
