/* SPDX-License-Identifier: BSD-2-Clause */
/* device_worker.c - a device's thread: device.h. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/join.h"
#include "vmm/host/placement.h"
#include "vmm/host/sandbox.h"
#include "vmm/machine/device_worker.h"
#include "vmm/machine/vcpu.h"

#define JOIN_S	 1 /* what a worker does at a time is much shorter */
#define MOST_ODD 8 /* reads that fail in a row: it is no eventfd any more */

struct device_worker {
	struct vm *vm;
	unsigned int index;
	pthread_t thread;
	bool started;
	int fd; /* eventfd: there is something to do */
	int cpu, priority;
	_Atomic pid_t tid; /* the worker writes it; 0: not yet */
	atomic_bool stop;  /* main thread */
	void (*work)(void *state);
	void *state;
};

const char *device_worker_lacks(const struct vm *vm, int below)
{
	const struct placement_wish *wish = &vm->config->placement;
	const struct placement *p = vm->placement;
	int prio = VCPU_PRIO_MAX;

	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		struct policy q = placement_policy(wish, i);

		if (q.kind != POLICY_FIFO)
			return wish->nr_policies
				       ? "vCPUs at SCHED_FIFO: leave --sched out"
				       : "vCPUs at SCHED_FIFO: give it a --prio";
		prio = q.prio < prio ? q.prio : prio;
	}
	if (p->crowded)
		return "vCPUs at SCHED_FIFO, so a CPU for each of them: see "
		       "--cpus";
	if (!p->granted)
		return "vCPUs at SCHED_FIFO, which this host refused";
	if (prio <= below)
		return "more priorities of SCHED_FIFO below the vCPUs': give "
		       "it a higher --prio";
	return NULL;
}

static void *worker_thread(void *arg)
{
	struct device_worker *w = arg;
	unsigned int odd = 0;
	uint64_t count;

	w->tid = gettid();
	sandbox_worker();
	/* A guest would wait in vain for one that is gone: it asks again. */
	while (odd < MOST_ODD) {
		ssize_t n = read(w->fd, &count, sizeof(count));

		if (n < 0) {
			odd += errno != EINTR;
			continue;
		}
		odd = 0;
		/* Pairs with the store in device_worker_stop(). */
		if (atomic_load_explicit(&w->stop, memory_order_acquire))
			break;
		w->work(w->state);
	}
	return NULL;
}

struct device_worker *worker_new(struct vm *vm, int cpu, int prio,
				 void (*work)(void *state), void *state)
{
	struct device_worker *w = calloc(1, sizeof(*w));

	if (!w)
		die_errno("no memory for a worker");
	while (w->index < VM_MAX_WORKERS && vm->workers[w->index])
		w->index++;
	if (w->index == VM_MAX_WORKERS)
		die("the devices want more than %d threads: raise VM_MAX_WORKERS",
		    VM_MAX_WORKERS);
	w->vm = vm;
	w->cpu = cpu;
	w->priority = prio;
	w->work = work;
	w->state = state;
	w->fd = eventfd(0, EFD_CLOEXEC);
	if (w->fd < 0)
		die_errno("cannot create an eventfd");
	w->thread = placement_start_at(w->cpu, w->priority, worker_thread, w);
	w->started = true;
	vm->workers[w->index] = w;
	return w;
}

struct device_worker *device_worker_new(struct vm *vm, uint32_t vcpu, int below,
					void (*work)(void *state), void *state)
{
	struct policy policy = placement_policy(&vm->config->placement, vcpu);

	return worker_new(vm, vm->placement->cpu[vcpu], policy.prio - below,
			  work, state);
}

bool device_worker_post(const struct device_worker *w)
{
	uint64_t one = 1;

	return write(w->fd, &one, sizeof(one)) == sizeof(one);
}

bool device_worker_stop(struct device_worker *w)
{
	struct timespec until;

	if (!w->started)
		return true;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += JOIN_S;
	atomic_store_explicit(&w->stop, true, memory_order_release);
	if (!device_worker_post(w) || !join_until(w->thread, &until))
		return false;
	w->started = false;
	return true;
}

void device_worker_free(struct device_worker *w)
{
	w->vm->workers[w->index] = NULL;
	close(w->fd);
	free(w);
}

int device_worker_cpu(const struct device_worker *w)
{
	return w->cpu;
}

int device_worker_priority(const struct device_worker *w)
{
	return w->priority;
}

unsigned int devices_tids(const struct vm *vm, pid_t *tids)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < VM_MAX_WORKERS; i++)
		if (vm->workers[i])
			tids[nr++] = vm->workers[i]->tid;
	return nr;
}

bool vcpu_set_priority(struct vcpu *vcpu, int below)
{
	struct policy policy =
		placement_policy(&vcpu->vm->config->placement, vcpu->index);
	struct sched_param sp = {.sched_priority = policy.prio - below};

	return sched_setparam(0, &sp) == 0;
}
