/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ticks.h - what a tick of this host's TSC is: a piece of time, or, under an
 * emulator that counts so, an instruction.  Then every latency is the length
 * of a path, docs/measuring.md.
 */
#ifndef VMM_BASE_TICKS_H
#define VMM_BASE_TICKS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "vmm/base/clocks.h"

struct ticks {
	bool insns;	   /* it counts instructions */
	unsigned int step; /* of which it shows so many at once; else 0 */
};

/*
 * Measures it.  True instructions only if loops of several instruction mixes
 * and lengths take as many ticks as they have instructions, nearly each time.
 * Less than a microsecond where the first of them does not.
 */
struct ticks ticks_measure(void);

#define TICKS_REPEATS  16
#define TICKS_STEP_MAX 32 /* a coarser clock counts nothing */

/* One loop: its instructions from one read of the TSC to the other. */
struct ticks_series {
	unsigned int insns;
	uint32_t ticks[TICKS_REPEATS];
};

/* What nr series say: the part of ticks_measure() that decides. */
struct ticks ticks_judge(const struct ticks_series *series, unsigned int nr);

/* A figure in the unit of the reports. */
static inline double ticks_value(const struct ticks *t, double cycles,
				 uint64_t tsc_khz)
{
	return t->insns ? cycles : tsc_to_ns(cycles, tsc_khz);
}

/* "ns" or "instructions". */
static inline const char *ticks_unit(const struct ticks *t)
{
	return t->insns ? "instructions" : "ns";
}

/* The first line of what a command prints; nothing where ticks are time. */
void ticks_announce(const struct ticks *t, FILE *out);

#endif
