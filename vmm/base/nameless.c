/* SPDX-License-Identifier: BSD-2-Clause */
/* nameless.c - see nameless.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/atomic_file.h"
#include "vmm/base/nameless.h"

static int open_beside(const char *path)
{
	char name[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd;

	snprintf(name, sizeof(name), "%.*s/", (int)(slash - path), path);
	fd = open(name, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (fd >= 0 || errno != EOPNOTSUPP)
		return fd;
	/* NFS, for one: open(2).  It has its name for a moment. */
	if (snprintf(name, sizeof(name), "%s.%d.spool", path, (int)getpid()) >=
	    (int)sizeof(name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 || unlink(name) == 0 ? fd : -1;
}

static int open_temporary(void)
{
	FILE *f = tmpfile();
	int fd = f ? fcntl(fileno(f), F_DUPFD_CLOEXEC, 0) : -1;
	int err = errno;

	if (f)
		fclose(f);
	errno = err;
	return fd;
}

int nameless_open(const char *path)
{
	struct file_place place;
	int err = file_place(path, &place);

	errno = -err;
	if (err)
		return -1;
	return atomic_file_is_direct(&place) ? open_temporary()
					     : open_beside(place.path);
}
