/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg_run.h - an experiment with messages: after a warm-up they are timed, and
 * timed with each timer write left out, in turns; then they are counted.
 * Parameters, phases and plans; who sends what to whom is the payload's.
 */
#ifndef FW_MSG_RUN_H
#define FW_MSG_RUN_H

#include "guest-firmware/fw.h"
#include "guest-firmware/msg.h"
#include "guest-firmware/msg_ablation.h"

enum msg_phase_id {
	MSG_WARMUP,
	MSG_TIMED,
	MSG_ABLATION,
	MSG_COUNTED, /* the last: opening the counters disturbs */
	NR_MSG_PHASES
};

struct msg_phase {
	uint64_t messages;
	struct measure m;   /* metric NULL: it has no window */
	uint64_t blind_tsc; /* vCPU 0: a message was due and not sent */
};

/*
 * What is timed and the ablation take so many turns: a host that becomes slower
 * becomes so in both.  A turn's first message follows a window's exits and is
 * slower (a sixth, where it was looked at): it is one of MSG_LEAST_TURN.
 */
#define MSG_MOST_TURNS 32u
#define MSG_LEAST_TURN 25u

/* Messages of one phase that follow one another. */
struct msg_leg {
	enum msg_phase_id id;
	uint64_t messages;
};

/* A message's is made before the one before it is sent. */
#define MSG_NR_PLANS 4u

/* Written by vCPU 0. */
struct msg_run {
	struct msg_phase phase[NR_MSG_PHASES];
	struct gap gap;
	bool wants_ablation;
	uint64_t turns;		/* of what is timed; 1: without ablation */
	uint64_t plan_leg;	/* of the message that is planned next ... */
	uint64_t plan_messages; /* ... how many are planned of it */
	struct msg_ablation ablation;
	struct msg_plan plan[MSG_NR_PLANS] __attribute__((aligned(64)));
};

/* For .params; what messages are called, the default of samples. */
#define MSG_PARAMS(many, one, n, gap)                                         \
	MSG_PARAM_DESC_TICK, PARAM_DESC_IDLE, PARAM_DESC_POLL_NS,             \
		PARAM_DESC_SAMPLES(many " that are measured", 1000000000, n), \
		PARAM_DESC_GAP_US(gap, 1, 1000000, 50, 150),                  \
		PARAM_DESC_WARMUP(many " before the first sample", 100000,    \
				  100),                                       \
		MSG_PARAM_DESC_TICK_US,                                       \
		MSG_PARAM_DESC_ABLATION("what each timer write costs " one)

/*
 * From the parameters, in the order of MSG_PARAMS(); before any vCPU idles.
 * Adds two metrics of vCPU 0, the messages' that are timed and, with
 * counted_each samples a message, that of those which are counted.
 */
void msg_run_load(struct msg_run *r, uint64_t first, const char *timed,
		  const char *counted, uint64_t counted_each);

/*
 * After the warm-up, in which so many interrupts ended by PV EOI on all vCPUs:
 * what there is to be switched off is known.  writes_each: as
 * msg_ablation_begin() has it.
 */
void msg_run_set_up_ablation(struct msg_run *r,
			     const struct msg_variant *variants, uint32_t nr,
			     uint64_t pv_eois, uint32_t writes_each);

/*
 * The legs of the experiment, i: 0 upwards.  The first is the warm-up, and how
 * long those behind it are is known once the ablation is set up.
 */
static inline uint64_t msg_nr_legs(const struct msg_run *r)
{
	return 2 + 2 * r->turns;
}
struct msg_leg msg_leg(const struct msg_run *r, uint64_t i);

/* The plan of message seq: for all of them, in their order. */
void msg_run_plan(struct msg_run *r, uint64_t seq);

/* Around the messages of a leg, on each vCPU that sends or idles. */
void msg_phase_begin(const struct msg_phase *ph, struct msg_cpu *cpu);
void msg_phase_end(const struct msg_phase *ph);

/* All of them but the payload's own metrics; ticks: on all vCPUs. */
void msg_run_done(const struct msg_run *r, const char *name, uint64_t ticks);

static inline const struct msg_plan *msg_plan(const struct msg_run *r,
					      uint64_t seq)
{
	return &r->plan[seq % MSG_NR_PLANS];
}

/* Message seq took cost cycles, until tsc; nothing is kept of the warm-up. */
static inline void msg_record(struct msg_run *r, enum msg_phase_id id,
			      uint64_t seq, uint64_t cost, uint64_t tsc)
{
	if (id == MSG_ABLATION)
		msg_ablation_record(&r->ablation, msg_plan(r, seq)->arm, cost,
				    tsc);
	else if (r->phase[id].m.metric)
		measure_record(&r->phase[id].m, cost, tsc);
}

/*
 * vCPU 0, before it sends message seq: the plan of the next one, then a random
 * time and the tick that came in it.
 */
static inline void msg_think(struct msg_run *r, enum msg_phase_id id,
			     struct msg_cpu *cpu, uint64_t seq)
{
	msg_run_plan(r, seq + 1);
	r->phase[id].blind_tsc += pause_for(gap_next(&r->gap));
	msg_take_tick(cpu);
}

#endif
