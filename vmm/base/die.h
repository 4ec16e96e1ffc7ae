/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * die.h - messages that say who, what was wanted, what was got and what to do
 * now.  One sentence, on stderr, after program_invocation_name, which main.c
 * makes "latvisor run" and the like.
 */
#ifndef VMM_BASE_DIE_H
#define VMM_BASE_DIE_H

#define STATUS_USAGE 2

/* Ends the process with status 2: bad input, or a host that refuses. */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, with ": " and the text of errno added. */
_Noreturn void die_errno(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* Ends the process with status 77: this host cannot run it. */
_Noreturn void die_skip(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* Goes on. */
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
