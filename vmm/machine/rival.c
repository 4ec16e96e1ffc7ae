/* SPDX-License-Identifier: BSD-2-Clause */
/* rival.c - see rival.h. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "guest-firmware/abi/prio.h"
#include "vmm/base/die.h"
#include "vmm/machine/rival.h"
#include "vmm/machine/vcpu.h"

#define JOIN_S 1 /* a burst is 10 ms at most */

const char *rival_impossible(const struct placement *p,
			     const struct placement_wish *wish)
{
	if (wish->prio == 0)
		return "vCPUs at SCHED_FIFO: give it a --prio above 2";
	if (p->crowded)
		return "vCPUs at SCHED_FIFO, so a CPU for each of them: see "
		       "--cpus";
	if (!p->fifo)
		return "vCPUs at SCHED_FIFO, which this host refused";
	if (wish->prio <= NORMAL_BELOW)
		return "two priorities of SCHED_FIFO below the vCPUs': give "
		       "it a --prio above 2";
	return NULL;
}

/* By the clock, so that it ends whoever else had the CPU meanwhile. */
static void burn(struct rival *r, uint32_t us)
{
	uint64_t begin = __rdtsc();
	uint64_t len = us * r->tsc_khz / 1000;

	while (__rdtsc() - begin < len)
		_mm_pause();
	r->burnt_tsc += __rdtsc() - begin;
	atomic_fetch_add_explicit(&r->bursts, 1, memory_order_release);
}

static void *rival_thread(void *arg)
{
	struct rival *r = arg;
	uint64_t count;

	r->tid = gettid();
	for (;;) {
		ssize_t n = read(r->fd, &count, sizeof(count));
		uint32_t us;

		if (n < 0 && errno == EINTR)
			continue;
		/* Pairs with the store in rival_stop(). */
		if (n < 0 ||
		    atomic_load_explicit(&r->stop, memory_order_acquire))
			return NULL;
		us = atomic_exchange_explicit(&r->asked_us, 0,
					      memory_order_acquire);
		if (us)
			burn(r, us);
	}
}

void rival_start(struct vm *vm, const struct placement *p)
{
	struct rival *r = &vm->rival;

	if (!(vm->image->note.flags & PAYLOAD_RIVAL))
		return;
	r->tid = 0;
	r->stop = false;
	r->asked_us = 0;
	r->bursts_before = r->bursts;
	r->tsc_khz = vm->tsc_khz;
	r->cpu = p->cpu[vm->nr_vcpus - 1];
	r->prio = vm->config->placement.prio - RIVAL_BELOW;
	r->fd = eventfd(0, EFD_CLOEXEC);
	if (r->fd < 0)
		die_errno("cannot create an eventfd");
	r->thread = placement_start_at(r->cpu, r->prio, rival_thread, r);
	r->started = true;
}

bool rival_stop(struct vm *vm)
{
	struct rival *r = &vm->rival;
	struct timespec until;
	uint64_t one = 1;

	if (!r->started)
		return true;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += JOIN_S;
	atomic_store_explicit(&r->stop, true, memory_order_release);
	if (write(r->fd, &one, sizeof(one)) < 0 ||
	    pthread_clockjoin_np(r->thread, NULL, CLOCK_MONOTONIC, &until) != 0)
		return false;
	close(r->fd);
	r->started = false;
	return true;
}

bool vcpu_boost(struct vcpu *vcpu, bool on)
{
	const struct vm *vm = vcpu->vm;
	struct sched_param sp = {
		.sched_priority =
			vm->config->placement.prio - (on ? 0 : NORMAL_BELOW),
	};

	return vm->rival.started && sched_setparam(0, &sp) == 0;
}

bool vcpu_rival(struct vcpu *vcpu, uint32_t burst_us)
{
	struct rival *r = &vcpu->vm->rival;
	uint64_t one = 1;

	if (!r->started || burst_us == 0)
		return false;
	if (burst_us > PRIO_MAX_BURST_US)
		burst_us = PRIO_MAX_BURST_US;
	/* Pairs with the exchange in rival_thread(). */
	atomic_store_explicit(&r->asked_us, burst_us, memory_order_release);
	return write(r->fd, &one, sizeof(one)) == sizeof(one);
}

bool vcpu_rival_bursts(struct vcpu *vcpu, uint64_t *bursts)
{
	const struct rival *r = &vcpu->vm->rival;

	/* Pairs with the addition in burn(). */
	*bursts = atomic_load_explicit(&r->bursts, memory_order_acquire) -
		  r->bursts_before;
	return r->started;
}
