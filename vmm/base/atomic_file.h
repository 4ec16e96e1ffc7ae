/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * atomic_file.h - a file that is there whole, or not at all.
 *
 * It is the file that its name leads to: a link stays one.  What cannot be
 * replaced is written to as it is: a terminal, /dev/null, a FIFO, and what this
 * program has open already, /dev/fd/N.
 */
#ifndef VMM_BASE_ATOMIC_FILE_H
#define VMM_BASE_ATOMIC_FILE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "vmm/base/file_place.h"

struct atomic_file {
	struct file_place place;
	char temporary[PATH_MAX]; /* beside it; "": written to as it is */
	int fd;			  /* to write to */
	sigset_t signals;	  /* that were blocked before */
};

/*
 * 0, or -errno.  A file takes no signal until it is closed: Ctrl-C once more
 * must not leave a half of it behind.  A FIFO waits for its reader here.
 */
int atomic_file_open(struct atomic_file *f, const char *path);

/*
 * written: all of it was, else errno says why.  Flushes, renames, closes.  0,
 * or -errno with nothing left behind.
 */
int atomic_file_close(struct atomic_file *f, bool written);

/*
 * The whole of it, by write(arg, out), which says whether it could, and errno
 * why not.  0, or -errno with nothing left behind.
 */
typedef bool file_writer(const void *arg, FILE *out);
int atomic_file_write(const char *path, file_writer *write, const void *arg);

/*
 * Could it be opened?  0, or -errno.  The temporary file is made, and is gone
 * again: none can be left behind, however a run ends.
 */
int atomic_file_try(const char *path);

/* Is there nothing to replace, so that it is written to as it is? */
bool atomic_file_is_direct(const struct file_place *p);

#endif
