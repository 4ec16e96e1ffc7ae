/* SPDX-License-Identifier: BSD-2-Clause */
/* tracefs.c - see tracefs.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <unistd.h>

#include "vmm/tracefs.h"

/* A descriptor of tracefs's root, or -1. */
static int mounted(void)
{
	static const char *const places[] = {
		"/sys/kernel/tracing",
		"/sys/kernel/debug/tracing",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int dir = open(places[i], O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (dir < 0)
			continue;
		/* Not mounted, the folder is there and empty. */
		if (faccessat(dir, "events", F_OK, 0) == 0 || errno != ENOENT)
			return dir;
		close(dir);
	}
	return -1;
}

/* The same of a mount of our own. */
static int mount_own(void)
{
	int fs = fsopen("tracefs", FSOPEN_CLOEXEC);
	int dir = -1, err;

	if (fs < 0)
		return -1;
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		dir = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	err = errno;
	close(fs);
	errno = err;
	return dir;
}

FILE *tracefs_open(const char *name)
{
	int dir = mounted(), fd, err;
	FILE *f;

	if (dir < 0)
		dir = mount_own();
	if (dir < 0)
		return NULL;
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	err = errno;
	close(dir);
	errno = err;
	if (fd < 0)
		return NULL;
	f = fdopen(fd, "r");
	if (!f)
		close(fd);
	return f;
}
