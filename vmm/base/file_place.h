/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file_place.h - where a file's name leads: through links, also to a file that
 * is not there yet, and to what this program has open already.
 */
#ifndef VMM_BASE_FILE_PLACE_H
#define VMM_BASE_FILE_PLACE_H

#include <limits.h>
#include <stdbool.h>

struct file_place {
	int fd; /* /dev/stdout, /dev/fd/N and what leads there; else -1 */
	char path[PATH_MAX]; /* no part of it is a link, but for that of fd */
};

/* 0, or -errno: it cannot lead anywhere. */
int file_place(const char *name, struct file_place *p);

/* /dev/stdout and its like. */
bool file_is_stdout(const char *name);

#endif
