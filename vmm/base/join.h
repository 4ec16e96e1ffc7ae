/* SPDX-License-Identifier: BSD-2-Clause */
/* join.h - waits for the end of a thread, but not for ever. */
#ifndef VMM_BASE_JOIN_H
#define VMM_BASE_JOIN_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

/* until: by CLOCK_MONOTONIC.  False: it runs on, and can be joined later. */
bool join_until(pthread_t thread, const struct timespec *until);

#endif
