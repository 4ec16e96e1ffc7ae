/* SPDX-License-Identifier: BSD-2-Clause */
/* tail_made.c - see tail_made.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tail_made.h"

struct tail_made *tail_made_new(uint64_t seed)
{
	struct tail_made *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	hist_init(&m->late);
	hist_init(&m->early);
	m->dist.late = &m->late;
	m->rng.state = seed;
	return m;
}

void tail_clear(struct tail_made *m)
{
	memset(&m->late, 0, sizeof(m->late));
	hist_init(&m->late);
	m->nr = 0;
}

/* Anew, of the samples as they are. */
void tail_clear_hist(struct tail_made *m)
{
	memset(&m->late, 0, sizeof(m->late));
	hist_init(&m->late);
	for (unsigned int i = 0; i < m->nr; i++)
		hist_record(&m->late, (uint64_t)m->sample[i], i + 1);
}

/* What is exceeded with a probability, in units above 1. */
double tail_pareto(double above, double shape)
{
	return shape == 0 ? -log(above) : (pow(above, -shape) - 1) / shape;
}

void tail_add(struct tail_made *m, double value)
{
	assert_true(m->nr < MOST);
	hist_record(&m->late, (uint64_t)value, m->late.count + 1);
	m->sample[m->nr++] = (int64_t)value;
}

void tail_add_early(struct tail_made *m, uint64_t value)
{
	assert_true(m->nr < MOST);
	m->dist.early = &m->early;
	hist_record(&m->early, value, m->early.count + 1);
	m->sample[m->nr++] = -(int64_t)value;
}

void tail_add_random(struct tail_made *m, unsigned int nr, double shape)
{
	for (unsigned int i = 0; i < nr; i++) {
		double u = ((double)(rng_next(&m->rng) >> 11) + 0.5) * 0x1p-53;

		tail_add(m, UNIT * (1 + tail_pareto(u, shape)));
	}
}

/* No chance in it: the middles of nr equal parts. */
void tail_add_even(struct tail_made *m, unsigned int nr, double shape)
{
	for (unsigned int i = 0; i < nr; i++)
		tail_add(m, UNIT * (1 + tail_pareto((i + 0.5) / nr, shape)));
}

void tail_shuffle(struct tail_made *m)
{
	struct rng rng = {.state = 99};

	for (unsigned int i = m->nr; i > 1; i--) {
		unsigned int k = (unsigned int)rng_below(&rng, i);
		int64_t swap = m->sample[k];

		m->sample[k] = m->sample[i - 1];
		m->sample[i - 1] = swap;
	}
}

/* In the order that they have. */
const struct tail *tail_as_is(struct tail_made *m)
{
	uint64_t work = TAIL_WORK;

	memset(&m->series, 0, sizeof(m->series));
	series_init(&m->series, m->nr);
	for (unsigned int i = 0; i < m->nr; i++)
		series_record(&m->series, m->sample[i]);
	tail_estimate(&m->tail, &m->dist, &m->series, &work);
	return &m->tail;
}

const struct tail *tail_of(struct tail_made *m)
{
	tail_shuffle(m);
	return tail_as_is(m);
}

void assert_tail_refused(struct tail_made *m, const char *why)
{
	tail_of(m);
	if (!m->tail.refused)
		fail_msg("wanted '%s', got shape %g of %u samples, level %g",
			 why, m->tail.shape, m->tail.samples, m->tail.level);
	assert_has(m->tail.refused, why);
	free(m);
}

bool tail_near(double a, double b, double part)
{
	return fabs(a - b) <= part * fabs(b);
}
