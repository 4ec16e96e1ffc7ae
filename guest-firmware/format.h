/* SPDX-License-Identifier: BSD-2-Clause */
/* format.h - the formatter behind print.h; no hardware, tested on the host. */
#ifndef FW_FORMAT_H
#define FW_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Formats into buf, which holds len > 0 bytes; always NUL-terminated.  The
 * length of the text that is there; *cut: how many bytes had no room.
 */
size_t format(char *buf, size_t len, size_t *cut, const char *fmt, va_list ap)
	__attribute__((format(printf, 4, 0)));

#endif
