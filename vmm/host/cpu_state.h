/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu_state.h - what the kernel says of a CPU and of the thread that measures
 * on it, at a moment: two of them tell what came between, without an event.
 *
 * Files: /proc/stat, /proc/schedstat, /proc/PID/{schedstat,stat,status}
 * (Documentation/filesystems/proc.rst, scheduler/sched-stats.rst), cpufreq
 * (admin-guide/pm/cpufreq.rst), thermal_throttle, cpu.stat of the process's
 * cgroup (admin-guide/cgroup-v2.rst), the clocksource.  What a kernel has no
 * file for is not known.
 */
#ifndef VMM_HOST_CPU_STATE_H
#define VMM_HOST_CPU_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CPU_STATE_NAME_LEN 32

/* A count that some kernels do not have. */
struct known_count {
	bool known;
	uint64_t n;
};

enum cpu_count {
	CPU_STEAL_NS, /* a hypervisor ran others; in steps of a tick */
	CPU_OTHERS,   /* times that a task came to it but the thread */
	CPU_THERMAL,  /* times that it was made slower, it or its package */
	CPU_QUOTA,    /* times that its cgroup's quota stopped somebody */
	NR_CPU_COUNTS
};

enum cpu_word {
	CPU_CLOCKSOURCE, /* that the kernel has now */
	CPU_GOVERNOR,	 /* who sets the frequency */
	CPU_ALLOWED,	 /* where the thread may run, a list */
	CPU_POLICY,	 /* "SCHED_FIFO 80" */
	NR_CPU_WORDS
};

enum cpu_khz {
	CPU_KHZ_NOW,
	CPU_KHZ_LEAST, /* that the governor may set */
	CPU_KHZ_MOST,
	NR_CPU_KHZ
};

struct cpu_state {
	struct known_count counts[NR_CPU_COUNTS]; /* since some begin */
	struct known_count khz[NR_CPU_KHZ];
	char words[NR_CPU_WORDS][CPU_STATE_NAME_LEN]; /* "": not known */
	int cpu;				      /* where the thread was */
	int tid;
};

#define CPU_STATE_FILES 16

struct cpu_state_files {
	int cpu;
	uint64_t tick_ns;
	int fd[CPU_STATE_FILES]; /* -1: not there */
};

/* Of a CPU and of the calling thread, which may not open them later. */
void cpu_state_open(struct cpu_state_files *f, int cpu);
void cpu_state_close(struct cpu_state_files *f);

/* On that thread; no allocation. */
void cpu_state_read(const struct cpu_state_files *f, struct cpu_state *s);

/*
 * The line of a file that begins with label, without that, up to len - 1
 * characters and a NUL, out of a file of any length; false: there is none.
 */
bool cpu_state_line(int fd, const char *label, char *text, size_t len);

/* The n-th number of a line, 0 the first; false: it has fewer. */
bool cpu_state_number(const char *line, unsigned int n, uint64_t *value);

/* Its name in the result and in sentences. */
const char *cpu_count_name(enum cpu_count c);
const char *cpu_word_name(enum cpu_word w);

#endif
