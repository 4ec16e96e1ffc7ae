/* SPDX-License-Identifier: BSD-2-Clause */
/* stop_signals.c - see stop_signals.h. */
#include <pthread.h>
#include <stddef.h>
#include <sys/resource.h>

#include "vmm/base/die.h"
#include "vmm/base/stop_signals.h"

/* Of a limit of CPU time, what ending a run and writing its result may take. */
#define RTTIME_SHARE 4
#define CPU_SHARE    100

static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU};
#define NR_STOPS (sizeof(stops) / sizeof(*stops))

sigset_t stop_signals(void)
{
	struct sigaction old;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < NR_STOPS; i++) {
		/* A shell lets its background jobs ignore SIGINT. */
		bool always = stops[i] == SIGINT || stops[i] == SIGTERM;

		/* Not SIGHUP under nohup, which ignores it. */
		if (always || (sigaction(stops[i], NULL, &old) == 0 &&
			       old.sa_handler != SIG_IGN))
			sigaddset(&set, stops[i]);
	}
	return set;
}

/*
 * At the hard limit the kernel kills (check_thread_timers(),
 * check_process_timers()), and looks at that first: where both are one, the
 * soft one goes below it by what the result takes.
 */
static void soften(int resource, rlim_t share, rlim_t least)
{
	struct rlimit limit;
	rlim_t room;

	if (getrlimit(resource, &limit) != 0 || limit.rlim_max == RLIM_INFINITY)
		return;
	room = limit.rlim_max / share > least ? limit.rlim_max / share : least;
	if (limit.rlim_max <= room || limit.rlim_cur <= limit.rlim_max - room)
		return;
	limit.rlim_cur = limit.rlim_max - room;
	setrlimit(resource, &limit);
}

void stop_signals_hold(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t set = stop_signals();

	pthread_sigmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	soften(RLIMIT_RTTIME, RTTIME_SHARE, 0); /* us without a sleep */
	soften(RLIMIT_CPU, CPU_SHARE, 1);	/* s */
}

void stop_signal_tell(int sig)
{
	if (sig == SIGXCPU)
		warn("a limit of this process's CPU time ended the run: see "
		     "--rttime and --cpu in prlimit(1)");
}

bool stop_signals_came(void)
{
	sigset_t pending;

	if (sigpending(&pending) != 0)
		return false;
	for (size_t i = 0; i < NR_STOPS; i++)
		if (sigismember(&pending, stops[i]) == 1)
			return true;
	return false;
}
