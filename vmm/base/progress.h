/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * progress.h - the one line that stands on a terminal while something goes on,
 * on standard error.
 */
#ifndef VMM_BASE_PROGRESS_H
#define VMM_BASE_PROGRESS_H

#include <stdbool.h>

/* To the beginning of a line that is empty then. */
#define PROGRESS_CLEAR "\r\033[K"

/* In its place; printf-like.  Nothing with quiet, or without a terminal. */
void progress_show(bool quiet, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Removes it, under the same conditions. */
void progress_clear(bool quiet);

#endif
