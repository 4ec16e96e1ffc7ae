/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proof.h - what happened on a vCPU's CPU between its first sample and its
 * last: the proof that nothing else did.  A part of result.h.
 */
#ifndef VMM_RESULT_PROOF_H
#define VMM_RESULT_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/host/cpu_state.h"
#include "vmm/host/irq_counts.h"

#define PROOF_SOURCES 16 /* of interrupts that are named */

struct result_proof {
	bool known; /* a window began, and the vCPU's thread came to its end */
	int cpu;
	bool moved;   /* and was on another CPU at the end */
	uint64_t tsc; /* how long, with the looks at it */
	bool irqs_known, softirqs_known;
	uint64_t irqs, devices, softirqs; /* devices: those of irqs */
	unsigned int nr_sources;
	struct irq_source sources[PROOF_SOURCES]; /* most of irqs */
	char no_smis[64]; /* why smis is not known; "": it is */
	uint64_t smis;
	struct known_count counts[NR_CPU_COUNTS]; /* between the two */
	/* Of the begin and the end; "": not known. */
	char words[2][NR_CPU_WORDS][CPU_STATE_NAME_LEN];
	struct known_count khz[2][NR_CPU_KHZ];
};

/* Least and most of the clock at the two moments; false: not known. */
static inline bool proof_khz(const struct result_proof *p, uint64_t *least,
			     uint64_t *most)
{
	const struct known_count *a = &p->khz[0][CPU_KHZ_NOW];
	const struct known_count *b = &p->khz[1][CPU_KHZ_NOW];

	*least = a->n < b->n ? a->n : b->n;
	*most = a->n < b->n ? b->n : a->n;
	return a->known && b->known;
}

#endif
