/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_pages.h - the pages of a trace's rings as the kernel wrote them, kept
 * for whoever reads those.  In memory: a disk that is written to while the
 * guest runs wakes threads of the kernel.
 */
#ifndef VMM_HOST_TRACE_PAGES_H
#define VMM_HOST_TRACE_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "vmm/host/trace_log.h"

#define TRACE_PAGES_MOST (256u << 20) /* bytes */

struct trace_pages;

/* What is there, for trace_pages_split(). */
struct trace_pages_sum {
	uint64_t nr, page_len;
	uint64_t index; /* where the list of pages begins */
};

/* The first most bytes of pages are kept.  Dies. */
struct trace_pages *trace_pages_new(uint64_t most);

/*
 * One more; len: the same for each.  Its events are those of log from number
 * before on.  NULL does nothing.
 */
void trace_pages_add(struct trace_pages *p, unsigned int cpu, const void *page,
		     size_t len, const struct trace_log *log, size_t before);

/* As trace_log_forget(), of pages without any such event.  NULL does nothing.
 */
void trace_pages_forget(struct trace_pages *p, uint64_t since,
			const struct trace_span *spans, size_t nr);

/* Pages that there was no room for. */
uint64_t trace_pages_lost(const struct trace_pages *p);

/* The file that they are in. */
int trace_pages_fd(const struct trace_pages *p);

/* No page comes any more.  0, or -errno: not all of them are there. */
int trace_pages_end(struct trace_pages *p, struct trace_pages_sum *sum);

/*
 * From fd, believing nothing that it or sum says: files[i] becomes a file like
 * those of nameless_open(beside) with the pages of CPU i, in their order; -1
 * where it has none.  Number of CPUs, at most most; or -errno.
 */
int trace_pages_split(int fd, const struct trace_pages_sum *sum,
		      const char *beside, int *files, unsigned int most);

void trace_pages_free(struct trace_pages *p);

#endif
