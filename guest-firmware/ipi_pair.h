/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipi_pair.h - vCPU 1 idles, vCPU 0 sends it an IPI after a random time: what
 * the payloads that time such wake-ups have in common.
 */
#ifndef FW_IPI_PAIR_H
#define FW_IPI_PAIR_H

#include "guest-firmware/fw.h"
#include "guest-firmware/wake_paths.h"

/* Written by vCPU 0 before vCPU 1 starts, but for waits. */
struct ipi_pair {
	uint64_t samples, warmup;
	struct gap gap;
	struct idle idle;
	struct delivery_way delivery;
	uint64_t blind_tsc; /* vCPU 0: see ipi_pair_gap() */
	struct wake_paths paths;
	/* By vCPU 1: the IPIs it has waited for, this one among them. */
	_Atomic uint64_t waits __attribute__((aligned(64)));
};

/* For .params; what is measured, in the plural; how long vCPU 1 idles, when. */
#define IPI_PAIR_PARAMS(many, gap)                                           \
	PARAM_DESC_SAMPLES(many " that are measured", 1000000000000, 10000), \
		PARAM_DESC_GAP_US(gap, 10, 10000000, 50, 250),               \
		PARAM_DESC_WARMUP(many " before the first sample", 100000,   \
				  100),                                      \
		PARAM_DESC_IDLE, PARAM_DESC_POLL_NS, PARAM_DESC_DELIVERY

/*
 * From the parameters; begins step 0.  false: the host cannot deliver IPIs in
 * that way, which is told.  To be followed by the payload's first metric.
 */
bool ipi_pair_load(struct ipi_pair *pair);

/*
 * m's samples are waits of vCPU 1: what KVM must have counted for them, and
 * their paths, where the host is asked whether it rests.
 */
void ipi_pair_wakes(struct ipi_pair *pair, const struct measure *m);

/* One more wait for the IPI, with as little as can be between it and a HLT. */
static inline void ipi_pair_halt(struct ipi_pair *pair)
{
	if (pair->delivery.way == DELIVERY_NMI) {
		word_count(&pair->waits);
		while (me()->irq_vector == 0)
			irq_halt_nmi();
		return;
	}
	irq_halt_telling(&pair->waits, word_load(&pair->waits) + 1);
	while (me()->irq_vector != VECTOR_IPI)
		idle_wait(&pair->idle);
}

/*
 * vCPU 1: idles until the next IPI.  Where it is to sleep, whatever keeps it
 * from its HLT keeps the gap from beginning.
 */
static inline void ipi_pair_wait(struct ipi_pair *pair)
{
	delivery_expect(&pair->delivery);
	if (idle_blocks(&pair->idle)) {
		ipi_pair_halt(pair);
	} else {
		word_count(&pair->waits);
		delivery_await(&pair->delivery, &pair->idle, VECTOR_IPI);
	}
	delivery_end(&pair->delivery);
}

/*
 * vCPU 0: until vCPU 1 has idled that long for the IPI after the first n.  How
 * late the end of the gap is noticed is time in which no IPI could be sent.
 */
static inline void ipi_pair_gap(struct ipi_pair *pair, uint64_t n,
				uint64_t gap_tsc)
{
	wait_for(&pair->waits, n + 1);
	wake_paths_settle(&pair->paths, idle_await(&pair->idle, 1));
	pair->blind_tsc += pause_for(gap_tsc);
}

/* vCPU 1, from beginning to end: once() each time, m's window around samples.
 */
static inline void ipi_pair_serve(struct ipi_pair *pair,
				  const struct measure *m, void (*once)(void))
{
	idle_prepare(&pair->idle);
	for (uint64_t i = 0; i < pair->warmup; i++)
		once();
	window_begin(m);
	for (uint64_t i = 0; i < pair->samples; i++)
		once();
	window_end(m);
}

/*
 * vCPU 0, the same: once() gets the number of the IPI, from 0, and the gap
 * before it; record: it is a sample.  Starts and joins vCPU 1, which is
 * serve().
 */
static inline void ipi_pair_lead(struct ipi_pair *pair, const struct measure *m,
				 void (*serve)(void *),
				 void (*once)(uint64_t n, uint64_t gap_tsc,
					      bool record))
{
	on_vcpu(1, serve, NULL);
	for (uint64_t i = 0; i < pair->warmup; i++)
		once(i, pair->gap.low, false);
	pair->blind_tsc = 0;
	window_begin(m);
	for (uint64_t i = 0; i < pair->samples; i++)
		once(pair->warmup + i, gap_next(&pair->gap), true);
	if (pair->paths.pending)
		wake_paths_settle(&pair->paths, vcpu_woken(1, REST_NONE));
	m->metric->blind = pair->blind_tsc;
	window_end(m);
	vcpu_join(1);
}

#endif
