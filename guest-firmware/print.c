/* SPDX-License-Identifier: BSD-2-Clause */
/* print.c - the two ends of the formatter: the console and a buffer. */
#include <stdatomic.h>
#include <stdint.h>

#include "guest-firmware/abi/console.h"
#include "guest-firmware/format.h"
#include "guest-firmware/print.h"
#include "guest-firmware/string.h"
#include "guest-firmware/x86.h"

#define PRINT_LEN 512 /* on the stack; what is longer is cut and counted */

static void console_copy(struct console *c, const char *text, size_t len)
{
	uint64_t at = c->head & (CONSOLE_DATA_LEN - 1);
	size_t first = CONSOLE_DATA_LEN - at;

	if (first > len)
		first = len;
	memcpy(c->data + at, text, first);
	if (len != first)
		memcpy(c->data, text + first, len - first);
}

void print(const char *fmt, ...)
{
	struct console *c = (struct console *)LAYOUT_CONSOLE;
	char text[PRINT_LEN];
	size_t len, cut;
	uint64_t tail;
	va_list ap;

	va_start(ap, fmt);
	len = format(text, sizeof(text), &cut, fmt, ap);
	va_end(ap);
	while (__atomic_exchange_n(&c->lock, 1, __ATOMIC_ACQUIRE))
		cpu_relax();
	tail = __atomic_load_n(&c->tail, __ATOMIC_ACQUIRE);
	c->lost += cut;
	if (CONSOLE_DATA_LEN - (c->head - tail) < len) {
		c->lost += len;
	} else {
		console_copy(c, text, len);
		__atomic_store_n(&c->head, c->head + len, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&c->lock, 0, __ATOMIC_RELEASE);
}

void print_to_buffer(char *buf, size_t len, const char *fmt, va_list ap)
{
	size_t cut;

	format(buf, len, &cut, fmt, ap);
}
