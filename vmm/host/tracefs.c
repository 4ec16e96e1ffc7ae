/* SPDX-License-Identifier: BSD-2-Clause */
/* tracefs.c - see tracefs.h. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "vmm/host/own_mount.h"
#include "vmm/host/tracefs.h"

#define PLACE "/sys/kernel/tracing"

/* A descriptor of tracefs's root, or -1. */
static int mounted(void)
{
	int dir = open(PLACE, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return -1;
	/* Not mounted, the folder is there and empty. */
	if (faccessat(dir, "events", F_OK, 0) == 0 || errno != ENOENT)
		return dir;
	close(dir);
	return -1;
}

int tracefs_dir(void)
{
	static int dir = -1;

	if (dir < 0)
		dir = mounted();
	if (dir < 0)
		dir = own_mount("tracefs");
	return dir;
}

FILE *tracefs_open(const char *name)
{
	int dir = tracefs_dir();
	int fd = dir < 0 ? -1 : openat(dir, name, O_RDONLY | O_CLOEXEC);
	FILE *f;

	if (fd < 0)
		return NULL;
	f = fdopen(fd, "r");
	if (!f)
		close(fd);
	return f;
}
