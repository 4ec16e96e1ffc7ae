/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - packets over the loopback device: the kernel handles each in a
 * softirq (NET_RX), as it does what a network card's interrupt brings.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/run/stress.h"

#define PACKET 64
#define TURN   64

static const char *const tool[] = {"stress-ng", "--udp", "1", "--quiet", NULL};

static void work(const struct stress_job *job)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	socklen_t len = sizeof(to);
	char packet[PACKET] = {0};

	/* To itself, at a port that the kernel chooses. */
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&to, &len) != 0 ||
	    connect(fd, (struct sockaddr *)&to, len) != 0)
		_exit(1);
	for (;;) {
		uint64_t sent = 0;

		for (int i = 0; i < TURN; i++)
			sent += send(fd, packet, PACKET, MSG_DONTWAIT) > 0;
		while (recv(fd, packet, PACKET, MSG_DONTWAIT) > 0)
			;
		stress_did(job, sent);
	}
}

STRESS(irq, .what = "packets over the loopback device, by softirqs",
       .unit = "packets", .tool = tool, .work = work);
