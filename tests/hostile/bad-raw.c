/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-raw.c - rings of samples that no honest guest has: what is in the file
 * is bounded, and the run is an ERROR.  The last case is an honest loss.
 */
#include "guest-firmware/fw.h"

enum {
	HEAD,
	BACK,
	METRIC,
	LOST,
	UNUSED,
	SWAP,
	RACE,
	FULL
};

/* For the host to take what is there: it looks each 10 ms. */
static void wait_for_host(const struct raw_ring *ring)
{
	while (__atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) != ring->head)
		cpu_relax();
}

static void race(struct raw_ring *ring)
{
	volatile struct raw_ring *r = ring;

	for (uint64_t i = 0;; i++) {
		r->used = (uint32_t)i & 1;
		r->metric = (uint32_t)(i * 0x9e3779b9);
		r->head = i & 4 ? i : -i;
		r->lost = i << 60;
		r->tail = i * 0x123457;
		fw_result()->nr_metrics = (uint32_t)i;
	}
}

static void break_ring(uint64_t how, const struct measure *m)
{
	struct raw_ring *ring = m->raw;

	switch (how) {
	case HEAD: /* as if 2^63 samples were there */
		ring->head += 1ull << 63;
		break;
	case BACK:
		wait_for_host(ring);
		ring->head--;
		break;
	case METRIC:
		ring->metric = UINT32_MAX;
		break;
	case LOST:
		ring->lost = UINT64_MAX;
		break;
	case UNUSED:
		ring->used = 0;
		break;
	case SWAP: /* samples of one metric as another one's */
		ring->metric = 1;
		break;
	case RACE:
		race(ring);
		break;
	case FULL: /* what the host has not read is not overwritten */
		wait_for_host(ring);
		ring->tail = ring->head - ring->mask - 1;
		measure_record(m, 3000, rdtsc());
		ring->tail = ring->head;
		break;
	}
}

static void bad_raw(void)
{
	struct measure a, b;
	struct param_value p;

	params_load(&p, 1);
	a = metric_add("lies", 0, METRIC_NO_WINDOW, 0);
	if (!a.raw) {
		verdict_skip("run it with --raw FILE");
		return;
	}
	/* The host sees a ring when it looks: break it before or after. */
	if (p.lo == METRIC || p.lo == UNUSED || p.lo == SWAP)
		break_ring(p.lo, &a);
	b = metric_add("good", 0, METRIC_NO_WINDOW, 1);
	measure_record(&a, 1000, rdtsc());
	measure_record(&b, 1000, rdtsc());
	measure_record(&a, 2000, rdtsc());
	if (p.lo != METRIC && p.lo != UNUSED && p.lo != SWAP)
		break_ring(p.lo, &a);
	metric_done(&a);
	metric_done(&b);
}

PAYLOAD("bad-raw", bad_raw,
	.summary = "rings of samples that contradict themselves",
	.limit_ms = 2000, .hists = 2,
	.params = {
		{.name = "case",
		 .choices = "head|back|metric|lost|unused|swap|race|full",
		 .kind = PARAM_ENUM},
	});
