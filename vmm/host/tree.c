/* SPDX-License-Identifier: BSD-2-Clause */
/* tree.c - see tree.h. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "vmm/host/own_mount.h"
#include "vmm/host/tree.h"

#define DEBUGFS "sys/kernel/debug"

int tree_open(struct tree *t, const char *root)
{
	t->is_machine = !root;
	t->debugfs = -1;
	t->fd = open(root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return t->fd < 0 ? -errno : 0;
}

void tree_close(struct tree *t)
{
	if (t->fd >= 0)
		close(t->fd);
	if (t->debugfs >= 0)
		close(t->debugfs);
	t->fd = t->debugfs = -1;
}

void tree_mount_debugfs(struct tree *t)
{
	struct statfs fs;

	if (t->is_machine && t->debugfs < 0 &&
	    (statfs("/" DEBUGFS, &fs) != 0 || fs.f_type != DEBUGFS_MAGIC))
		t->debugfs = own_mount("debugfs");
}

/* What is behind its name; NULL: it is no file there. */
static const char *below_debugfs(const char *path)
{
	size_t len = strlen(DEBUGFS);

	if (strncmp(path, DEBUGFS, len) != 0 ||
	    (path[len] != '/' && path[len] != '\0'))
		return NULL;
	return path[len] ? path + len + 1 : ".";
}

/*
 * A copy's links begin at its top, also those that begin with a slash; with
 * O_PATH openat2(2) refuses most other flags.
 */
int tree_open_file(const struct tree *t, const char *path, int flags,
		   mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned int)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = RESOLVE_IN_ROOT,
	};
	const char *below = below_debugfs(path);
	long fd;

	if (t->debugfs >= 0 && below)
		fd = openat(t->debugfs, below, (int)how.flags, mode);
	else if (t->is_machine)
		fd = openat(t->fd, path, (int)how.flags, mode);
	else
		fd = syscall(SYS_openat2, t->fd, path, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

static int open_in(const struct tree *t, const char *path, int flags)
{
	return tree_open_file(t, path, flags, 0);
}

static void note_name(void *arg, const char *name)
{
	(void)name;
	*(bool *)arg = true;
}

/* A file of a file system that nobody has mounted there? */
static bool is_unmounted(const struct tree *t, const char *path,
			 const char *mount)
{
	bool some = false;

	if (strncmp(path, mount, strlen(mount)) != 0)
		return false;
	tree_list(t, mount, note_name, &some);
	return !some;
}

static int explain(const struct tree *t, int err, const char *path, char *why)
{
	const char *text = strerror(-err);

	if (err == -ENOENT || err == -ENOTDIR)
		text = "not in this kernel or machine";
	if (err == -EACCES || err == -EPERM)
		text = geteuid() ? "may not be read: run as root"
				 : "refused, to root too: kernel_lockdown(7)";
	if (err == -ENOENT && is_unmounted(t, path, DEBUGFS))
		text = "not there: mount -t debugfs none /sys/kernel/debug";
	if (err == -ENOENT && is_unmounted(t, path, "sys/kernel/tracing"))
		text = "not there: mount -t tracefs none /sys/kernel/tracing";
	snprintf(why, TREE_WHY_LEN, "%s", text);
	return err;
}

static ssize_t read_all(int fd, char *text, size_t len)
{
	size_t at = 0;
	ssize_t n = 1;

	while (n > 0 && at < len - 1) {
		n = read(fd, text + at, len - 1 - at);
		at += n > 0 ? (size_t)n : 0;
	}
	return n < 0 ? -errno : (ssize_t)at;
}

/* O_NONBLOCK: a FIFO is opened without waiting for who writes to it. */
int tree_read_raw(const struct tree *t, const char *path, char *text,
		  size_t len, char why[TREE_WHY_LEN])
{
	int fd = open_in(t, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	ssize_t n;

	text[0] = '\0';
	if (fd < 0)
		return explain(t, fd, path, why);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		snprintf(why, TREE_WHY_LEN, "is no regular file");
		return -EINVAL;
	}
	n = read_all(fd, text, len);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	if (n < 0)
		return explain(t, (int)n, path, why);
	return 0;
}

int tree_read(const struct tree *t, const char *path, char *text, size_t len,
	      char why[TREE_WHY_LEN])
{
	int err = tree_read_raw(t, path, text, len, why);
	size_t n = strlen(text);

	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	text[n] = '\0';
	return err;
}

bool tree_has(const struct tree *t, const char *path)
{
	int fd = open_in(t, path, O_PATH);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

int tree_list(const struct tree *t, const char *path, tree_visitor *visit,
	      void *arg)
{
	int fd = open_in(t, path, O_RDONLY | O_DIRECTORY), left;
	struct dirent *d;
	DIR *dir;

	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	left = TREE_MOST_NAMES;
	while (left > 0 && (d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		visit(arg, d->d_name);
		left--;
	}
	closedir(dir);
	return 0;
}
