/* SPDX-License-Identifier: BSD-2-Clause */
/* console.c - see console.h. */
#include <poll.h>

#include "vmm/run/console.h"

bool writable(FILE *out)
{
	struct pollfd p = {.fd = fileno(out), .events = POLLOUT};

	return poll(&p, 1, 0) > 0;
}

static char printable(char c)
{
	if (c == '\n' || c == '\t')
		return c;
	return (unsigned char)c < 0x20 || (unsigned char)c >= 0x7f ? '?' : c;
}

uint64_t console_drain(struct console *c, FILE *out, uint64_t max)
{
	uint64_t head = __atomic_load_n(&c->head, __ATOMIC_ACQUIRE);
	uint64_t tail = c->tail;
	uint64_t len = head - tail;

	/* The guest may have written anything: at most one ring of it. */
	if (len > CONSOLE_DATA_LEN)
		len = CONSOLE_DATA_LEN;
	/* A head that jumped shows one ring of what is there, not all of it. */
	if (head - tail > CONSOLE_DATA_LEN)
		tail = head - len;
	if (len > max)
		len = max;
	for (uint64_t i = 0; out && i < len; i++)
		fputc(printable(c->data[(tail + i) & (CONSOLE_DATA_LEN - 1)]),
		      out);
	if (out && len)
		fflush(out);
	__atomic_store_n(&c->tail, tail + len, __ATOMIC_RELEASE);
	return len;
}
