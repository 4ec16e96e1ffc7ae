/* SPDX-License-Identifier: BSD-2-Clause */
/* progress.c - see progress.h. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "vmm/base/progress.h"

void progress_show(bool quiet, const char *fmt, ...)
{
	va_list ap;

	if (quiet || !isatty(STDERR_FILENO))
		return;
	fputs(PROGRESS_CLEAR, stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fflush(stderr);
}

void progress_clear(bool quiet)
{
	if (quiet || !isatty(STDERR_FILENO))
		return;
	fputs(PROGRESS_CLEAR, stderr);
	fflush(stderr);
}
