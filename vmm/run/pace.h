/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pace.h - how much of the main thread's time a guest may take with what it
 * asks for: Ctrl-C, time limits and other guests come first.
 */
#ifndef VMM_RUN_PACE_H
#define VMM_RUN_PACE_H

#include <stdint.h>

#define PACE_SHARE    20	 /* one part in so many, */
#define PACE_BURST_NS 100000000u /* and that much at once */

struct pace {
	uint64_t begun_ns; /* of the run, by the same clock as now_ns below */
	uint64_t spent_ns; /* serving requests */
};

/* For how long no request may be served; 0: one may. */
uint64_t pace_wait_ns(const struct pace *p, uint64_t now_ns);

#endif
