/* SPDX-License-Identifier: BSD-2-Clause */
/* atomic_file.h - a file that is there whole, or not at all. */
#ifndef VMM_BASE_ATOMIC_FILE_H
#define VMM_BASE_ATOMIC_FILE_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>

struct atomic_file {
	const char *path;
	char temporary[PATH_MAX]; /* beside it */
	int fd;			  /* to write to */
	sigset_t signals;	  /* that were blocked before */
};

/*
 * 0, or -errno.  No signal is taken until it is closed: Ctrl-C once more must
 * not leave a half of it behind.
 */
int atomic_file_open(struct atomic_file *f, const char *path);

/*
 * written: all of it was, else errno says why.  Flushes, renames, closes.  0,
 * or -errno with nothing left behind.
 */
int atomic_file_close(struct atomic_file *f, bool written);

#endif
