/* SPDX-License-Identifier: BSD-2-Clause */
/* landlock.c - see landlock.h. */
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/host/landlock.h"

/* By the version that brought them, for headers that are older. */
#define RIGHTS_1   ((1ull << 13) - 1) /* EXECUTE to MAKE_SYM */
#define REFER_2	   (1ull << 13)
#define TRUNCATE_3 (1ull << 14)
#define IOCTL_5	   (1ull << 15) /* of devices */

#define READS  (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITES (LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE_3 | IOCTL_5)
#define MAKES  (LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE)
/* What a rule for anything but a folder may have. */
#define OF_A_FILE (LANDLOCK_ACCESS_FS_READ_FILE | WRITES)

struct landlock {
	int fd, version;
	uint64_t rights; /* that this version knows */
};

static uint64_t rights_of(int version)
{
	uint64_t rights = RIGHTS_1;

	if (version >= 2)
		rights |= REFER_2;
	if (version >= 3)
		rights |= TRUNCATE_3;
	if (version >= 5)
		rights |= IOCTL_5;
	return rights;
}

struct landlock *landlock_new(void)
{
	struct landlock_ruleset_attr attr = {0};
	int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
				   LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock *l = version > 0 ? calloc(1, sizeof(*l)) : NULL;

	if (!l)
		return NULL;
	l->version = version;
	l->rights = rights_of(version);
	attr.handled_access_fs = l->rights;
	/* Of its fields the first one, which every version knows. */
	l->fd = (int)syscall(SYS_landlock_create_ruleset, &attr,
			     sizeof(attr.handled_access_fs), 0);
	if (l->fd >= 0)
		return l;
	free(l);
	return NULL;
}

static void add(struct landlock *l, int fd, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = rights & l->rights,
		.parent_fd = fd,
	};
	struct stat st;

	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= OF_A_FILE;
	/* Refused, there is a right less, which who needs it will say. */
	(void)syscall(SYS_landlock_add_rule, l->fd, LANDLOCK_RULE_PATH_BENEATH,
		      &rule, 0);
}

static void add_path(struct landlock *l, const char *path, uint64_t rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return;
	add(l, fd, rights);
	close(fd);
}

void landlock_read(struct landlock *l, const char *path)
{
	add_path(l, path, READS);
}

void landlock_read_fd(struct landlock *l, int fd)
{
	add(l, fd, READS);
}

void landlock_write(struct landlock *l, const char *path)
{
	add_path(l, path, READS | WRITES);
}

void landlock_make(struct landlock *l, const char *path)
{
	add_path(l, path, READS | WRITES | MAKES);
}

void landlock_remove_fd(struct landlock *l, int fd)
{
	add(l, fd, LANDLOCK_ACCESS_FS_REMOVE_DIR);
}

void landlock_folders_fd(struct landlock *l, int fd)
{
	add(l, fd,
	    READS | WRITES | LANDLOCK_ACCESS_FS_MAKE_DIR |
		    LANDLOCK_ACCESS_FS_REMOVE_DIR);
}

int landlock_enforce(struct landlock *l)
{
	int version = l->version;

	if (syscall(SYS_landlock_restrict_self, l->fd, 0) != 0)
		version = 0;
	close(l->fd);
	free(l);
	return version;
}
