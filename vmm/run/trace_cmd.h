/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_cmd.h - trace-cmd(1), whose format a trace.dat is. */
#ifndef VMM_RUN_TRACE_CMD_H
#define VMM_RUN_TRACE_CMD_H

#include <stdbool.h>
#include <stddef.h>

/* Its path, by $PATH; false: it is not installed. */
bool trace_cmd_find(char *path, size_t len);

/*
 * Makes a trace.dat in the file out, of what the rings of CPU 0 to nr_cpus - 1
 * had, pages[i]; -1: nothing.  dir: tracefs, whose formats go into it; spare: a
 * file to use meanwhile.  All of them are descriptors.  false: why says what
 * there was.
 */
struct trace_cmd_work {
	const char *program;
	int dir, spare, out;
	const int *pages;
	unsigned int nr_cpus;
};
bool trace_cmd_join(const struct trace_cmd_work *work, char *why, size_t len);

#endif
