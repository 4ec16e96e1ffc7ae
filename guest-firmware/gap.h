/* SPDX-License-Identifier: BSD-2-Clause */
/* gap.h - the random time between two samples: a range in us, as a parameter.
 */
#ifndef FW_GAP_H
#define FW_GAP_H

#include <stdint.h>

#include "guest-firmware/param.h"

struct gap {
	uint64_t low, spread; /* cycles: low + 0..spread - 1 */
	uint64_t random;      /* the state of random_below() */
};

/* us: the value of a range.  Divides: before the first sample. */
struct gap gap_load(const struct param_value *us);

/* The next gap, in cycles. */
uint64_t gap_next(struct gap *gap);

#endif
