/* SPDX-License-Identifier: BSD-2-Clause */
/* msg_ablation.c - see msg_ablation.h. */
#include "guest-firmware/msg_ablation.h"

#define GAIN "gain_"
_Static_assert(sizeof(GAIN) - 1 + sizeof(((struct msg_variant *)0)->name) <=
		       sizeof(((struct metric *)0)->name),
	       "a variant's name fits behind it");

/* Can it be told from the base? */
static bool differs(const struct msg_variant *v)
{
	uint32_t out = v->out[0] | v->out[1];

	if (v->added & MSG_EOI_REGISTER)
		return fw_msg.pv_eoi;
	return (out & fw_msg.writes) != 0;
}

/* One write's cost is what leaving out one of them can gain. */
static void measure_writes(struct msg_ablation *a, uint64_t samples,
			   uint32_t writes_each)
{
	struct measure cost;

	if (!(fw_msg.writes & MSG_ALL_WRITES))
		return;
	cost = metric_add("timer_write", 0, METRIC_PART, samples);
	msg_write_cost(&cost, samples, writes_each);
	metric_done(&cost);
	for (uint32_t i = 1; i < a->nr_arms; i++) {
		uint32_t out = a->variant[i]->out[0] | a->variant[i]->out[1];

		if (out && out != MSG_ALL_WRITES)
			a->arm[i].metric->unit = cost.window + 1;
	}
}

static void add_gain(struct msg_ablation *a, uint32_t arm, uint64_t rounds)
{
	char name[sizeof(((struct metric *)0)->name)];

	metric_name(name, GAIN, a->variant[arm]->name);
	a->gain[arm] = metric_add(name, 0, METRIC_PART | METRIC_SIGNED, rounds);
	a->arm[arm].metric->base = a->arm[0].window + 1;
	a->arm[arm].metric->gain = a->gain[arm].window + 1;
}

uint64_t msg_ablation_begin(struct msg_ablation *a,
			    const struct msg_variant *variants, uint32_t nr,
			    uint64_t rounds, uint32_t writes_each)
{
	for (uint32_t i = 0; i < nr; i++)
		if (i == 0 || differs(&variants[i]))
			a->variant[a->nr_arms++] = &variants[i];
	if (a->nr_arms < 2)
		a->nr_arms = 0;
	if (a->nr_arms == 0)
		return 0;
	a->round_len = a->nr_arms + MSG_BASES - 1;
	for (uint32_t i = 0; i < a->round_len; i++)
		a->order[i] = i < MSG_BASES ? 0 : i - (MSG_BASES - 1);
	for (uint32_t i = 0; i < a->nr_arms; i++)
		a->arm[i] = metric_add(a->variant[i]->name, 0, METRIC_PART,
				       i ? rounds : rounds * MSG_BASES);
	for (uint32_t i = 1; i < a->nr_arms; i++)
		add_gain(a, i, rounds);
	measure_writes(a, rounds, writes_each);
	return rounds * a->round_len;
}

/* The next arm of this round; those that are still to come are behind at. */
static uint32_t draw(struct msg_ablation *a, uint64_t *random)
{
	uint32_t left = a->round_len - a->at;
	uint32_t pick = a->at + (uint32_t)random_below(random, left);
	uint32_t arm = a->order[pick];

	a->order[pick] = a->order[a->at];
	a->order[a->at] = arm;
	a->at = left == 1 ? 0 : a->at + 1;
	return arm;
}

void msg_plan_base(struct msg_plan *p)
{
	p->arm = 0;
	p->writes[0] = fw_msg.writes;
	p->writes[1] = fw_msg.writes;
}

void msg_ablation_plan(struct msg_ablation *a, uint64_t *random,
		       struct msg_plan *p)
{
	const struct msg_variant *v;

	p->arm = draw(a, random);
	v = a->variant[p->arm];
	for (int i = 0; i < 2; i++)
		p->writes[i] = (fw_msg.writes & ~v->out[i]) | v->added;
}

static uint64_t middle_of(const uint64_t v[MSG_BASES])
{
	uint64_t low = v[0] < v[1] ? v[0] : v[1];
	uint64_t high = v[0] < v[1] ? v[1] : v[0];

	return v[2] < low ? low : v[2] > high ? high : v[2];
}

/*
 * Without an effect a round's samples are as likely in each order: the middle
 * of three is above a fourth in half of the rounds, however skewed they are.
 */
static void record_gains(struct msg_ablation *a, uint64_t tsc)
{
	uint64_t middle = middle_of(a->base);

	for (uint32_t i = 1; i < a->nr_arms; i++)
		measure_record_signed(&a->gain[i],
				      (int64_t)(middle - a->sample[i]), tsc);
	a->nr_bases = 0;
	a->nr_samples = 0;
}

void msg_ablation_record(struct msg_ablation *a, uint32_t arm, uint64_t cost,
			 uint64_t tsc)
{
	measure_record(&a->arm[arm], cost, tsc);
	if (arm == 0)
		a->base[a->nr_bases++] = cost;
	else
		a->sample[arm] = cost;
	if (++a->nr_samples == a->round_len)
		record_gains(a, tsc);
}

void msg_ablation_done(const struct msg_ablation *a)
{
	for (uint32_t i = 0; i < a->nr_arms; i++) {
		metric_done(&a->arm[i]);
		if (i)
			metric_done(&a->gain[i]);
	}
}
