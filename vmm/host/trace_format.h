/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_format.h - this kernel's layout of events, read from tracefs at run
 * time, and the pages that its ring buffers are read in.
 */
#ifndef VMM_HOST_TRACE_FORMAT_H
#define VMM_HOST_TRACE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/host/trace_event.h"
#include "vmm/host/trace_log.h"

struct trace_formats;

/* Reads a file of tracefs whole: *len bytes, the caller's; NULL, and errno. */
typedef char *trace_reader(void *arg, const char *name, size_t *len);

/* From read(arg, "events/..."); NULL: not even the header of a page is known.
 * Dies without memory. */
struct trace_formats *trace_formats_read(trace_reader *read, void *arg);

/* Has this kernel the event, and every field that is asked for? */
bool trace_formats_has(const struct trace_formats *f, unsigned int kind);

/* Bytes of a page with its header. */
size_t trace_formats_page_len(const struct trace_formats *f);

/*
 * Adds the known events of a page of that CPU, which is aligned and as long as
 * pages are, to the log.
 */
void trace_formats_take(struct trace_formats *f, void *page, unsigned int cpu,
			struct trace_log *log);

void trace_formats_free(struct trace_formats *f);

#endif
