/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * noise.h - what the host did on a vCPU's CPU while it measured: interrupts,
 * softirqs, SMIs, and what cpu_state.h has.
 *
 * Reading it takes up to some milliseconds, so it is read before the first
 * window's first snapshot, and when the vCPU has left the guest for good; for
 * payloads with PAYLOAD_HOST_NOISE after that window's last snapshot.
 */
#ifndef VMM_HOST_NOISE_H
#define VMM_HOST_NOISE_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/host/cpu_state.h"
#include "vmm/host/irq_counts.h"

struct noise_moment {
	struct irq_counts interrupts, softirqs;
	uint64_t smis;
	const char *no_smis; /* why smis is not known; NULL: it is */
	struct cpu_state state;
	uint64_t tsc;
};

/* Of one vCPU. */
struct noise {
	bool begun, ended;
	bool in_window;	 /* it ends with the first window */
	uint32_t window; /* whose */
	bool is_open;
	int cpu;
	int interrupts_fd, softirqs_fd, msr_fd; /* -errno: not there */
	struct cpu_state_files files;
	struct noise_moment begin, end;
};

/* Opens the files about a CPU of the host; a vCPU's thread cannot later. */
void noise_open(struct noise *n, int cpu);

/* What opened them ends; of none: does nothing. */
void noise_close(struct noise *n);

/* Reads everything about that CPU.  No allocation. */
void noise_read(const struct noise *n, struct noise_moment *m);

#endif
