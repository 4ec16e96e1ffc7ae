/* SPDX-License-Identifier: BSD-2-Clause */
/* helper.c - see helper.h. */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/cpumask.h"
#include "vmm/host/placement.h"
#include "vmm/machine/crash.h"
#include "vmm/machine/device_worker.h"
#include "vmm/machine/helper.h"

/* Writes to its eventfd that fail in a row: it cannot be woken up any more. */
#define MOST_ODD 8

enum {
	ASKED = 1, /* the vCPU's thread writes it, ... */
	DONE,	   /* ... the helper that */
	STOP = 4,  /* and the main thread adds it: look at vm->stop */
};

/* What a vCPU asks for.  A vCPU that stops leaves it, so none of it is its. */
struct request {
	/* A futex; whoever reads ASKED or DONE has the rest. */
	_Atomic uint32_t word;
	struct vcpu *vcpu;
	const struct device *device;
	struct io_access io;
	bool taken;
} __attribute__((aligned(64)));

struct helper {
	struct vm *vm;
	struct device_worker *worker; /* NULL: only the lock is wanted */
	pthread_mutex_t lock;
	atomic_bool wants; /* the helper waits for it */
	/* The helper writes, anybody reads. */
	_Atomic uint64_t handled, contended;
	struct request request[]; /* of each vCPU */
};

/* Linux has no function for it: futex(2). */
static void futex(_Atomic uint32_t *word, int op, uint32_t value)
{
	syscall(SYS_futex, word, op | FUTEX_PRIVATE_FLAG, value, NULL);
}

/* Pairs with the store in vcpus_kick(). */
static bool stops(struct vcpu *vcpu)
{
	if (!atomic_load_explicit(&vcpu->vm->stop, memory_order_acquire))
		return false;
	vcpu->state = VCPU_STOPPED;
	return true;
}

/* A plain mutex, which goes to whoever comes first, as QEMU's big lock. */
static void take_lock(struct helper *h, bool is_helper)
{
	if (pthread_mutex_trylock(&h->lock) == 0)
		return;
	if (is_helper) {
		atomic_fetch_add(&h->contended, 1);
		/* Pairs with the load in vm_lock_wanted(). */
		atomic_store(&h->wants, true);
	}
	pthread_mutex_lock(&h->lock);
	if (is_helper)
		atomic_store(&h->wants, false);
}

static bool handle(struct helper *h, struct request *r)
{
	bool locked = r->device->where & DEVICE_LOCKED, taken;

	if (locked)
		take_lock(h, true);
	taken = r->device->access(r->vcpu, &r->io);
	if (locked)
		pthread_mutex_unlock(&h->lock);
	return taken;
}

/* On the helper thread: one wake-up may be for several of them. */
static void serve(void *state)
{
	struct helper *h = state;

	for (uint32_t i = 0; i < h->vm->nr_vcpus; i++) {
		struct request *r = &h->request[i];

		/* Pairs with the store in ask(). */
		if ((atomic_load_explicit(&r->word, memory_order_acquire) &
		     ASKED) == 0)
			continue;
		r->taken = handle(h, r);
		atomic_fetch_add(&h->handled, 1);
		/* Pairs with the load in await(). */
		atomic_store_explicit(&r->word, DONE, memory_order_release);
		futex(&r->word, FUTEX_WAKE, 1);
	}
}

static bool ask(const struct helper *h, struct request *r)
{
	unsigned int odd = 0;

	/*
	 * Pairs with the load in serve().  An exchange: it is before the look
	 * at vm->stop, so that no STOP is lost that it takes the place of.
	 */
	atomic_exchange(&r->word, ASKED);
	while (!device_worker_post(h->worker))
		if (++odd == MOST_ODD)
			return false;
	return true;
}

/* False: the VM stops, and the helper may still be at it. */
static bool await(struct vcpu *vcpu, struct request *r)
{
	for (;;) {
		/* Pairs with the store in serve(). */
		uint32_t word =
			atomic_load_explicit(&r->word, memory_order_acquire);

		if (word & DONE)
			return true;
		if (stops(vcpu))
			return false;
		/* STOP came after the look at it: it is another word then. */
		futex(&r->word, FUTEX_WAIT, word);
	}
}

