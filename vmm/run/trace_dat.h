/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_dat.h - --trace-dat: what was recorded as a trace.dat, by trace-cmd.
 *
 * The program may start none by then (sandbox.h), so a process is made before,
 * which waits, and ends with the program.  What it uses are files without
 * names.
 */
#ifndef VMM_RUN_TRACE_DAT_H
#define VMM_RUN_TRACE_DAT_H

#include <stdbool.h>

#include "vmm/host/trace_pages.h"

struct trace_dat;

/*
 * Before anything is locked or given up; path: of the file to come, and it
 * stays the caller's; most: bytes of pages.  Dies, also when there is no
 * trace-cmd.
 */
struct trace_dat *trace_dat_start(const char *path, uint64_t most);

/* Where a trace's pages go; NULL: none are asked for, t is NULL. */
struct trace_pages *trace_dat_pages(const struct trace_dat *t);

/*
 * Writes it, whole or not at all, and waits for that.  false: a warning says
 * why it is not there.  NULL does nothing.
 */
bool trace_dat_write(struct trace_dat *t);

/* NULL does nothing. */
void trace_dat_end(struct trace_dat *t);

#endif
