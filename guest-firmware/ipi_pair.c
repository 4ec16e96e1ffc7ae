/* SPDX-License-Identifier: BSD-2-Clause */
/* ipi_pair.c - see ipi_pair.h. */
#include "guest-firmware/ipi_pair.h"

/* In the order of IPI_PAIR_PARAMS(). */
enum {
	PARAM_SAMPLES,
	PARAM_GAP_US,
	PARAM_WARMUP,
	PARAM_IDLE,
	PARAM_POLL_NS,
	PARAM_DELIVERY,
	NR_PARAMS
};

bool ipi_pair_load(struct ipi_pair *pair)
{
	struct param_value p[NR_PARAMS];
	uint64_t first_ms;

	params_load(p, NR_PARAMS);
	pair->samples = p[PARAM_SAMPLES].lo;
	pair->warmup = p[PARAM_WARMUP].lo;
	pair->gap = gap_load(&p[PARAM_GAP_US]);
	pair->idle = idle_load(&p[PARAM_IDLE], &p[PARAM_POLL_NS]);
	pair->delivery = delivery_load(&p[PARAM_DELIVERY]);
	first_ms = (pair->warmup + 1) * (p[PARAM_GAP_US].hi / 1000 + 1);
	return delivery_begin(&pair->delivery, first_ms);
}

void ipi_pair_wakes(struct ipi_pair *pair, const struct measure *m)
{
	if (!idle_blocks(&pair->idle))
		return;
	m->metric->blocking = pair->samples;
	wake_paths_add(&pair->paths, m);
}
