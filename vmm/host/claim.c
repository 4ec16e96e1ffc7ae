/* SPDX-License-Identifier: BSD-2-Clause */
/* claim.c - see claim.h. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "vmm/host/claim.h"

/* Of a CPU: whoever may not tell others holds some of them at most. */
#define NAMES	8
#define NAME	"latvisor/cpu"
#define BACKLOG 64

#define IS_HELD -2 /* a name is somebody's */

#define TRIES  5
#define TRY_US 1000

/* Abstract: the name begins with a zero byte and has no other. */
static socklen_t name_of(int cpu, unsigned int nr, struct sockaddr_un *name)
{
	int len;

	memset(name, 0, sizeof(*name));
	name->sun_family = AF_UNIX;
	len = snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1,
		       NAME "%d.%u", cpu, nr);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   (size_t)len);
}

/* fd: connected.  By the kernel's word: unix(7), SO_PEERCRED. */
static bool peer_counts(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
	       (peer.uid == 0 || peer.uid == geteuid());
}

static int open_socket(void)
{
	return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		      0);
}

/* Who has the name may be about to listen; a stranger never does. */
static bool reach(int fd, const struct sockaddr_un *name, socklen_t len)
{
	for (int i = 0; i < TRIES; i++) {
		if (connect(fd, (const struct sockaddr *)name, len) == 0)
			return true;
		if (errno != ECONNREFUSED)
			return false;
		usleep(TRY_US);
	}
	return false;
}

/* Tells who has the name, which finds the connection however short it was. */
static bool is_held(const struct sockaddr_un *name, socklen_t len)
{
	int fd = open_socket();
	bool held = fd >= 0 && reach(fd, name, len) && peer_counts(fd);

	if (fd >= 0)
		close(fd);
	return held;
}

/* -1: there are no sockets. */
static int hold(const struct sockaddr_un *name, socklen_t len)
{
	int fd = open_socket(), err;

	if (fd < 0 || (bind(fd, (const struct sockaddr *)name, len) == 0 &&
		       listen(fd, BACKLOG) == 0))
		return fd;
	err = errno;
	close(fd);
	return err == EADDRINUSE ? IS_HELD : -1;
}

static void claim_one(struct claim *c, int cpu)
{
	struct cpu_lock lock = cpu_lock_take(c->lock_fd, cpu);
	bool taken = false;
	int fd = IS_HELD;

	for (unsigned int i = 0; i < NAMES && fd == IS_HELD && !taken; i++) {
		struct sockaddr_un name;
		socklen_t len = name_of(cpu, i, &name);

		fd = hold(&name, len);
		taken = fd == IS_HELD && is_held(&name, len);
	}
	c->cpus[c->nr].cpu = cpu;
	c->cpus[c->nr].fd = fd;
	c->cpus[c->nr].taken = taken || lock.taken;
	c->cpus[c->nr].hidden = fd == IS_HELD && !taken && !lock.held;
	c->cpus[c->nr++].lock = lock;
}

void claim_cpus(struct claim *c, int lock_fd, const int *cpu, uint32_t nr)
{
	c->nr = 0;
	c->lock_fd = lock_fd;
	for (uint32_t i = 0; i < nr; i++) {
		bool again = false;

		for (uint32_t k = 0; k < i; k++)
			again |= cpu[k] == cpu[i];
		if (!again)
			claim_one(c, cpu[i]);
	}
}

/* Of a line of /proc/net/unix; -1: it has no name of ours. */
static int cpu_of(const char *line)
{
	const char *name = strstr(line, " @" NAME);
	char *end;
	long cpu;

	if (!name)
		return -1;
	name += 2 + strlen(NAME);
	cpu = strtol(name, &end, 10);
	if (end == name || cpu < 0 || cpu >= CPU_SETSIZE)
		return -1;
	return (int)cpu;
}

cpu_set_t claims_find(int lock_fd)
{
	cpu_set_t found;
	FILE *f = fopen("/proc/net/unix", "re");
	char line[256];

	CPU_ZERO(&found);
	while (f && fgets(line, sizeof(line), f)) {
		int cpu = cpu_of(line);

		if (cpu >= 0)
			CPU_SET(cpu, &found);
	}
	if (f)
		fclose(f);
	for (int cpu = 0; lock_fd >= 0 && cpu < CPU_SETSIZE; cpu++)
		if (cpu_lock_is_taken(lock_fd, cpu))
			CPU_SET(cpu, &found);
	return found;
}

/* Has anybody come who counts? */
static bool was_asked(int fd)
{
	bool counts = false;
	int peer;

	while (!counts && (peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		counts = peer_counts(peer);
		close(peer);
	}
	return counts;
}

int claim_contested(struct claim *c)
{
	for (uint32_t i = 0; i < c->nr; i++) {
		if ((c->cpus[i].fd >= 0 && was_asked(c->cpus[i].fd)) ||
		    cpu_lock_was_asked(c->lock_fd, c->cpus[i].cpu,
				       &c->cpus[i].lock))
			c->cpus[i].taken = true;
		if (c->cpus[i].taken)
			return c->cpus[i].cpu;
	}
	return -1;
}

int claim_hidden(const struct claim *c)
{
	for (uint32_t i = 0; i < c->nr; i++)
		if (c->cpus[i].hidden)
			return c->cpus[i].cpu;
	return -1;
}

void claim_release(struct claim *c)
{
	for (uint32_t i = 0; i < c->nr; i++)
		if (c->cpus[i].fd >= 0)
			close(c->cpus[i].fd);
	if (c->lock_fd >= 0)
		close(c->lock_fd);
	c->lock_fd = -1;
	c->nr = 0;
}
