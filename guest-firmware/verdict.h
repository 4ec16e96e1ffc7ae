/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict.h - how a run ended, in the payload's words. */
#ifndef FW_VERDICT_H
#define FW_VERDICT_H

/* The most severe verdict is kept.  The text is printf-like (print.h). */
void verdict_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void verdict_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void verdict_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
