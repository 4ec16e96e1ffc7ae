/* SPDX-License-Identifier: BSD-2-Clause */
/* own_mount.c - see own_mount.h. */
#include <errno.h>
#include <linux/mount.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/host/own_mount.h"

/* The C library has these since 2.36 only. */
int own_mount(const char *type)
{
	int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
	int dir = -1, err;

	if (fs < 0)
		return -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		dir = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	err = errno;
	close(fs);
	errno = err;
	return dir;
}
