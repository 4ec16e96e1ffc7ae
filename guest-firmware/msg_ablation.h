/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg_ablation.h - which timer writes of a message are on its critical path?
 * Each is left out in turn, and what that gains is compared with what such a
 * write takes by itself.
 */
#ifndef FW_MSG_ABLATION_H
#define FW_MSG_ABLATION_H

#include "guest-firmware/fw.h"
#include "guest-firmware/msg.h"

#define MSG_MAX_ARMS 12u

/* What is switched off; the first of a list is the base, with nothing. */
struct msg_variant {
	char name[24];	 /* its metric's */
	uint32_t out[2]; /* MSG_*: writes left out, on each side */
	uint32_t added;	 /* MSG_EOI_REGISTER, or nothing: on both */
};

/* Of one message, made by one vCPU before any side idles for it. */
struct msg_plan {
	uint32_t writes[2]; /* msg_idle()'s, on each side */
	uint32_t arm; /* the index of a variant; 0 outside of the ablation */
};

struct msg_ablation {
	uint32_t nr_arms; /* 0: there is nothing to compare */
	uint32_t at;	  /* in order */
	uint32_t order[MSG_MAX_ARMS];
	const struct msg_variant *variant[MSG_MAX_ARMS];
	struct measure arm[MSG_MAX_ARMS]; /* PART metrics of vCPU 0 */
	uint64_t first, end;		  /* its messages: first to end - 1 */
};

/*
 * Adds a metric with that many samples for the base and for each of the other
 * variants that leaves out something there is; "timer_write" for what writes
 * of one kind take by themselves, of which a message has writes_each.  To be
 * called after the warm-up, by vCPU 0, on which no timer may be due.  The
 * ablation's messages begin with number first; how many there are.
 */
uint64_t msg_ablation_begin(struct msg_ablation *a,
			    const struct msg_variant *variants, uint32_t nr,
			    uint64_t samples, uint32_t writes_each,
			    uint64_t first);

/*
 * Message seq's plan, in the order of their numbers.  Each round of the
 * ablation has every arm once, in an order drawn as it goes, so that drift hits
 * all of them alike.
 */
void msg_ablation_plan(struct msg_ablation *a, uint64_t seq, uint64_t *random,
		       struct msg_plan *p);

void msg_ablation_done(const struct msg_ablation *a);

/*
 * The samples of each arm, and of what is only counted, by those that are
 * timed; what nr variants add to the work of a payload for its descriptor.
 */
#define MSG_LEAST_SHARE	     10ul
#define MSG_WORK_PERCENT(nr) (100 + ((nr) + 1) * 100 / 5)
#define MSG_WORK_EXTRA(nr)   (((nr) + 1) * MSG_LEAST_SHARE)
static inline uint64_t msg_share(uint64_t samples)
{
	return samples < 5 * MSG_LEAST_SHARE ? MSG_LEAST_SHARE : samples / 5;
}

#endif