static bool by_helper(struct helper *h, struct vcpu *vcpu,
		      const struct device *device, struct io_access *io)
{
	struct request *r = &h->request[vcpu->index];

	r->vcpu = vcpu;
	r->device = device;
	r->io = *io;
	if (!ask(h, r)) {
		vcpu_crash(vcpu, "cannot wake the helper thread: %s",
			   strerror(errno));
		return true;
	}
	if (!await(vcpu, r))
		return true;
	*io = r->io;
	return r->taken;
}

/* On the vCPU's own thread.  Many may have had the lock before it. */
static bool with_lock(struct helper *h, struct vcpu *vcpu,
		      const struct device *device, struct io_access *io)
{
	bool taken;

	take_lock(h, false);
	taken = stops(vcpu) || device->access(vcpu, io);
	pthread_mutex_unlock(&h->lock);
	return taken;
}

bool helper_access(struct vcpu *vcpu, const struct device *device,
		   struct io_access *io)
{
	struct helper *h = vcpu->vm->helper;

	if (stops(vcpu))
		return true;
	return device->where & DEVICE_HELPER ? by_helper(h, vcpu, device, io)
					     : with_lock(h, vcpu, device, io);
}

void helper_stop_waiting(struct vm *vm)
{
	struct helper *h = vm->helper;

	for (uint32_t i = 0; h && i < vm->nr_vcpus; i++) {
		atomic_fetch_or(&h->request[i].word, STOP);
		futex(&h->request[i].word, FUTEX_WAKE, 1);
	}
}

bool vm_lock_wanted(const struct vm *vm, uint32_t us)
{
	uint64_t until = device_tsc() + us * vm->tsc_khz / 1000;
	bool wanted;

	/* Pairs with the store in take_lock(). */
	while (!(wanted = atomic_load(&vm->helper->wants)) &&
	       device_tsc() < until && !vm->stop)
		__builtin_ia32_pause();
	return wanted;
}

struct helper_counts vm_helper_counts(const struct vm *vm)
{
	const struct helper *h = vm->helper;

	return (struct helper_counts){
		.handled = atomic_load(&h->handled),
		.contended = atomic_load(&h->contended),
		.cpu = h->worker ? device_worker_cpu(h->worker) : -1,
		.priority = h->worker ? device_worker_priority(h->worker) : 0,
	};
}

static struct device_worker *start(struct vm *vm, struct helper *h)
{
	const struct placement *p = vm->placement;
	struct cpumask others = cpumask_from_set(&p->housekeeping);
	struct policy policy;

	/* Interrupts and kernel work gather on the low ones. */
	if (!p->shared)
		return worker_new(vm, cpumask_last(&others), 0, serve, h);
	/* A vCPU that spins would keep an ordinary thread waiting for ever. */
	policy = placement_policy(&vm->config->placement, vm->nr_vcpus - 1);
	return worker_new(vm, p->cpu[vm->nr_vcpus - 1],
			  p->granted ? policy.prio + 1 : 0, serve, h);
}

void helper_create(struct vm *vm, bool thread)
{
	size_t len =
		sizeof(struct helper) + vm->nr_vcpus * sizeof(struct request);
	struct helper *h = aligned_alloc(_Alignof(struct helper), len);

	if (!h)
		die_errno("no memory for the helper thread's requests");
	memset(h, 0, len);
	h->vm = vm;
	pthread_mutex_init(&h->lock, NULL);
	if (thread)
		h->worker = start(vm, h);
	vm->helper = h;
}

bool helper_quiesce(struct vm *vm)
{
	return !vm->helper || !vm->helper->worker ||
	       device_worker_stop(vm->helper->worker);
}

void helper_destroy(struct vm *vm)
{
	if (!vm->helper)
		return;
	if (vm->helper->worker)
		device_worker_free(vm->helper->worker);
	pthread_mutex_destroy(&vm->helper->lock);
	free(vm->helper);
	vm->helper = NULL;
}
