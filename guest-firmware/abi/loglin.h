/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loglin.h - log-linear buckets: values below 2^(sub_bits + 1) have one each,
 * above, every power of two is cut into 2^sub_bits.  sub_bits is a constant, 1
 * at least; everything is constant time.
 */
#ifndef ABI_LOGLIN_H
#define ABI_LOGLIN_H

#include <stdint.h>

/* How many there are for values below 2^max_bits. */
#define LOGLIN_NR(sub_bits, max_bits) \
	(((max_bits) - (sub_bits) + 1u) << (sub_bits))

static inline uint64_t loglin_index(uint64_t value, unsigned int sub_bits)
{
	const uint64_t linear = (2u << sub_bits) - 1;
	unsigned int shift =
		63u - (unsigned int)__builtin_clzll(value | linear);

	shift -= sub_bits;
	return ((uint64_t)shift << sub_bits) + (value >> shift);
}

/* The smallest value that falls into bucket index. */
static inline uint64_t loglin_low(uint64_t index, unsigned int sub_bits)
{
	uint64_t shift = index >> sub_bits;

	if (shift <= 1)
		return index;
	shift--;
	return (index - (shift << sub_bits)) << shift;
}

#endif
