/* SPDX-License-Identifier: BSD-2-Clause */
/* cpu_lock.c - see cpu_lock.h. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/host/cpu_lock.h"

/* Of a CPU, in the file: a count, whose bytes are what is locked. */
#define LEN sizeof(uint64_t)

static off_t place_of(int cpu)
{
	return (off_t)cpu * (off_t)LEN;
}

static int open_folder(const char *folder)
{
	return open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Root's, and without these rights for others. */
static bool is_ours(int fd, mode_t others)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == 0 && !(st.st_mode & others);
}

/* Who could write to the folder could put another file there; who could read
 * the file could have any lock. */
static int open_in(int dir, bool make)
{
	int fd = -1;

	if (is_ours(dir, S_IWGRP | S_IWOTH))
		fd = openat(dir, CPU_LOCK_FILE,
			    O_RDWR | O_NOFOLLOW | O_CLOEXEC |
				    (make ? O_CREAT : 0),
			    0600);
	if (fd < 0 || is_ours(fd, S_IRWXG | S_IRWXO))
		return fd;
	close(fd);
	return -1;
}

int cpu_lock_open(const char *folder, bool make)
{
	int dir, fd;

	if (geteuid() != 0)
		return -1;
	dir = open_folder(folder);
	if (dir < 0 && errno == ENOENT && make &&
	    (mkdir(folder, 0700) == 0 || errno == EEXIST))
		dir = open_folder(folder);
	if (dir < 0)
		return -1;
	fd = open_in(dir, make);
	close(dir);
	return fd;
}

static struct flock lock_of(int cpu, short type)
{
	return (struct flock){
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = place_of(cpu),
		.l_len = (off_t)LEN,
	};
}

/* 0 where nobody has written yet. */
static bool read_count(int fd, int cpu, uint64_t *count)
{
	*count = 0;
	return pread(fd, count, LEN, place_of(cpu)) >= 0;
}

/* Two at once may count as one: enough to tell that somebody came. */
static bool add_one(int fd, int cpu)
{
	uint64_t count;

	if (!read_count(fd, cpu, &count))
		return false;
	count++;
	return pwrite(fd, &count, LEN, place_of(cpu)) == (ssize_t)LEN;
}

/*
 * Of two that come at once the later sees the lock of the earlier; that one
 * sees the count, which it has read before it had its lock.
 */
struct cpu_lock cpu_lock_take(int fd, int cpu)
{
	struct flock mine = lock_of(cpu, F_RDLCK);
	struct flock other = lock_of(cpu, F_WRLCK);
	struct cpu_lock lock = {.held = false};

	if (fd < 0 || !read_count(fd, cpu, &lock.asked) ||
	    fcntl(fd, F_OFD_SETLK, &mine) != 0 ||
	    fcntl(fd, F_OFD_GETLK, &other) != 0)
		return lock;
	lock.taken = other.l_type != F_UNLCK;
	lock.held = !lock.taken || add_one(fd, cpu);
	return lock;
}

bool cpu_lock_is_taken(int fd, int cpu)
{
	struct flock other = lock_of(cpu, F_WRLCK);

	return fcntl(fd, F_OFD_GETLK, &other) == 0 && other.l_type != F_UNLCK;
}

bool cpu_lock_was_asked(int fd, int cpu, const struct cpu_lock *lock)
{
	uint64_t count;

	return lock->held && read_count(fd, cpu, &count) &&
	       count != lock->asked;
}
