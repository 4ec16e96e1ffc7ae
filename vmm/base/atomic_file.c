/* SPDX-License-Identifier: BSD-2-Clause */
/* atomic_file.c - see atomic_file.h. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "vmm/base/atomic_file.h"

int atomic_file_open(struct atomic_file *f, const char *path)
{
	sigset_t all;
	int err;

	f->path = path;
	if (snprintf(f->temporary, sizeof(f->temporary), "%s.%d.tmp", path,
		     (int)getpid()) >= (int)sizeof(f->temporary))
		return -ENAMETOOLONG;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &f->signals);
	f->fd = open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		     0666);
	if (f->fd >= 0)
		return 0;
	err = -errno;
	pthread_sigmask(SIG_SETMASK, &f->signals, NULL);
	return err;
}

int atomic_file_close(struct atomic_file *f, bool written)
{
	int err = 0;

	if (!written || fsync(f->fd) != 0)
		err = errno ? errno : EIO;
	if (close(f->fd) != 0 && err == 0)
		err = errno;
	if (err == 0 && rename(f->temporary, f->path) != 0)
		err = errno;
	if (err)
		unlink(f->temporary);
	pthread_sigmask(SIG_SETMASK, &f->signals, NULL);
	return -err;
}
