/* SPDX-License-Identifier: BSD-2-Clause */
/* claim.c - see claim.h. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "vmm/host/claim.h"

/* Abstract: the name begins with a zero byte and has no other. */
static socklen_t name_of(int cpu, struct sockaddr_un *name)
{
	int len;

	memset(name, 0, sizeof(*name));
	name->sun_family = AF_UNIX;
	len = snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1,
		       "latvisor/cpu%d", cpu);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   (size_t)len);
}

static void claim_one(struct claim *c, int cpu)
{
	struct sockaddr_un name;
	socklen_t len = name_of(cpu, &name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool taken = false;

	if (fd >= 0 && bind(fd, (struct sockaddr *)&name, len) != 0) {
		taken = errno == EADDRINUSE;
		/* One datagram says all; a full queue says it already. */
		if (taken)
			sendto(fd, "", 1, 0, (struct sockaddr *)&name, len);
		close(fd);
		fd = -1;
	}
	c->cpus[c->nr].cpu = cpu;
	c->cpus[c->nr].fd = fd;
	c->cpus[c->nr++].taken = taken;
}

void claim_cpus(struct claim *c, const int *cpu, uint32_t nr)
{
	c->nr = 0;
	for (uint32_t i = 0; i < nr; i++) {
		bool again = false;

		for (uint32_t k = 0; k < i; k++)
			again |= cpu[k] == cpu[i];
		if (!again)
			claim_one(c, cpu[i]);
	}
}

int claim_contested(const struct claim *c)
{
	char told;

	for (uint32_t i = 0; i < c->nr; i++)
		if (c->cpus[i].taken ||
		    (c->cpus[i].fd >= 0 && recv(c->cpus[i].fd, &told, 1,
						MSG_PEEK | MSG_DONTWAIT) >= 0))
			return c->cpus[i].cpu;
	return -1;
}

void claim_release(struct claim *c)
{
	for (uint32_t i = 0; i < c->nr; i++)
		if (c->cpus[i].fd >= 0)
			close(c->cpus[i].fd);
	c->nr = 0;
}
