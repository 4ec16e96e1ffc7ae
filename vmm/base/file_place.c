/* SPDX-License-Identifier: BSD-2-Clause */
/* file_place.c - see file_place.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/file_place.h"

#define MOST_LINKS 40 /* as the kernel has it: path_resolution(7) */

/* Splits a name and resolves its folder; 0 or -errno. */
static int split(const char *name, char *dir, char *base)
{
	const char *slash = strrchr(name, '/'),
		   *last = slash ? slash + 1 : name;
	char text[PATH_MAX];
	size_t len = (size_t)(last - name);

	if (!*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
		return *name ? -EISDIR : -ENOENT;
	if (strlen(last) > NAME_MAX || len >= sizeof(text))
		return -ENAMETOOLONG;
	memcpy(text, name, len);
	text[len] = '\0';
	if (!realpath(len ? text : ".", dir))
		return -errno;
	memcpy(base, last, strlen(last) + 1);
	return 0;
}

/* Is it one of this process's /proc/PID/fd/N?  The number, or -1. */
static int own_fd(const char *dir, const char *base)
{
	char own[64], task[64];
	char *end;
	long fd;

	snprintf(own, sizeof(own), "/proc/%d/fd", (int)getpid());
	snprintf(task, sizeof(task), "/proc/%d/task/%d/fd", (int)getpid(),
		 (int)getpid());
	if (strcmp(dir, own) != 0 && strcmp(dir, task) != 0)
		return -1;
	errno = 0;
	fd = strtol(base, &end, 10);
	return errno || *end || fd < 0 || fd > INT_MAX ? -1 : (int)fd;
}

/* Joined into to, which has room for a path; 0 or -errno. */
static int join(char *to, const char *dir, const char *base)
{
	const char *slash = strcmp(dir, "/") == 0 ? "" : "/";

	if (snprintf(to, PATH_MAX, "%s%s%s", dir, slash, base) >= PATH_MAX)
		return -ENAMETOOLONG;
	return 0;
}

int file_place(const char *name, struct file_place *p)
{
	char at[PATH_MAX], dir[PATH_MAX], base[NAME_MAX + 1], target[PATH_MAX];

	if (strlen(name) >= sizeof(at))
		return -ENAMETOOLONG;
	memcpy(at, name, strlen(name) + 1);
	for (int i = 0; i < MOST_LINKS; i++) {
		int err = split(at, dir, base);
		ssize_t len;

		if (!err)
			err = join(p->path, dir, base);
		if (err)
			return err;
		p->fd = own_fd(dir, base);
		if (p->fd >= 0)
			return fcntl(p->fd, F_GETFD) < 0 ? -errno : 0;
		len = readlink(p->path, target, sizeof(target) - 1);
		if (len < 0) /* no link, or not there */
			return errno == EINVAL || errno == ENOENT ? 0 : -errno;
		target[len] = '\0';
		err = *target == '/' ? join(at, "/", target + 1)
				     : join(at, dir, target);
		if (err)
			return err;
	}
	return -ELOOP;
}

bool file_is_stdout(const char *name)
{
	struct file_place p;

	return file_place(name, &p) == 0 && p.fd == STDOUT_FILENO;
}
