/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stop_signals.h - the signals by which a user ends a run early and keeps what
 * was measured: SIGINT, SIGTERM and, unless it is ignored, SIGHUP.
 */
#ifndef VMM_BASE_STOP_SIGNALS_H
#define VMM_BASE_STOP_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* SIGINT, SIGTERM and their like: what ends a run early, with its result. */
sigset_t stop_signals(void);

/*
 * For several runs in a row: blocks them for good, so that none ends the
 * program between two runs.
 */
void stop_signals_hold(void);

/* Has one of them come while they were held, and nobody has taken it? */
bool stop_signals_came(void);

#endif
