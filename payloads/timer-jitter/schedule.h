/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * schedule.h - the times of a vCPU's periods: absolute, so that a late sample
 * moves no other one.
 *
 * An interval that fits into the host's tick meets it in a few places only, for
 * as long as the run lasts.  So a schedule can sweep: it moves to and fro by an
 * interval, in SWEEP_PERIODS each way.
 */
#ifndef TIMER_JITTER_SCHEDULE_H
#define TIMER_JITTER_SCHEDULE_H

#include "guest-firmware/fw.h"

#define SWEEP_PERIODS 256ul

struct schedule {
	struct tsc_time interval;
	bool sweeps;
	const struct measure *m; /* NULL in the warm-up */
	struct tsc_time next;	 /* without the sweep */
	uint64_t due;		 /* the next one */
	uint64_t period;	 /* how many there were */
	/* Of a periodic timer: */
	uint64_t shift; /* how long after its time in the schedule it began */
	uint64_t usual; /* cycles that starting it takes */
};

static inline void schedule_begin(struct schedule *s, uint64_t at)
{
	s->next = (struct tsc_time){.cycles = at};
	s->due = at;
	s->period = 0;
}

/* How far the schedule has moved: there in the first half, then back. */
static inline uint64_t schedule_swept(const struct schedule *s)
{
	uint64_t at = s->period % (2 * SWEEP_PERIODS);

	if (!s->sweeps)
		return 0;
	at = at < SWEEP_PERIODS ? at : 2 * SWEEP_PERIODS - at;
	return at * (s->interval.cycles / SWEEP_PERIODS);
}

static inline void schedule_pass(struct schedule *s, uint64_t periods)
{
	tsc_time_add(&s->next, &s->interval, periods);
	s->period += periods;
	s->due = s->next.cycles + schedule_swept(s);
}

/* All of it that is to come is later by that. */
static inline void schedule_shift(struct schedule *s, uint64_t tsc)
{
	s->next.cycles += tsc;
	s->due += tsc;
}

static inline void schedule_miss(const struct schedule *s, uint64_t late,
				 uint64_t periods)
{
	if (s->m)
		measure_missed(s->m, late, s->interval.cycles, periods);
}

/*
 * The next time of the schedule that is still to come at a given time.  Those
 * that went by before it have no sample of their own: missed, their number.
 */
static inline uint64_t schedule_next(struct schedule *s, uint64_t now)
{
	uint64_t late, behind;

	schedule_pass(s, 1);
	if ((int64_t)(s->due - now) > 0)
		return 0;
	late = now - s->due;
	behind = late / s->interval.cycles + 1;
	schedule_pass(s, behind);
	/* On its way back a schedule's times are a little closer. */
	while ((int64_t)(s->due - now) <= 0) {
		schedule_pass(s, 1);
		behind++;
	}
	schedule_miss(s, late, behind);
	return behind;
}

#endif
