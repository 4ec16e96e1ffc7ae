/* SPDX-License-Identifier: BSD-2-Clause */
/* tracepoint.c - see tracepoint.h. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/host/tracefs.h"
#include "vmm/host/tracepoint.h"

int tracepoint_id(const char *name, uint64_t *id)
{
	char path[64], text[24], *end;
	bool got;
	FILE *f;

	snprintf(path, sizeof(path), "events/kvm/%s/id", name);
	f = tracefs_open(path);
	if (!f)
		return errno;
	got = fgets(text, sizeof(text), f) != NULL;
	fclose(f);
	if (!got)
		return EIO;
	*id = strtoull(text, &end, 10);
	return end == text ? EINVAL : 0;
}

int tracepoint_open(uint64_t id, const char *filter, pid_t tid)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = id,
		.disabled = 1,
	};
	/* No memory mapped, so no records. */
	int fd = (int)syscall(SYS_perf_event_open, &attr, tid, -1, -1,
			      PERF_FLAG_FD_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	if (ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int tracepoint_start(int fd)
{
	if (ioctl(fd, PERF_EVENT_IOC_RESET, 0) != 0 ||
	    ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) != 0)
		return -errno;
	return 0;
}

int tracepoint_stop(int fd, uint64_t *n)
{
	ssize_t got;

	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	got = read(fd, n, sizeof(*n));
	if (got < 0)
		return -errno;
	return got == sizeof(*n) ? 0 : -EIO;
}
