/* SPDX-License-Identifier: BSD-2-Clause */
/* thread_time.h - what the thread that asks has had of CPUs. */
#ifndef VMM_BASE_THREAD_TIME_H
#define VMM_BASE_THREAD_TIME_H

#include <stdint.h>

/* In ns, until now. */
uint64_t thread_time_ns(void);

struct thread_time {
	uint64_t ns; /* the kernel may add this turn after a sleep only */
	uint64_t nr_sleeps; /* how often it gave a CPU back by itself */
};

/* One system call for both. */
struct thread_time thread_time(void);

#endif
