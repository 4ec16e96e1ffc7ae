/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hook.h - a command of the user's that is run when the result is written.
 *
 * The program may not start any by then (sandbox.h), so a process is made
 * before, which waits, and ends with the program.
 */
#ifndef VMM_RUN_HOOK_H
#define VMM_RUN_HOOK_H

struct hook;

/*
 * Before anything is opened, locked or given up.  command: for sh -c, and it
 * stays the caller's.  Dies.
 */
struct hook *hook_start(const char *command);

/*
 * Runs "COMMAND FILE" and waits for its end: how it ended, as the shell has it
 * in $?; -1: it is not known.
 */
int hook_run(struct hook *hook, const char *file);

/* Without it having run, if it has not.  NULL does nothing. */
void hook_end(struct hook *hook);

#endif
