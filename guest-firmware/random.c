/* SPDX-License-Identifier: BSD-2-Clause */
/* random.c - see random.h. */
#include "guest-firmware/random.h"

uint64_t random_below(uint64_t *state, uint64_t bound)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	/* The high half of a product: a range without a division. */
	return (uint64_t)(((__uint128_t)(x * 0x2545f4914f6cdd1dull) * bound) >>
			  64);
}
