/* SPDX-License-Identifier: BSD-2-Clause */
/* clocks.h - one moment on the host's two clocks. */
#ifndef VMM_BASE_CLOCKS_H
#define VMM_BASE_CLOCKS_H

#include <stdint.h>

struct clocks {
	uint64_t tsc;
	uint64_t mono_ns; /* CLOCK_MONOTONIC */
};

/* tsc_khz is above 0; negative cycles are negative ns. */
static inline double tsc_to_ns(double cycles, uint64_t tsc_khz)
{
	return cycles * 1e6 / (double)tsc_khz;
}

/* Both, read as close to each other as three tries get. */
struct clocks clocks_read(void);

#endif
