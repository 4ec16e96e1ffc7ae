/* SPDX-License-Identifier: BSD-2-Clause */
/* supervise.c - see supervise.h. */
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/join.h"
#include "vmm/base/now.h"
#include "vmm/base/progress.h"
#include "vmm/base/stop_signals.h"
#include "vmm/base/thread_time.h"
#include "vmm/base/timeline.h"
#include "vmm/host/sandbox.h"
#include "vmm/machine/device_worker.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/vcpu.h"
#include "vmm/machine/vcpu_loop.h"
#include "vmm/run/console.h"
#include "vmm/run/ends.h"
#include "vmm/run/live.h"
#include "vmm/run/step.h"
#include "vmm/run/supervise.h"

/* At most four times a second: the live line and the steps' limits. */
#define TICK_MS	  250
#define SHORT_MS  10   /* every vCPU has entered the guest by then; --raw */
#define JOIN_MS	  1000 /* for KVM_RUN to return once it was told to */
#define NS_PER_MS 1000000ull

static FILE *text_out(const struct run_setup *setup)
{
	if (setup->config.output.quiet)
		return NULL;
	/* With the result on standard output nothing else goes there. */
	if (setup->config.output.json &&
	    strcmp(setup->config.output.json, "-") == 0)
		return stderr;
	return stdout;
}

void supervise_rest(struct vm *vm, const struct run_setup *setup)
{
	struct console *c = vm_hva(vm, LAYOUT_CONSOLE, sizeof(*c));

	console_drain(c, text_out(setup), CONSOLE_DATA_LEN);
}

static void show(struct supervisor *s, struct vm *vm,
		 const struct run_setup *setup)
{
	struct console *c = vm_hva(vm, LAYOUT_CONSOLE, sizeof(*c));
	FILE *out = text_out(setup);

	/* A reader that does not read must not stop the watchdog. */
	if (out && !writable(out))
		return;
	if (s->live_shown && c->head != c->tail) {
		progress_clear(false);
		s->live_shown = false;
	}
	console_drain(c, out, PIPE_BUF);
	s->console_lost = c->lost;
}

/* In ms: until the next tick, or what is left of the run. */
static int poll_timeout(uint64_t deadline_ns, uint64_t tick_ns)
{
	uint64_t until = tick_ns < deadline_ns ? tick_ns : deadline_ns;
	uint64_t now = now_ns();

	if (now >= until)
		return 0;
	return (int)((until - now + NS_PER_MS - 1) / NS_PER_MS);
}

/*
 * False: a vCPU's thread has not run yet (something else has its CPU), so it
 * cannot be told from KVM's.
 */
static bool adopt_threads(const struct vm *vm, const struct run_setup *setup)
{
	pid_t ours[MAX_VCPUS + VM_MAX_WORKERS];
	uint32_t nr = vm->nr_vcpus;

	for (uint32_t i = 0; i < nr; i++)
		ours[i] = vm->vcpus[i].tid;
	nr += devices_tids(vm, ours + nr);
	for (uint32_t i = 0; i < nr; i++)
		if (ours[i] == 0)
			return false;
	placement_adopt(&setup->placement, ours, nr);
	return true;
}

/* What is due again and again; returns in how many ms. */
static uint64_t tick(struct supervisor *s, const struct vm *vm,
		     const struct run_setup *setup)
{
	bool is_slow = !s->raw && !setup->config.sync_clock;
	bool every = is_slow || ++s->nr_ticks % (TICK_MS / SHORT_MS) == 0;

	if (setup->config.sync_clock)
		vm_sync_clock(vm);
	if (!s->adopted)
		s->adopted = adopt_threads(vm, setup);
	if (s->tracer)
		tracer_turn(s->tracer, now_ns(), vm->nr_breaks);
	if (every && writable(stderr))
		s->live_shown |= live_show(vm, setup);
	return s->adopted && is_slow ? TICK_MS : SHORT_MS;
}

enum {
	FD_EVENT,
	FD_SIGNAL,
	FD_SOURCES, /* the devices' */
	NR_FDS = FD_SOURCES + MAX_SOURCES
};

/* First of all: how late it is, is measured. */
static void serve_sources(struct vm *vm, const struct pollfd *fds)
{
	for (unsigned int i = 0; i < vm->sources.nr; i++)
		if (fds[i].revents)
			vm->sources.list[i].ready(vm, vm->sources.list[i].arg);
}

/*
 * Is what a turn costs the guest's doing?  It is not if a stop or a signal
 * alone woke the main thread up.
 */
static bool guests_turn(const struct pollfd *fds, int n)
{
	return n == 0 || n > (fds[FD_SIGNAL].revents != 0);
}

/* A guest that takes too much is not heard for a while: pace.h. */
static int sleep_until(struct supervisor *s, struct vm *vm, struct pollfd *fds,
		       uint64_t tick_ns)
{
	struct thread_time had = thread_time();
	uint64_t now = now_ns(), wait_ns;
	int n;

	/* All of a turn, what poll() takes as well. */
	pace_account(&vm->pace, had.ns, s->guests_turn);
	wait_ns = pace_wait_ns(&vm->pace, now);
	fds[FD_EVENT].fd = wait_ns ? -1 : vm->event_fd;
	if (wait_ns && now + wait_ns < tick_ns)
		tick_ns = now + wait_ns;
	s->before_ns = s->asleep_ns ? s->asleep_ns : now;
	s->asleep_ns = now;
	s->nr_sleeps = had.nr_sleeps;
	atomic_fetch_add(&vm->main_turns, 1);
	n = poll(fds, FD_SOURCES + vm->sources.nr,
		 poll_timeout(s->deadline_ns, tick_ns));
	atomic_fetch_add(&vm->main_turns, 1);
	s->guests_turn = guests_turn(fds, n);
	return n;
}

