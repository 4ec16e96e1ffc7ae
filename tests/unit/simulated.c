/* SPDX-License-Identifier: BSD-2-Clause */
/* simulated.c - see simulated.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/series.h"
#include "tests/unit/simulated.h"
#include "vmm/statistics/hist_add.h"

#define UNIT	    20000.0 /* cycles */
#define MOST_ROUNDS 20

#define AR	    0.9
#define AR_SPREAD   0.5
#define BURST_SHARE 0.005
#define BURST_LEN   200
#define BURST_TIMES 5
#define BASE_SPREAD 0.25
#define MODE_SHARE  0.3
#define MODE_TIMES  3
#define MODE_SPREAD 0.1
#define SHAPE	    0.8
#define SPREAD	    0.5
#define ROUND	    0.1 /* by which rounds differ ... */
#define ROUND_AR    0.6 /* ... and how much of that is the one's before */

const char *const simulated_names[NR_SIMULATED] = {
	[SIM_AR1] = "AR(1) 0.9",       [SIM_BURSTS] = "bursts 0.5 % x 200 x 5",
	[SIM_BIMODAL] = "bimodal",     [SIM_PARETO] = "Pareto 0.8",
	[SIM_LOGNORMAL] = "lognormal", [SIM_EXPONENTIAL] = "exponential",
};

struct source {
	uint64_t state;
	double previous;    /* SIM_AR1 */
	unsigned int burst; /* samples that it still takes */
};

/* Above 0 and below 1; xorshift64*. */
static double uniform(struct source *s)
{
	s->state ^= s->state >> 12;
	s->state ^= s->state << 25;
	s->state ^= s->state >> 27;
	return ((double)(s->state * 0x2545f4914f6cdd1dull >> 11) + 0.5) *
	       0x1p-53;
}

static double normal(struct source *s)
{
	double r = sqrt(-2 * log(uniform(s)));

	return r * cos(2 * M_PI * uniform(s));
}

static double draw_burst(struct source *s)
{
	double start = BURST_SHARE / BURST_LEN / (1 - BURST_SHARE);
	double value = exp(BASE_SPREAD * normal(s));

	if (s->burst == 0 && uniform(s) < start)
		s->burst = BURST_LEN;
	if (s->burst == 0)
		return value;
	s->burst--;
	return value * BURST_TIMES;
}

static double draw(enum simulated kind, struct source *s)
{
	switch (kind) {
	case SIM_AR1:
		s->previous = AR * s->previous + sqrt(1 - AR * AR) * normal(s);
		return exp(AR_SPREAD * s->previous);
	case SIM_BURSTS:
		return draw_burst(s);
	case SIM_BIMODAL:
		return (uniform(s) < MODE_SHARE ? MODE_TIMES : 1) *
		       exp(MODE_SPREAD * normal(s));
	case SIM_PARETO:
		return pow(uniform(s), -SHAPE);
	case SIM_LOGNORMAL:
		return exp(SPREAD * normal(s));
	default:
		return 1 - log(uniform(s));
	}
}

static double normal_above(double x)
{
	return 0.5 * erfc(x / M_SQRT2);
}

/* P(a sample is above x units). */
static double above(enum simulated kind, double x)
{
	switch (kind) {
	case SIM_AR1:
		return normal_above(log(x) / AR_SPREAD);
	case SIM_BURSTS:
		return (1 - BURST_SHARE) * normal_above(log(x) / BASE_SPREAD) +
		       BURST_SHARE *
			       normal_above(log(x / BURST_TIMES) / BASE_SPREAD);
	case SIM_BIMODAL:
		return (1 - MODE_SHARE) * normal_above(log(x) / MODE_SPREAD) +
		       MODE_SHARE *
			       normal_above(log(x / MODE_TIMES) / MODE_SPREAD);
	case SIM_PARETO:
		return pow(x, -1 / SHAPE);
	case SIM_LOGNORMAL:
		return normal_above(log(x) / SPREAD);
	default:
		return exp(1 - x);
	}
}

/* What is exceeded with that probability, in cycles. */
static double truth(enum simulated kind, double chance)
{
	double low = 1e-3, high = 1e9;

	for (int i = 0; i < 100; i++) {
		double middle = sqrt(low * high);

		if (above(kind, middle) > chance)
			low = middle;
		else
			high = middle;
	}
	return UNIT * low;
}

struct run {
	struct hist hist;
	struct series series;
};

static void record(struct run *r, enum simulated kind, unsigned int nr,
		   double times, struct source *s)
{
	memset(r, 0, sizeof(*r));
	hist_init(&r->hist);
	series_init(&r->series, nr);
	s->previous = normal(s);
	s->burst = 0;
	for (unsigned int i = 0; i < nr; i++) {
		double value = times * UNIT * draw(kind, s);

		hist_record(&r->hist, (uint64_t)value, i + 1);
		series_record(&r->series, (int64_t)value);
	}
}

static void judge(struct coverage *c, const struct analysis_quantile *q,
		  double wanted)
{
	if (!q->has_low && !q->has_high)
		return;
	c->said++;
	c->open += !q->has_high;
	c->held += (!q->has_low || (double)q->low <= wanted) &&
		   (!q->has_high || wanted <= (double)q->high);
}

static void one_run(struct run *r, enum simulated kind, unsigned int nr,
		    struct source *s, struct coverages *c)
{
	struct dist d = {.late = &r->hist};
	uint64_t work = TAIL_WORK;
	struct analysis a;
	struct tail t;

	record(r, kind, nr, 1, s);
	analysis_make(&a, &d, &r->series);
	for (unsigned int i = 0; i < NR_REPORT_QUANTILES; i++)
		judge(&c->quantile[i], &a.quantile[i],
		      truth(kind,
			    1 - (double)report_quantiles[i].q / QUANTILE_ONE));
	tail_estimate(&t, &d, &r->series, &work);
	if (t.refused)
		return;
	c->tail.said++;
	c->tail.open++;
	c->tail.held += t.low <= truth(kind, 1 / t.one_in);
}

static void some_rounds(struct run *r, struct hist *all, enum simulated kind,
			unsigned int nr, unsigned int rounds, struct source *s,
			struct coverages *c)
{
	struct dist d = {.late = &r->hist}, sum = {.late = all};
	struct analysis each[MOST_ROUNDS], a;
	double drift = normal(s);

	memset(all, 0, sizeof(*all));
	hist_init(all);
	for (unsigned int k = 0; k < rounds; k++) {
		record(r, kind, nr, exp(ROUND * drift), s);
		drift = ROUND_AR * drift +
			sqrt(1 - ROUND_AR * ROUND_AR) * normal(s);
		analysis_make(&each[k], &d, &r->series);
		hist_add(all, &r->hist);
	}
	analysis_of_rounds(&a, &sum, each, rounds);
	judge(&c->quantile[0], &a.quantile[0], truth(kind, 0.5));
}

void simulate(enum simulated kind, unsigned int nr, unsigned int runs,
	      unsigned int rounds, struct coverages *c)
{
	struct run *r = malloc(sizeof(*r));
	struct hist *all = malloc(sizeof(*all));
	struct source s = {.state = 88172645463325252ull + kind};

	*c = (struct coverages){.tail = {.said = 0}};
	if (!r || !all)
		abort();
	for (unsigned int i = 0; i < runs; i++)
		if (rounds)
			some_rounds(r, all, kind, nr, rounds, &s, c);
		else
			one_run(r, kind, nr, &s, c);
	free(r);
	free(all);
}
