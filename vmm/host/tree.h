/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree.h - the files of /proc and /sys, of this machine or of a copy of another
 * one's in a folder.  A copy is hostile: no link in it leads out of it, only
 * regular files are read, none is waited for, and none is read beyond its
 * bound.
 */
#ifndef VMM_HOST_TREE_H
#define VMM_HOST_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct tree {
	int fd;		 /* its top */
	bool is_machine; /* nothing but this machine, so it can be measured */
	int debugfs;	 /* tree_mount_debugfs(); -1: none */
};

/* root: NULL: this machine.  0, or -errno. */
int tree_open(struct tree *t, const char *root);
void tree_close(struct tree *t);

/*
 * Files of sys/kernel/debug are this machine's also where nobody has mounted
 * debugfs, if this is root (own_mount.h).  Before the sandbox only.
 */
void tree_mount_debugfs(struct tree *t);

/*
 * openat(2), where no link leads out of a copy; mode: 0, or of a file that
 * O_CREAT makes.  The file, or -errno.
 */
int tree_open_file(const struct tree *t, const char *path, int flags,
		   mode_t mode);

#define TREE_WHY_LEN 64

/*
 * The first len - 1 bytes of a file, path without a slash at its begin, and a
 * NUL; blanks at its end are left out.  0, or -errno, and why in a phrase.
 */
int tree_read(const struct tree *t, const char *path, char *text, size_t len,
	      char why[TREE_WHY_LEN]);

/* The same, blanks at its end and all. */
int tree_read_raw(const struct tree *t, const char *path, char *text,
		  size_t len, char why[TREE_WHY_LEN]);

/* Is there such a file or folder? */
bool tree_has(const struct tree *t, const char *path);

/* One name of a folder, never one that begins with a dot. */
typedef void tree_visitor(void *arg, const char *name);

#define TREE_MOST_NAMES 65536

/* Visits the names in no order, TREE_MOST_NAMES at most.  0, or -errno. */
int tree_list(const struct tree *t, const char *path, tree_visitor *visit,
	      void *arg);

#endif
