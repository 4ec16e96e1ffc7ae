/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slow_path.c - the same register in the kernel, on the vCPU's thread, on a
 * helper thread, and there behind a lock; and who holds that lock.
 * abi/slow_path.h.
 */
#include "guest-firmware/abi/slow_path.h"
#include "guest-firmware/abi/payload.h"
#include "vmm/device.h"

struct slow_path {
	const struct vm *vm;
	/* Any thread: writes to each place but SLOW_KERNEL. */
	uint64_t writes[NR_SLOW_PLACES];
	uint64_t holds; /* vCPU threads */
};

/* Has the state of all of them. */
static const struct device slow_inline, slow_kernel;

static uint64_t nr_writes(const struct slow_path *s, uint64_t place)
{
	if (place == SLOW_KERNEL)
		return device_kernel_writes(s->vm, &slow_kernel);
	return __atomic_load_n(&s->writes[place], __ATOMIC_RELAXED);
}

static bool slow_access(struct vcpu *vcpu, struct io_access *io)
{
	struct slow_path *s = device_state(vcpu_vm(vcpu), &slow_inline);
	uint64_t place = (io->addr - PORT_SLOW_PATH) / 4;

	if (io->len != 4)
		return false;
	if (!io->is_write)
		io->value = nr_writes(s, place);
	else
		__atomic_add_fetch(&s->writes[place], 1, __ATOMIC_RELAXED);
	return true;
}

static struct slow_hold *hold_at(const struct vm *vm, gpa_t gpa)
{
	if (gpa % SLOW_ALIGN != 0)
		return NULL;
	return vm_hva(vm, gpa, sizeof(struct slow_hold));
}

/* By the clock, so that it ends whoever else had the CPU meanwhile. */
static void hold_for(uint32_t us, uint64_t tsc_khz)
{
	uint64_t begin = device_tsc();

	if (us > SLOW_MAX_HOLD_US)
		us = SLOW_MAX_HOLD_US;
	while (device_tsc() - begin < us * tsc_khz / 1000)
		__builtin_ia32_pause();
}

/* With the lock held, on a vCPU's thread: DEVICE_LOCKED. */
static bool slow_hold_access(struct vcpu *vcpu, struct io_access *io)
{
	struct vm *vm = vcpu_vm(vcpu);
	struct slow_path *s = device_state(vm, &slow_inline);
	struct slow_hold *h;

	if (!io->is_write || io->len != 4)
		return false;
	h = hold_at(vm, (uint32_t)io->value);
	if (!h)
		return false;
	__atomic_add_fetch(&s->holds, 1, __ATOMIC_RELAXED);
	/* Both pair with the guest's acquire. */
	__atomic_add_fetch(&h->held, 1, __ATOMIC_RELEASE);
	if (vm_lock_wanted(vm, SLOW_AWAIT_US)) {
		hold_for(__atomic_load_n(&h->hold_us, __ATOMIC_RELAXED),
			 vm_tsc_khz(vm));
		__atomic_add_fetch(&h->contended, 1, __ATOMIC_RELEASE);
	}
	return true;
}

static void slow_create(struct vm *vm, void *state)
{
	struct slow_path *s = state;

	s->vm = vm;
}

/* KVM's count begins anew with the VM. */
static void slow_reset(void *state)
{
	struct slow_path *s = state;

	*s = (struct slow_path){.vm = NULL};
}

static unsigned int slow_stats(const void *state, struct device_stat *out)
{
	const struct slow_path *s = state;
	const struct helper_counts c = vm_helper_counts(s->vm);
	const struct device_stat stats[] = {
		{.name = "kernel", .value = nr_writes(s, SLOW_KERNEL)},
		{.name = "inline", .value = nr_writes(s, SLOW_INLINE)},
		{.name = "helper", .value = nr_writes(s, SLOW_HELPER)},
		{.name = "helper_locked", .value = nr_writes(s, SLOW_LOCKED)},
		{.name = "contended", .value = c.contended},
		{.name = "holds", .value = s->holds},
		{.name = "helper_cpu", .value = (uint64_t)c.cpu},
		{.name = "helper_priority", .value = (uint64_t)c.priority},
	};
	const unsigned int nr = sizeof(stats) / sizeof(*stats);

	for (unsigned int i = 0; i < nr; i++)
		out[i] = stats[i];
	return nr;
}

#define SLOW_DEVICE(sym, place, how, ...)                               \
	DEVICE(sym, .bus = BUS_PIO, .base = SLOW_PORT(place), .len = 4, \
	       .payload_flag = PAYLOAD_SLOW_PATH, .where = (how), __VA_ARGS__)

SLOW_DEVICE(slow_kernel, SLOW_KERNEL, DEVICE_KERNEL, .access = slow_access);
SLOW_DEVICE(slow_inline, SLOW_INLINE, DEVICE_INLINE, .access = slow_access,
	    .state_len = sizeof(struct slow_path), .create = slow_create,
	    .reset = slow_reset, .stats = slow_stats);
SLOW_DEVICE(slow_helper, SLOW_HELPER, DEVICE_HELPER, .access = slow_access);
SLOW_DEVICE(slow_locked, SLOW_LOCKED, DEVICE_HELPER | DEVICE_LOCKED,
	    .access = slow_access);
SLOW_DEVICE(slow_hold, NR_SLOW_PLACES, DEVICE_LOCKED,
	    .access = slow_hold_access);
