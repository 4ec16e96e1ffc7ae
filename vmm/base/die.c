/* SPDX-License-Identifier: BSD-2-Clause */
/* die.c - see die.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/progress.h"
#include "vmm/base/text.h"
#include "vmm/base/verdict.h"

static void message(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));

/*
 * On a terminal in the place of a line of progress, if one stands there.  What
 * was typed is in it, so it is made one line.
 */
static void message(const char *fmt, va_list ap)
{
	/* No malloc(): a vCPU's thread gets no memory (vmm/host/sandbox.h). */
	char text[8192];

	fflush(stdout);
	progress_clear(false);
	vsnprintf(text, sizeof(text), fmt, ap);
	text_line(text);
	fprintf(stderr, "%s: %s", program_invocation_name, text);
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(STATUS_USAGE);
}

void die_errno(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", strerror(err));
	exit(STATUS_USAGE);
}

void die_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(verdict_status(VERDICT_SKIP));
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
