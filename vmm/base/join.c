/* SPDX-License-Identifier: BSD-2-Clause */
/* join.c - see join.h. */
#include <errno.h>

#include "vmm/base/join.h"

#if defined(__SANITIZE_THREAD__)
/*
 * TSan of GCC 12 does not know pthread_clockjoin_np(): it would take a thread
 * that has ended for one that goes on, and report all that it has written.
 */
bool join_until(pthread_t thread, const struct timespec *until)
{
	const struct timespec tick = {.tv_nsec = 1000000};
	struct timespec now;
	int err;

	while ((err = pthread_tryjoin_np(thread, NULL)) == EBUSY) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > until->tv_sec ||
		    (now.tv_sec == until->tv_sec &&
		     now.tv_nsec >= until->tv_nsec))
			break;
		nanosleep(&tick, NULL);
	}
	return err == 0;
}
#else
bool join_until(pthread_t thread, const struct timespec *until)
{
	return pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, until) == 0;
}
#endif
