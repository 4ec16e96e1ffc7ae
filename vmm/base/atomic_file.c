/* SPDX-License-Identifier: BSD-2-Clause */
/* atomic_file.c - see atomic_file.h. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/base/atomic_file.h"

bool atomic_file_is_direct(const struct file_place *p)
{
	struct stat st;

	return p->fd >= 0 || (stat(p->path, &st) == 0 &&
			      (S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode)));
}

/* Where it is to be, and whether it can be there; 0 or -errno. */
static int find(struct atomic_file *f, const char *path)
{
	struct stat st;
	int err = file_place(path, &f->place);

	f->temporary[0] = '\0';
	if (err || atomic_file_is_direct(&f->place))
		return err;
	if (stat(f->place.path, &st) == 0 && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (snprintf(f->temporary, sizeof(f->temporary), "%s.%d.tmp",
		     f->place.path, (int)getpid()) >= (int)sizeof(f->temporary))
		return -ENAMETOOLONG;
	return 0;
}

static int open_direct(struct atomic_file *f)
{
	if (f->place.fd >= 0)
		f->fd = fcntl(f->place.fd, F_DUPFD_CLOEXEC, 0);
	else
		f->fd = open(f->place.path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return f->fd < 0 ? -errno : 0;
}

int atomic_file_open(struct atomic_file *f, const char *path)
{
	int err = find(f, path);
	sigset_t all;

	if (err)
		return err;
	if (!f->temporary[0])
		return open_direct(f);
	sigfillset(&all);
	/* The kernel kills who has it blocked: vmm/host/sandbox.h. */
	sigdelset(&all, SIGSYS);
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
	bool direct = !f->temporary[0];
	int err = 0;

	if (!written || (!direct && fsync(f->fd) != 0))
		err = errno ? errno : EIO;
	if (close(f->fd) != 0 && err == 0)
		err = errno;
	if (direct)
		return -err;
	if (err == 0 && rename(f->temporary, f->place.path) != 0)
		err = errno;
	if (err)
		unlink(f->temporary);
	pthread_sigmask(SIG_SETMASK, &f->signals, NULL);
	return -err;
}

int atomic_file_write(const char *path, file_writer *write, const void *arg)
{
	struct atomic_file f;
	int fd, err = atomic_file_open(&f, path);
	bool written;
	FILE *out;

	if (err)
		return err;
	errno = 0;
	fd = dup(f.fd); /* atomic_file_close() closes the other */
	out = fd < 0 ? NULL : fdopen(fd, "w");
	written = out && write(arg, out);
	if (out) {
		/* jansson drops an error that it had while it wrote a key. */
		written = !ferror(out) && written;
		written = fclose(out) == 0 && written;
	} else if (fd >= 0) {
		close(fd);
	}
	return atomic_file_close(&f, written);
}

/* To open a FIFO and close it again would be its end for a reader. */
static int try_direct(const struct file_place *p)
{
	int flags;

	if (p->fd < 0)
		return access(p->path, W_OK) == 0 ? 0 : -errno;
	flags = fcntl(p->fd, F_GETFL);
	if (flags < 0)
		return -errno;
	return (flags & O_ACCMODE) == O_RDONLY ? -EBADF : 0;
}

int atomic_file_try(const char *path)
{
	struct atomic_file f;
	int err = find(&f, path);

	if (err)
		return err;
	if (!f.temporary[0])
		return try_direct(&f.place);
	err = atomic_file_open(&f, path);
	if (err)
		return err;
	if (close(f.fd) != 0)
		err = -errno;
	/* What stays would be in the way of the result. */
	if (unlink(f.temporary) != 0 && err == 0)
		err = -errno;
	pthread_sigmask(SIG_SETMASK, &f.signals, NULL);
	return err;
}
