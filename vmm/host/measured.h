/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * measured.h - what only a measurement shows: for a second a thread spins on
 * each of some CPUs as a vCPU would, and sees how often it does not.
 */
#ifndef VMM_HOST_MEASURED_H
#define VMM_HOST_MEASURED_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/host/cpumask.h"
#include "vmm/host/irq_counts.h"

#define MEASURED_TOP 3 /* sources of interrupts that are named */

struct measured {
	uint64_t ns;	     /* how long */
	uint64_t longest_ns; /* the longest gap of all CPUs, on cpu */
	int cpu;
	uint64_t lost_ns;     /* in all gaps, of the CPU that lost most */
	uint64_t preemptions; /* the same, of switches it did not ask for */
	bool irqs_known, softirqs_known;
	uint64_t ticks; /* local timer's, of the CPU with most */
	uint64_t irqs;	/* all others, the same */
	unsigned int nr_top;
	struct irq_source top[MEASURED_TOP]; /* of that CPU */
	uint64_t softirqs;
	const char *no_smis; /* why they are not known; NULL: they are */
	uint64_t smis;
	bool steal_known;
	uint64_t steal_ns;
	int64_t dma_latency_us; /* what /dev/cpu_dma_latency holds; -1: ? */
};

#define MEASURED_NS 1000000000ull

/* Takes that long.  prio: SCHED_FIFO where it is granted.  Dies without memory
 * or threads. */
void measured_take(struct measured *m, const struct cpumask *cpus, int prio,
		   uint64_t ns);

#endif
