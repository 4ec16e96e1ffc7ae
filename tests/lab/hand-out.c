/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hand-out.c - standard input to Bochs' debug port: a byte an instruction,
 * where a serial line at 115,200 baud would take 17,000 instructions each.
 * "hand-out seed" tells the kernel that it has enough of chance: on a processor
 * without RDRAND whoever asks for a random number waits for seconds, spinning.
 */
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEBUG_PORT 0xe9 /* Bochs: port_e9_hack */

static int seed(void)
{
	struct {
		struct rand_pool_info head;
		char bytes[64];
	} pool = {.head = {.entropy_count = 512, .buf_size = 64}};

	if (ioctl(open("/dev/random", O_RDWR), RNDADDENTROPY, &pool) == 0)
		return 0;
	perror("hand-out: RNDADDENTROPY");
	return 1;
}

int main(int argc, char **argv)
{
	static char text[65536];
	ssize_t n;

	(void)argv;
	if (argc > 1)
		return seed();
	if (ioperm(DEBUG_PORT, 1, 1)) {
		perror("hand-out: ioperm");
		return 1;
	}
	while ((n = read(STDIN_FILENO, text, sizeof(text))) > 0)
		outsb(DEBUG_PORT, text, (unsigned long)n);
	return n < 0;
}
