/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_instance.h - the folder of a trace instance (Documentation/trace/
 * ftrace.rst, "Instances").  It is "latvisor.PID.START", by which the next run
 * knows those that a SIGKILL left behind.
 */
#ifndef VMM_HOST_TRACE_INSTANCE_H
#define VMM_HOST_TRACE_INSTANCE_H

#include <stddef.h>

struct trace_instance;

/*
 * Makes it, and removes those of programs that are no more.  *dir: a
 * descriptor of it, the caller's.  NULL: why says, in a sentence without its
 * full stop, what is missing.
 */
struct trace_instance *trace_instance_make(int *dir, char *why, size_t why_len);

/* When no file of it is open any more.  NULL does nothing. */
void trace_instance_remove(struct trace_instance *t);

#endif
