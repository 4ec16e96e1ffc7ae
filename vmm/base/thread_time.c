/* SPDX-License-Identifier: BSD-2-Clause */
/* thread_time.c - see thread_time.h. */
#include <sys/resource.h>
#include <time.h>

#include "vmm/base/now.h"
#include "vmm/base/thread_time.h"

uint64_t thread_time_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static uint64_t ns_of(struct timeval t)
{
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_usec * 1000;
}

struct thread_time thread_time(void)
{
	struct rusage had;

	getrusage(RUSAGE_THREAD, &had);
	return (struct thread_time){
		.ns = ns_of(had.ru_utime) + ns_of(had.ru_stime),
		.nr_sleeps = (uint64_t)had.ru_nvcsw,
	};
}
