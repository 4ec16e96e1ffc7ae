/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_watch.c - see trace_watch.h. */
#include <stdlib.h>

#include "vmm/base/room.h"
#include "vmm/run/trace_watch.h"

/* Forgetting looks at each event: not before there are so many. */
#define FORGET_ABOVE (1u << 18)

/* Since when there is everything, of the last moments. */
static uint64_t reach(const struct trace_watch *w)
{
	uint64_t oldest = w->nr_looks < WATCH_LOOKS
				  ? w->looks[0]
				  : w->looks[w->nr_looks % WATCH_LOOKS];

	return oldest > w->whole_since ? oldest : w->whole_since;
}

/* What overlaps the one before is one with it. */
static void keep(const struct trace_watch *w, struct blocks *blocks,
		 uint64_t now)
{
	struct block *last = blocks->nr ? &blocks->list[blocks->nr - 1] : NULL;

	if (!last || last->end < reach(w))
		blocks_begin(blocks, reach(w), true);
	blocks_end(blocks, now);
}

static void forget(const struct trace_watch *w, struct trace_log *log,
		   const struct blocks *blocks)
{
	struct trace_span *spans;

	if (log->nr <= FORGET_ABOVE && !w->pages)
		return;
	spans = room_for(blocks->nr + 1, sizeof(*spans), "to watch a trace");
	for (size_t i = 0; i < blocks->nr; i++)
		spans[i] = (struct trace_span){blocks->list[i].begin,
					       blocks->list[i].end};
	if (log->nr > FORGET_ABOVE)
		trace_log_forget(log, reach(w), spans, blocks->nr);
	trace_pages_forget(w->pages, reach(w), spans, blocks->nr);
	free(spans);
}

void trace_watch_look(struct trace_watch *w, struct trace_log *log,
		      struct blocks *blocks, uint64_t now, uint64_t lost,
		      unsigned int nr_breaks)
{
	/* Which of them there were before is not known. */
	if (lost != w->lost || w->nr_looks == 0)
		w->whole_since = now;
	w->lost = lost;
	if (nr_breaks != w->nr_breaks)
		keep(w, blocks, now);
	w->nr_breaks = nr_breaks;
	w->looks[w->nr_looks++ % WATCH_LOOKS] = now;
	forget(w, log, blocks);
}

void trace_watch_end(struct trace_watch *w, struct blocks *blocks, uint64_t now)
{
	if (w->nr_looks)
		keep(w, blocks, now);
}
