/* SPDX-License-Identifier: BSD-2-Clause */
/* signals.c - see supervise.h: what tells the main thread from outside. */
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/now.h"
#include "vmm/base/stop_signals.h"
#include "vmm/base/thread_time.h"
#include "vmm/machine/vcpu_loop.h"
#include "vmm/run/supervise.h"

static void on_kick(int sig)
{
	(void)sig; /* its arrival ends KVM_RUN, that is all */
}

void supervisor_open(struct supervisor *s)
{
	struct sigaction kick = {.sa_handler = on_kick};
	sigset_t told = stop_signals(), kicks, goes_on;

	sigemptyset(&kicks);
	sigaddset(&kicks, VCPU_KICK_SIGNAL);
	sigemptyset(&goes_on);
	sigaddset(&goes_on, SIGCONT);
	sigaddset(&told, SIGCONT);
	/* Here, so in every thread: only poll() sees them. */
	stop_signals_hold();
	if (pthread_sigmask(SIG_BLOCK, &goes_on, NULL) != 0 ||
	    pthread_sigmask(SIG_UNBLOCK, &kicks, NULL) != 0 ||
	    sigaction(VCPU_KICK_SIGNAL, &kick, NULL) != 0)
		die_errno("cannot set up signals");
	/* One that came when nothing was measured is none of this run's. */
	while (sigtimedwait(&goes_on, NULL, &(struct timespec){0}) > 0)
		;
	s->signal_fd = signalfd(-1, &told, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signal_fd < 0)
		die_errno("cannot create a signalfd");
}

void supervisor_close(struct supervisor *s)
{
	close(s->signal_fd);
}

/*
 * SIGSTOP cannot be seen, but what ends it: a process that goes on has its
 * SIGCONT, blocked or not (signal(7)).  One that was sent to a process that ran
 * ends the sleep in poll(2), and that is all: a stop is a second sleep of the
 * thread, and one between two polls leaves a SIGCONT that the next need not
 * sleep for.
 */
static void went_on(struct supervisor *s)
{
	uint64_t sleeps = thread_time().nr_sleeps - s->nr_sleeps;

	if (sleeps == 1)
		return;
	s->nr_stops++;
	s->stopped_ns += now_ns() - (sleeps ? s->asleep_ns : s->before_ns);
}

/* One that is left behind would end the run after this one. */
void supervisor_take_overruns(struct supervisor *s)
{
	sigset_t overruns;

	sigemptyset(&overruns);
	sigaddset(&overruns, SIGXCPU);
	while (s->tells_overruns &&
	       sigtimedwait(&overruns, NULL, &(struct timespec){0}) > 0)
		s->nr_overruns++;
}

bool supervisor_signal(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->signal_fd, &info, sizeof(info)) > 0) {
		if (info.ssi_signo == SIGCONT) {
			went_on(s);
			continue;
		}
		if (info.ssi_signo == SIGXCPU && s->tells_overruns) {
			s->nr_overruns++;
			continue;
		}
		s->stop_signal = (int)info.ssi_signo;
		return true;
	}
	return false;
}
