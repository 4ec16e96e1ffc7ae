/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_mark.h - the marker of somebody else's trace (Documentation/trace/
 * ftrace.rst, "trace_marker").
 */
#ifndef VMM_HOST_TRACE_MARK_H
#define VMM_HOST_TRACE_MARK_H

/*
 * Of the trace instance of that name; ".": of the top one.  A descriptor to
 * write to, the caller's; -1, and errno: EINVAL, it is no instance's name.
 */
int trace_mark_open(const char *instance);

#endif
