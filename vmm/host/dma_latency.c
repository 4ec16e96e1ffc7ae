/* SPDX-License-Identifier: BSD-2-Clause */
/* dma_latency.c - see dma_latency.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/host/dma_latency.h"

static int refused(struct dma_latency *d, int fd)
{
	snprintf(d->reason, sizeof(d->reason), "%s: %s", DMA_LATENCY_FILE,
		 strerror(errno));
	dma_latency_release(fd);
	return -1;
}

int dma_latency_hold(struct dma_latency *d, int32_t us)
{
	int fd;

	*d = (struct dma_latency){.known = true};
	if (us == DMA_LATENCY_NONE) {
		snprintf(d->reason, sizeof(d->reason), "--dma-latency none");
		return -1;
	}
	fd = open(DMA_LATENCY_FILE, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return refused(d, fd);
	errno = EIO; /* of a part of it */
	if (write(fd, &us, sizeof(us)) != sizeof(us))
		return refused(d, fd);
	d->held = true;
	d->us = us;
	return fd;
}

void dma_latency_release(int fd)
{
	if (fd >= 0)
		close(fd);
}
