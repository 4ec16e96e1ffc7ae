/* SPDX-License-Identifier: BSD-2-Clause */
/* msg_ablation.c - see msg_ablation.h. */
#include "guest-firmware/msg_ablation.h"

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

uint64_t msg_ablation_begin(struct msg_ablation *a,
			    const struct msg_variant *variants, uint32_t nr,
			    uint64_t samples, uint32_t writes_each,
			    uint64_t first)
{
	for (uint32_t i = 0; i < nr; i++)
		if (i == 0 || differs(&variants[i]))
			a->variant[a->nr_arms++] = &variants[i];
	if (a->nr_arms < 2)
		a->nr_arms = 0;
	for (uint32_t i = 0; i < a->nr_arms; i++) {
		a->order[i] = i;
		a->arm[i] = metric_add(a->variant[i]->name, 0, METRIC_PART,
				       samples);
		a->arm[i].metric->base = i ? a->arm[0].window + 1 : 0;
	}
	if (a->nr_arms)
		measure_writes(a, samples, writes_each);
	a->first = first;
	a->end = first + samples * a->nr_arms;
	return a->end - a->first;
}

/* The next arm of this round; those that are still to come are behind at. */
static uint32_t draw(struct msg_ablation *a, uint64_t *random)
{
	uint32_t left = a->nr_arms - a->at;
	uint32_t pick = a->at + (uint32_t)random_below(random, left);
	uint32_t arm = a->order[pick];

	a->order[pick] = a->order[a->at];
	a->order[a->at] = arm;
	a->at = left == 1 ? 0 : a->at + 1;
	return arm;
}

void msg_ablation_plan(struct msg_ablation *a, uint64_t seq, uint64_t *random,
		       struct msg_plan *p)
{
	const struct msg_variant *v;

	p->arm = 0;
	p->writes[0] = fw_msg.writes;
	p->writes[1] = fw_msg.writes;
	if (seq < a->first || seq >= a->end)
		return;
	p->arm = draw(a, random);
	v = a->variant[p->arm];
	for (int i = 0; i < 2; i++)
		p->writes[i] = (fw_msg.writes & ~v->out[i]) | v->added;
}

void msg_ablation_done(const struct msg_ablation *a)
{
	for (uint32_t i = 0; i < a->nr_arms; i++)
		metric_done(&a->arm[i]);
}
