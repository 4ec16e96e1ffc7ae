/* SPDX-License-Identifier: BSD-2-Clause */
/* msg_run.c - see msg_run.h. */
#include "guest-firmware/msg_run.h"

/* In the order of MSG_PARAMS(). */
enum {
	PARAM_TICK,
	PARAM_IDLE,
	PARAM_POLL_NS,
	PARAM_SAMPLES,
	PARAM_GAP_US,
	PARAM_WARMUP,
	PARAM_TICK_US,
	PARAM_ABLATION,
	NR_PARAMS
};

void msg_run_load(struct msg_run *r, uint64_t first, const char *timed,
		  const char *counted, uint64_t counted_each)
{
	struct param_value p[NR_PARAMS];
	struct msg_phase *ph = r->phase;
	uint64_t samples, share;

	params_load(p, NR_PARAMS);
	samples = p[PARAM_SAMPLES].lo;
	share = msg_share(samples);
	r->gap = gap_load(&p[PARAM_GAP_US]);
	/* A single vCPU never idles. */
	r->wants_ablation = nr_vcpus() > 1 && p[PARAM_ABLATION].lo == 0;
	r->turns = r->wants_ablation ? samples / MSG_LEAST_TURN : 1;
	if (r->turns > MSG_MOST_TURNS)
		r->turns = MSG_MOST_TURNS;
	if (r->turns == 0)
		r->turns = 1;
	msg_load(nr_vcpus() == 1 ? TICK_NONE : (enum msg_tick)p[PARAM_TICK].lo,
		 p[PARAM_TICK_US].lo,
		 idle_load(&p[PARAM_IDLE], &p[PARAM_POLL_NS]));
	ph[MSG_WARMUP].messages = p[PARAM_WARMUP].lo;
	ph[MSG_TIMED].messages = samples;
	ph[MSG_TIMED].m =
		metric_add(timed, 0, nr_vcpus() > 1 ? METRIC_RTT : 0, samples);
	ph[MSG_COUNTED].messages = share;
	ph[MSG_COUNTED].m =
		metric_add(counted, 0, METRIC_COUNTED, share * counted_each);
	msg_run_plan(r, first);
}

static enum msg_phase_id leg_phase(const struct msg_run *r, uint64_t i)
{
	if (i == 0)
		return MSG_WARMUP;
	if (i == msg_nr_legs(r) - 1)
		return MSG_COUNTED;
	return i % 2 ? MSG_TIMED : MSG_ABLATION;
}

/* Of what is cut into as many parts as there are turns, as alike as can be. */
static uint64_t part(const struct msg_run *r, uint64_t all, uint64_t turn)
{
	return all * (turn + 1) / r->turns - all * turn / r->turns;
}

struct msg_leg msg_leg(const struct msg_run *r, uint64_t i)
{
	struct msg_leg leg = {.id = leg_phase(r, i)};
	uint64_t round = r->ablation.round_len;

	leg.messages = r->phase[leg.id].messages;
	if (leg.id == MSG_TIMED)
		leg.messages = part(r, leg.messages, (i - 1) / 2);
	else if (leg.id == MSG_ABLATION && leg.messages)
		leg.messages =
			part(r, leg.messages / round, (i - 1) / 2) * round;
	return leg;
}

void msg_run_plan(struct msg_run *r, uint64_t seq)
{
	struct msg_plan *plan = &r->plan[seq % MSG_NR_PLANS];

	/* After the last message one more is planned. */
	while (r->plan_messages == msg_leg(r, r->plan_leg).messages &&
	       r->plan_leg + 1 < msg_nr_legs(r)) {
		r->plan_leg++;
		r->plan_messages = 0;
	}
	r->plan_messages++;
	if (msg_leg(r, r->plan_leg).id == MSG_ABLATION)
		msg_ablation_plan(&r->ablation, &r->gap.random, plan);
	else
		msg_plan_base(plan);
}

void msg_run_set_up_ablation(struct msg_run *r,
			     const struct msg_variant *variants, uint32_t nr,
			     uint64_t pv_eois, uint32_t writes_each)
{
	uint64_t samples = r->phase[MSG_TIMED].messages;
	struct msg_phase *ph = &r->phase[MSG_ABLATION];

	if (!r->wants_ablation)
		return;
	if (r->phase[MSG_WARMUP].messages)
		msg_settle_eoi(pv_eois);
	ph->messages = msg_ablation_begin(&r->ablation, variants, nr,
					  msg_share(samples), writes_each);
	ph->m = r->ablation.arm[0];
}

void msg_phase_begin(const struct msg_phase *ph, struct msg_cpu *cpu)
{
	msg_quiet(cpu);
	if (ph->m.metric)
		window_begin(&ph->m);
}

void msg_phase_end(const struct msg_phase *ph)
{
	if (ph->m.metric)
		window_end(&ph->m);
}

void msg_run_done(const struct msg_run *r, const char *name, uint64_t ticks)
{
	r->phase[MSG_TIMED].m.metric->blind = r->phase[MSG_TIMED].blind_tsc;
	metric_done(&r->phase[MSG_TIMED].m);
	metric_done(&r->phase[MSG_COUNTED].m);
	msg_ablation_done(&r->ablation);
	if (ticks)
		print("%s: the tick fired %lu times in all\n", name, ticks);
}
