/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree_write.h - writing to files of /proc and /sys (tree.h).  What is written
 * to a machine's is a command to its kernel, one write(2); a copy's file holds
 * afterwards what the kernel would show.
 */
#ifndef VMM_HOST_TREE_WRITE_H
#define VMM_HOST_TREE_WRITE_H

#include "vmm/host/tree.h"

/*
 * text: of a copy the whole file; it begins as it is to end, however it is cut
 * short.  make: a copy's file may be new.  0, or -errno: -EXDEV: a file of a
 * copy that is this machine's after all.
 */
int tree_write(const struct tree *t, const char *path, const char *text,
	       bool make);

/* A folder: 0, or -errno; -EEXIST: it is there. */
int tree_make_folder(const struct tree *t, const char *path, mode_t mode);
/* An empty one, or a cgroup's. */
int tree_remove_folder(const struct tree *t, const char *path);
/* A file. */
int tree_remove(const struct tree *t, const char *path);

#endif
