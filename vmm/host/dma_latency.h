/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dma_latency.h - how long the machine's CPUs may take to wake up while a run
 * is on: the kernel keeps to the least value that any open file of
 * /dev/cpu_dma_latency was given (Documentation/power/pm_qos_interface.rst).
 */
#ifndef VMM_HOST_DMA_LATENCY_H
#define VMM_HOST_DMA_LATENCY_H

#include <stdbool.h>
#include <stdint.h>

#define DMA_LATENCY_FILE "/dev/cpu_dma_latency"

/*
 * C1 is left, from which a CPU wakes in 1 or 2 us, and nothing that is deeper:
 * as tuned's real-time profiles do.  At 0 idle CPUs spin, as cyclictest has it,
 * and a wake-up is another way through the kernel.
 */
#define DMA_LATENCY_DEFAULT_US 5
#define DMA_LATENCY_MAX_US     2000000000 /* the kernel's own, "no limit" */
#define DMA_LATENCY_NONE       (-1)

/* As it was while the run was on. */
struct dma_latency {
	bool known; /* not of files of versions that did not hold it */
	bool held;
	int32_t us;	 /* when held */
	char reason[96]; /* when not: why */
};

/*
 * Holds it at us, or not at all (DMA_LATENCY_NONE).  That it cannot is no
 * error: d says so.  The file, for dma_latency_release(); -1: none.
 */
int dma_latency_hold(struct dma_latency *d, int32_t us);

/* fd as dma_latency_hold() gave it. */
void dma_latency_release(int fd);

#endif
