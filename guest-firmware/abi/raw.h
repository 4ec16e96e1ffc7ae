/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * raw.h - every sample of a metric on its way to the host: --raw.
 *
 * boot_record.raw_rings rings lie one behind the other at boot_record.raw,
 * each with room for boot_record.raw_entries samples.  A metric takes the
 * first that is free and keeps it, over a restart too.  One vCPU writes a
 * ring: the entry, then head (release).  The host's main thread reads head
 * (acquire), then the entries, then writes tail (release).  No exit, and no
 * system call on a vCPU's thread.  What does not fit is lost and counted.
 */
#ifndef ABI_RAW_H
#define ABI_RAW_H

#include <stddef.h>
#include <stdint.h>

struct raw_entry {
	uint64_t tsc;  /* when the sample ended */
	int64_t value; /* cycles */
};

struct raw_ring {
	uint64_t head;	 /* guest: entries ever written */
	uint64_t lost;	 /* guest: entries that did not fit */
	uint64_t mask;	 /* guest, for itself: raw_entries - 1 */
	uint32_t metric; /* guest: whose, index of result_area.metrics */
	uint32_t used;	 /* guest: 1 once metric is there; written last */
	uint64_t pad[4];
	uint64_t tail; /* host: entries ever read */
	uint64_t pad2[7];
	struct raw_entry entry[]; /* raw_entries of them, a power of two */
};

/* Bytes from one ring to the next. */
static inline uint64_t raw_ring_len(uint64_t entries)
{
	return sizeof(struct raw_ring) + entries * sizeof(struct raw_entry);
}

static inline void raw_append(struct raw_ring *r, int64_t value, uint64_t tsc)
{
	uint64_t head = r->head;
	struct raw_entry *e = &r->entry[head & r->mask];

	/* Pairs with the host's release: it has read what is overwritten. */
	if (head - __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE) > r->mask) {
		r->lost++;
		return;
	}
	e->tsc = tsc;
	e->value = value;
	__atomic_store_n(&r->head, head + 1, __ATOMIC_RELEASE);
}

_Static_assert(sizeof(struct raw_entry) == 16, "ring layout");
_Static_assert(offsetof(struct raw_ring, tail) == 64, "a line of its own");
_Static_assert(offsetof(struct raw_ring, entry) == 128, "ring layout");

#endif
