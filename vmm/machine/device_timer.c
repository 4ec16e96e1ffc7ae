/* SPDX-License-Identifier: BSD-2-Clause */
/* device_timer.c - a device's timer: timerfd, polled by the main thread. */
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "vmm/base/clocks.h"
#include "vmm/base/die.h"
#include "vmm/machine/vm.h"

#define NS_PER_S 1000000000ull

struct device_timer {
	struct vm *vm;
	int fd;
	bool armed;
	void (*fire)(struct vm *vm, void *state);
	void *state;
};

/* First the device: how late it is, is measured. */
static void ready(struct vm *vm, void *arg)
{
	struct device_timer *t = arg;
	uint64_t count;

	t->armed = false;
	t->fire(vm, t->state);
	/* What is armed again is no longer ready; else poll() would be. */
	if (!t->armed && read(t->fd, &count, sizeof(count)) < 0)
		return;
}

struct device_timer *device_timer_new(struct vm *vm,
				      void (*fire)(struct vm *vm, void *state),
				      void *state)
{
	struct device_timer *t = malloc(sizeof(*t));

	if (!t)
		die_errno("no memory for a timer");
	*t = (struct device_timer){
		.vm = vm,
		.fd = timerfd_create(CLOCK_MONOTONIC,
				     TFD_CLOEXEC | TFD_NONBLOCK),
		.fire = fire,
		.state = state,
	};
	if (t->fd < 0)
		die_errno("cannot create a timerfd");
	source_add(&vm->sources, t->fd, ready, t);
	return t;
}

void device_timer_free(struct device_timer *t)
{
	source_remove(&t->vm->sources, t->fd);
	close(t->fd);
	free(t);
}

/*
 * On CLOCK_MONOTONIC, for that is what timers have.  The same moment on the
 * TSC comes from reading both clocks now, so their drift is that of one wait.
 */
uint64_t device_timer_arm(struct device_timer *t, uint64_t ns)
{
	uint64_t tsc_khz = t->vm->tsc_khz;
	struct clocks now = clocks_read();
	uint64_t due_ns = now.mono_ns + ns;
	struct itimerspec when = {
		.it_value = {.tv_sec = (time_t)(due_ns / NS_PER_S),
			     .tv_nsec = (long)(due_ns % NS_PER_S)},
	};

	t->armed = true;
	timerfd_settime(t->fd, TFD_TIMER_ABSTIME, &when, NULL);
	return now.tsc + ns * (tsc_khz / 1000) / 1000 +
	       ns * (tsc_khz % 1000) / 1000000;
}

void device_timer_stop(struct device_timer *t)
{
	static const struct itimerspec never = {.it_value = {.tv_sec = 0}};

	t->armed = false;
	timerfd_settime(t->fd, 0, &never, NULL);
}

bool device_timer_is_armed(const struct device_timer *t)
{
	return t->armed;
}
