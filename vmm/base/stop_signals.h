/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stop_signals.h - the signals by which a user ends a run early and keeps what
 * was measured: SIGINT, SIGTERM and, unless it is ignored, SIGHUP; and SIGXCPU,
 * by which the kernel does when a limit of CPU time is reached.
 */
#ifndef VMM_BASE_STOP_SIGNALS_H
#define VMM_BASE_STOP_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* SIGINT, SIGTERM and their like: what ends a run early, with its result. */
sigset_t stop_signals(void);

/*
 * Blocks them for good: a second one, a millisecond after the first (timeout(1)
 * sends two), must not end the program before the result is whole, nor one
 * between two runs.  Who wants no result has SIGQUIT and SIGKILL.
 *
 * From here on a closed pipe is an error of write(), and a hard limit of CPU
 * time has a soft one before it.
 */
void stop_signals_hold(void);

/* Says why, if it was not the user. */
void stop_signal_tell(int sig);

/* Has one of them come while they were held, and nobody has taken it? */
bool stop_signals_came(void);

#endif
