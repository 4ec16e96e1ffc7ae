/* SPDX-License-Identifier: BSD-2-Clause */
/* tree_write.c - see tree_write.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "vmm/host/tree_write.h"

#define PATH_LEN 256

/* A copy with a live file in it, by a mount or a link, is none. */
static bool is_live(int fd)
{
	static const unsigned int live[] = {
		PROC_SUPER_MAGIC,    SYSFS_MAGIC,   CGROUP_SUPER_MAGIC,
		CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC,
		RDTGROUP_SUPER_MAGIC};
	struct statfs fs;

	if (fstatfs(fd, &fs) != 0)
		return true;
	for (size_t i = 0; i < sizeof(live) / sizeof(*live); i++)
		if ((unsigned int)fs.f_type == live[i])
			return true;
	return false;
}

static int write_command(int fd, const char *text)
{
	ssize_t n = write(fd, text, strlen(text));

	if (n < 0)
		return -errno;
	return (size_t)n == strlen(text) ? 0 : -EIO;
}

/* Never empty in between: whoever ends this process leaves one text or both. */
static int write_copy(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t n;

	if (is_live(fd))
		return -EXDEV;
	n = pwrite(fd, text, len, 0);
	if (n < 0 || ftruncate(fd, (off_t)len) != 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

/* O_NONBLOCK: a FIFO without a reader is an error. */
int tree_write(const struct tree *t, const char *path, const char *text,
	       bool make)
{
	int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY, fd, err;
	struct stat st;

	make = make && !t->is_machine;
	fd = tree_open_file(t, path, flags | (make ? O_CREAT : 0),
			    make ? 0644 : 0);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		err = -EINVAL;
	else
		err = t->is_machine ? write_command(fd, text)
				    : write_copy(fd, text);
	close(fd);
	return err;
}

/* The folder that it is in, not one of the machine for a copy; *name: there. */
static int open_parent(const struct tree *t, const char *path,
		       const char **name)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_LEN];
	int dir;

	*name = slash ? slash + 1 : path;
	if (slash && slash - path >= PATH_LEN)
		return -ENAMETOOLONG;
	snprintf(parent, sizeof(parent), "%.*s",
		 slash ? (int)(slash - path) : 1, slash ? path : ".");
	dir = tree_open_file(t, parent, O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0 || t->is_machine || !is_live(dir))
		return dir;
	close(dir);
	return -EXDEV;
}

int tree_make_folder(const struct tree *t, const char *path, mode_t mode)
{
	const char *name;
	int dir = open_parent(t, path, &name), err = 0;

	if (dir < 0)
		return dir;
	if (mkdirat(dir, name, mode) != 0)
		err = -errno;
	close(dir);
	return err;
}

static int remove_at(const struct tree *t, const char *path, int flags)
{
	const char *name;
	int dir = open_parent(t, path, &name), err = 0;

	if (dir < 0)
		return dir;
	if (unlinkat(dir, name, flags) != 0)
		err = -errno;
	close(dir);
	return err;
}

int tree_remove_folder(const struct tree *t, const char *path)
{
	return remove_at(t, path, AT_REMOVEDIR);
}

int tree_remove(const struct tree *t, const char *path)
{
	return remove_at(t, path, 0);
}
