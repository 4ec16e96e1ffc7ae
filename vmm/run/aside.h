/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * aside.h - a process beside the sandbox, for what the program may not do any
 * more when it is due (sandbox.h): it is made before, waits for one message,
 * and ends with the program.
 */
#ifndef VMM_RUN_ASIDE_H
#define VMM_RUN_ASIDE_H

#include <stddef.h>
#include <sys/types.h>

#define ASIDE_NOT_STARTED 127 /* what a shell has in $? then */

/*
 * What that process does with the message, a NUL behind it; it answers into
 * answer_fd, once, and ends when it returns.
 */
typedef void aside_work(const void *arg, const void *message, size_t len,
			int answer_fd);

/*
 * Before anything is opened, locked or given up.  A descriptor: the message is
 * one write(2) to it, of 4095 bytes at most, the answer one read(2).  Dies,
 * naming the option.
 */
int aside_start(const char *option, aside_work *work, const void *arg);

/* Waits for a child's end: how it ended, as the shell has it in $?. */
int aside_wait(pid_t pid);

#endif