/* What there is to be shown and kept so far; true: the run is over. */
static bool look(struct supervisor *s, struct vm *vm,
		 const struct run_setup *setup, enum stop_reason *why)
{
	show(s, vm, setup);
	if (s->raw)
		raw_drain(s->raw, vm);
	if (sandbox_has_refused()) {
		*why = STOP_REFUSED;
		return true;
	}
	*why = STOP_STEP;
	return step_is_late(vm);
}

static void begin(struct supervisor *s, struct vm *vm, struct pollfd *fds)
{
	fds[FD_EVENT] = (struct pollfd){.fd = vm->event_fd, .events = POLLIN};
	fds[FD_SIGNAL] = (struct pollfd){.fd = s->signal_fd, .events = POLLIN};
	for (unsigned int i = 0; i < vm->sources.nr; i++)
		fds[FD_SOURCES + i] = (struct pollfd){
			.fd = vm->sources.list[i].fd, .events = POLLIN};
	s->adopted = false;
	s->guests_turn = false;
	pace_begin(&vm->pace, now_ns(), thread_time_ns());
}

static enum stop_reason wait_for_end(struct supervisor *s, struct vm *vm,
				     const struct run_setup *setup)
{
	struct pollfd fds[NR_FDS];
	uint64_t tick_ns = now_ns() + SHORT_MS * NS_PER_MS, own_ns, count;
	enum stop_reason why;

	begin(s, vm, fds);
	for (;;) {
		int n = sleep_until(s, vm, fds, tick_ns);
		uint64_t now;

		if (n > 0)
			serve_sources(vm, fds + FD_SOURCES);
		/* Also while no request is heard. */
		if (ends_run(vm, &why))
			return why;
		/* Before anything else that may sleep: signals.c. */
		if (n > 0 && fds[FD_SIGNAL].revents && supervisor_signal(s))
			return STOP_INTERRUPTED;
		if (n > 0 && fds[FD_EVENT].revents &&
		    read(vm->event_fd, &count, sizeof(count)) > 0) {
			devices_serve(vm);
			vcpus_serve(vm);
		}
		now = now_ns();
		if (now >= s->deadline_ns)
			return STOP_TIMEOUT;
		/* Pulses may come much more often than a look is wanted. */
		if (now < tick_ns && n > 0 && !fds[FD_EVENT].revents)
			continue;
		own_ns = now >= tick_ns ? thread_time_ns() : 0;
		if (look(s, vm, setup, &why))
			return why;
		if (!own_ns)
			continue;
		tick_ns = now + tick(s, vm, setup) * NS_PER_MS;
		/* No guest can make ticks come more often. */
		vm->pace.seen_ns += thread_time_ns() - own_ns;
	}
}

static bool join_all(struct vm *vm)
{
	uint64_t until_ns = JOIN_MS * NS_PER_MS;
	struct timespec until;
	bool joined = true;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until_ns += (uint64_t)until.tv_nsec;
	until.tv_sec += (time_t)(until_ns / NS_PER_S);
	until.tv_nsec = (long)(until_ns % NS_PER_S);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		struct vcpu *vcpu = &vm->vcpus[i];

		if (!vcpu->started)
			continue;
		if (!join_until(vcpu->thread, &until)) {
			joined = false;
			continue;
		}
		vcpu->started = false;
	}
	return joined;
}

enum stop_reason supervise(struct supervisor *s, struct vm *vm,
			   const struct run_setup *setup)
{
	enum stop_reason why;
	bool joined;

	if (s->deadline_ns == 0)
		s->deadline_ns = now_ns() + setup->limit_ms * NS_PER_MS;
	/* A short run is over before the first tick. */
	if (s->tracer)
		tracer_turn(s->tracer, now_ns(), vm->nr_breaks);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		vm->vcpus[i].thread = placement_start(
			&setup->placement, &setup->config.placement, i,
			vcpu_thread, &vm->vcpus[i]);
		vm->vcpus[i].started = true;
	}
	timeline_mark("threads started");
	why = wait_for_end(s, vm, setup);
	timeline_mark("guest ended");
	vcpus_kick(vm);
	if (s->live_shown)
		progress_clear(false);
	s->live_shown = false;
	stop_signal_tell(s->stop_signal);
	if (s->tracer)
		tracer_stop(s->tracer);
	joined = join_all(vm) && devices_quiesce(vm);
	supervisor_take_overruns(s);
	if (s->raw)
		raw_drain(s->raw, vm);
	if (!joined)
		return STOP_STUCK;
	show(s, vm, setup);
	/* One vCPU may have crashed while another one said it was done ... */
	if (why == STOP_ENDED || why == STOP_BREAK)
		why = ends_why(vm);
	/* ... and a step that is late be at its end all the same. */
	return why == STOP_STEP && ends_any(vm, VCPU_BROKE) ? STOP_BREAK : why;
}
