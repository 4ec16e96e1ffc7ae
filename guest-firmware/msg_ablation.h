/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg_ablation.h - which timer writes of a message are on its critical path?
 * Each is left out in turn, and what that gains is compared with what such a
 * write takes by itself.  Messages come in rounds, each with the base three
 * times and every other arm once, in an order that is drawn: what drifts is
 * alike in a round, and a gain is what its messages differ by.
 */
#ifndef FW_MSG_ABLATION_H
#define FW_MSG_ABLATION_H

#include "guest-firmware/fw.h"
#include "guest-firmware/msg.h"

#define MSG_MAX_ARMS 12u
#define MSG_BASES    3u /* in a round: their middle is compared with */

/* Of one message, made by one vCPU before any side idles for it. */
struct msg_plan {
	uint32_t writes[2]; /* msg_idle()'s, on each side */
	uint32_t arm; /* the index of a variant; 0 outside of the ablation */
};

/* Written by vCPU 0. */
struct msg_ablation {
	uint32_t nr_arms;   /* 0: there is nothing to compare */
	uint32_t round_len; /* messages */
	uint32_t at;	    /* of order: what is still to come of a round */
	uint32_t order[MSG_MAX_ARMS + MSG_BASES - 1];
	const struct msg_variant *variant[MSG_MAX_ARMS];
	/* PART metrics of vCPU 0; gain[0] is not there. */
	struct measure arm[MSG_MAX_ARMS], gain[MSG_MAX_ARMS];
	/* The round's samples, in cycles. */
	uint32_t nr_bases, nr_samples;
	uint64_t base[MSG_BASES], sample[MSG_MAX_ARMS];
};

/*
 * Adds metrics for the base and for each of the other variants that leaves out
 * something there is, with a sample a round, and for what each of those gains
 * in a round, "gain_" before the name; "timer_write" for what writes of one
 * kind take by themselves, of which a message has writes_each.  To be called
 * after the warm-up, by vCPU 0, on which no timer may be due.  How many
 * messages that makes.
 */
uint64_t msg_ablation_begin(struct msg_ablation *a,
			    const struct msg_variant *variants, uint32_t nr,
			    uint64_t rounds, uint32_t writes_each);

/* For the next message, in turn: of the ablation, or of what is not varied. */
void msg_ablation_plan(struct msg_ablation *a, uint64_t *random,
		       struct msg_plan *p);
void msg_plan_base(struct msg_plan *p);

/* The sample of a message of the ablation, in the order of the plans. */
void msg_ablation_record(struct msg_ablation *a, uint32_t arm, uint64_t cost,
			 uint64_t tsc);

void msg_ablation_done(const struct msg_ablation *a);

/*
 * The rounds, and the samples of what is only counted, by those that are
 * timed; what nr variants add to a payload's descriptor: to its work, and its
 * histograms, with those of a struct msg_run.
 */
#define MSG_LEAST_SHARE	     10ul
#define MSG_SHARES(nr)	     ((nr) + MSG_BASES) /* what is counted is one */
#define MSG_WORK_PERCENT(nr) (100 + MSG_SHARES(nr) * 100 / 5)
#define MSG_WORK_EXTRA(nr)   (MSG_SHARES(nr) * MSG_LEAST_SHARE)
#define MSG_HISTS(nr)	     (3 + (nr) + 2 * ((nr)-1))
static inline uint64_t msg_share(uint64_t samples)
{
	return samples < 5 * MSG_LEAST_SHARE ? MSG_LEAST_SHARE : samples / 5;
}

#endif
