/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * values.h - how often which values came, in the buckets of a histogram
 * (abi/hist.h), as a list: small where a histogram would be mostly empty.
 */
#ifndef VMM_STATISTICS_VALUES_H
#define VMM_STATISTICS_VALUES_H

#include <stddef.h>
#include <stdint.h>

struct value_count {
	uint32_t bucket;
	uint64_t nr;
};

/* Zeroed: none.  Its own: values_free(). */
struct values {
	struct value_count *list; /* nr of them, the smallest bucket first */
	size_t nr;
	uint64_t count; /* of all */
};

/* Of nr values that ascend.  Dies without memory. */
struct values values_of(const uint64_t *sorted, size_t nr);

/* Those of from too; in whatever order they are added.  Dies. */
void values_add(struct values *to, const struct values *from);

/*
 * The rank, from 1 on, of the value that percent of them do not exceed; and
 * what has a rank: the middle of its bucket, wrong by less than 1/1024.  0:
 * there are none, or not so many.
 */
uint64_t values_rank(const struct values *v, unsigned int percent);
uint64_t values_at(const struct values *v, uint64_t rank);

/* There are none then. */
void values_free(struct values *v);

#endif
