/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracepoint.h - counting KVM's tracepoints (Documentation/trace/events.rst)
 * on one thread of this process, by perf_event_open(2).
 */
#ifndef VMM_HOST_TRACEPOINT_H
#define VMM_HOST_TRACEPOINT_H

#include <stdint.h>
#include <sys/types.h>

/* The number of event kvm:NAME.  0, or an errno. */
int tracepoint_id(const char *name, uint64_t *id);

/*
 * A disabled counter of it, of what passes the filter, wherever that thread
 * runs; tid 0: the calling one.  Patches the kernel's code, which takes tens of
 * ms.  A descriptor, or -errno.
 */
int tracepoint_open(uint64_t id, const char *filter, pid_t tid);

/* Counts from 0 on.  0, or -errno. */
int tracepoint_start(int fd);

/* Stops; n: what it counted since.  0, or -errno. */
int tracepoint_stop(int fd, uint64_t *n);

#endif
