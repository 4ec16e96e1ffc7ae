/* SPDX-License-Identifier: BSD-2-Clause */
/* atomic_file.c - see atomic_file.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "vmm/atomic_file.h"

int atomic_file_open(struct atomic_file *f, const char *path)
{
	f->path = path;
	if (snprintf(f->temporary, sizeof(f->temporary), "%s.%d.tmp", path,
		     (int)getpid()) >= (int)sizeof(f->temporary))
		return -ENAMETOOLONG;
	f->fd = open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		     0666);
	return f->fd < 0 ? -errno : 0;
}

int atomic_file_close(struct atomic_file *f, bool written)
{
	bool ok = written && fsync(f->fd) == 0;
	int err = errno;

	ok = close(f->fd) == 0 && ok;
	if (ok && rename(f->temporary, f->path) == 0)
		return 0;
	if (ok)
		err = errno;
	unlink(f->temporary);
	return err ? -err : -EIO;
}
