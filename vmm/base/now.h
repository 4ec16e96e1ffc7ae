/* SPDX-License-Identifier: BSD-2-Clause */
/* now.h - the clock of limits and of what is measured outside a guest. */
#ifndef VMM_BASE_NOW_H
#define VMM_BASE_NOW_H

#include <stdint.h>
#include <time.h>

#define NS_PER_S 1000000000ull

/* CLOCK_MONOTONIC. */
static inline uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

#endif
