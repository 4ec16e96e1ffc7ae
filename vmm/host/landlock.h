/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * landlock.h - files that a thread, and those that it starts, may still open
 * (Documentation/userspace-api/landlock.rst).
 */
#ifndef VMM_HOST_LANDLOCK_H
#define VMM_HOST_LANDLOCK_H

struct landlock; /* what will be let through */

/* NULL: this kernel has no Landlock, or it is not switched on. */
struct landlock *landlock_new(void);

/*
 * Lets files at and below path be read; read and written; made, written,
 * renamed and removed.  What is not there needs no right.
 */
void landlock_read(struct landlock *l, const char *path);
void landlock_read_fd(struct landlock *l, int fd);
void landlock_write(struct landlock *l, const char *path);
void landlock_make(struct landlock *l, const char *path);
/* Folders in that one may be removed; made too, and files in them written. */
void landlock_remove_fd(struct landlock *l, int fd);
void landlock_folders_fd(struct landlock *l, int fd);

/*
 * From now on nothing else, for this thread: no new right comes later.  Frees.
 * The version of the kernel's Landlock; 0: it refused.
 */
int landlock_enforce(struct landlock *l);

#endif
