/* SPDX-License-Identifier: BSD-2-Clause */
/* console.c - see console.h. */
#include "vmm/console.h"

static char printable(char c)
{
	if (c == '\n' || c == '\t')
		return c;
	return (unsigned char)c < 0x20 || (unsigned char)c >= 0x7f ? '?' : c;
}

uint64_t console_drain(struct console *c, FILE *out)
{
	uint64_t head = __atomic_load_n(&c->head, __ATOMIC_ACQUIRE);
	uint64_t tail = c->tail;
	uint64_t len = head - tail;

	/* The guest may have written anything: at most one ring of it. */
	if (len > CONSOLE_DATA_LEN)
		len = CONSOLE_DATA_LEN;
	for (uint64_t i = 0; out && i < len; i++)
		fputc(printable(c->data[(tail + i) & (CONSOLE_DATA_LEN - 1)]),
		      out);
	if (out && len)
		fflush(out);
	__atomic_store_n(&c->tail, head, __ATOMIC_RELEASE);
	return len;
}
