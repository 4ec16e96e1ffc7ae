/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.h - text to the host through shared memory: no exit.
 *
 * %s %c %u %d %x %p with l and ll, a width and zero padding; %%.  Text that
 * finds the console full is dropped and counted.
 */
#ifndef FW_PRINT_H
#define FW_PRINT_H

#include <stdarg.h>
#include <stddef.h>

void print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Into a buffer of len bytes, always NUL-terminated, cut where it is full. */
void print_to_buffer(char *buf, size_t len, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

#endif
