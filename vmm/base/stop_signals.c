/* SPDX-License-Identifier: BSD-2-Clause */
/* stop_signals.c - see stop_signals.h. */
#include <pthread.h>
#include <stddef.h>

#include "vmm/base/stop_signals.h"

sigset_t stop_signals(void)
{
	struct sigaction old;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	/* Not under nohup, which ignores it. */
	if (sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaddset(&set, SIGHUP);
	return set;
}

void stop_signals_hold(void)
{
	sigset_t set = stop_signals();

	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

bool stop_signals_came(void)
{
	sigset_t pending;

	if (sigpending(&pending) != 0)
		return false;
	return sigismember(&pending, SIGINT) == 1 ||
	       sigismember(&pending, SIGTERM) == 1 ||
	       sigismember(&pending, SIGHUP) == 1;
}
