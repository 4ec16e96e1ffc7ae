/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_watch.h - which of the events of a run are kept while one waits for a
 * sample above --break-at: the last moments, and those before each such sample.
 * Times are of the TSC.
 */
#ifndef VMM_RUN_TRACE_WATCH_H
#define VMM_RUN_TRACE_WATCH_H

#include "vmm/host/trace_log.h"
#include "vmm/host/trace_pages.h"
#include "vmm/result/blocks.h"

/* Looks that the last moments reach back: 16 of 10 ms. */
#define WATCH_LOOKS 16

/* Zeroed: nothing yet. */
struct trace_watch {
	uint64_t looks[WATCH_LOOKS]; /* when; a ring */
	unsigned int nr_looks;
	unsigned int nr_breaks;	   /* that were seen */
	uint64_t whole_since;	   /* no event is lost from then on */
	uint64_t lost;		   /* events, so far */
	struct trace_pages *pages; /* of the same events; NULL: not kept */
};

/*
 * All events until now are in log, lost in all are not; so many samples were
 * above the limit.  What is to be kept of a new one becomes a block.
 */
void trace_watch_look(struct trace_watch *w, struct trace_log *log,
		      struct blocks *blocks, uint64_t now, uint64_t lost,
		      unsigned int nr_breaks);

/* The last moments become a block, too. */
void trace_watch_end(struct trace_watch *w, struct blocks *blocks,
		     uint64_t now);

#endif
