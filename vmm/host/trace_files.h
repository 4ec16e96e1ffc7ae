/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_files.h - tracefs by descriptors, since it may have no path: tracefs.h.
 */
#ifndef VMM_HOST_TRACE_FILES_H
#define VMM_HOST_TRACE_FILES_H

#include <stddef.h>

/* A file below dir; -1, and errno. */
int trace_open_in(int dir, int flags, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Of a descriptor, or -1. */
void trace_close(int fd);

/* Writes all of it at once, which is what these files want.  0, or -errno. */
int trace_write_fd(int fd, const char *text);
int trace_write_in(int dir, const char *name, const char *text);

/*
 * A file of tracefs, whole: *len bytes and a NUL, the caller's; arg is not
 * looked at.  NULL, and errno.
 */
char *trace_read(void *arg, const char *name, size_t *len);

#endif
