/* SPDX-License-Identifier: BSD-2-Clause */
/* gap.c - see gap.h. */
#include "guest-firmware/gap.h"
#include "guest-firmware/clock.h"
#include "guest-firmware/random.h"
#include "guest-firmware/x86.h"

struct gap gap_load(const struct param_value *us)
{
	uint64_t low = us_to_tsc(us->lo);

	return (struct gap){
		.low = low,
		.spread = us_to_tsc(us->hi) - low + 1,
		.random = rdtsc() | 1,
	};
}

uint64_t gap_next(struct gap *gap)
{
	return gap->low + random_below(&gap->random, gap->spread);
}
