/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rest.c - is a vCPU halted, is it asleep: device.h.  Who wakes it up for a
 * measurement asks before the time that it lets it rest, and learns how it was
 * woken the last time.
 *
 * The answer is KVM's, from the statistics of the vCPU that is asked about: it
 * does not have to do anything for it.
 */
#include <unistd.h>

#include "guest-firmware/abi/modes.h"
#include "vmm/machine/vcpu.h"

/*
 * A guest may ask about a vCPU that never halts; and a host, an emulated one
 * above all, may keep one that is about to from its CPU for long.
 */
#define AWAIT_MS 500

/* Between two questions: they take the statistics' cache line away. */
#define ASK_US 5

/* It halted since the last time that this was asked and true. */
static bool has_halted(struct vcpu *vcpu)
{
	const struct stats_layout *stats = &vcpu->vm->stats;
	int i = stats_find(stats, "halt_exits");
	uint64_t halts;

	if (i < 0 || stats_read_one(stats, vcpu->stats_fd, i, &halts) < 0)
		return true;
	/* Orders nothing: each of its values alone says enough. */
	return atomic_exchange_explicit(&vcpu->halts_seen, halts,
					memory_order_relaxed) != halts;
}

/*
 * KVM says "blocking" a little before the thread gives its CPU away, and looks
 * for an interrupt once more in between; the host may take its CPU from it
 * there.  Its file says "running" until it has: it waits for that
 * (Documentation/filesystems/proc.rst, fs/proc/base.c).
 */
static bool is_off_cpu(const struct vcpu *vcpu)
{
	int fd = vcpu->syscall_fd;
	char text[8];

	/* Not to be read: it is not known, and taken for true. */
	return fd < 0 || pread(fd, text, sizeof(text), 0) <= 0 ||
	       text[0] != 'r';
}

bool vm_vcpu_rests(const struct vm *vm, uint32_t vcpu, uint32_t rest)
{
	struct vcpu *v = &vm->vcpus[vcpu];
	int sleeps;

	if (rest == REST_NONE)
		return true;
	if (rest == REST_HALTED)
		return has_halted(v);
	sleeps = stats_is_blocking(&vm->stats, v->stats_fd);
	return sleeps < 0 ? has_halted(v) : sleeps && is_off_cpu(v);
}

static void pause_for_us(const struct vm *vm, uint64_t us)
{
	uint64_t until = device_tsc() + us * vm->tsc_khz / 1000;

	while (device_tsc() < until)
		__builtin_ia32_pause();
}

/*
 * How it was woken since this was asked before.  The main thread has no CPU of
 * its own where the vCPUs take all: while it is awake one of theirs is not
 * idle.
 */
static enum wake_path woken_by(struct vcpu *v)
{
	const struct vm *vm = v->vm;
	uint64_t turns = atomic_load(&vm->main_turns), polls;
	uint64_t turns_before = atomic_exchange(&v->turns_seen, turns);
	int i = stats_find(&vm->stats, "halt_successful_poll");
	bool polled;

	if (i < 0 || stats_read_one(&vm->stats, v->stats_fd, i, &polls) < 0)
		return WAKE_UNKNOWN;
	polled = atomic_exchange(&v->polls_seen, polls) != polls;
	if (vm->placement->shared && (turns != turns_before || turns % 2 == 0))
		return WAKE_MAIN;
	return polled ? WAKE_POLLED : WAKE_SLEPT;
}

bool vcpu_await_rest(struct vcpu *vcpu, uint32_t other, uint32_t rest)
{
	const struct vm *vm = vcpu->vm;
	uint64_t until = device_tsc() + AWAIT_MS * vm->tsc_khz;

	if (other >= vm->nr_vcpus || other == vcpu->index || rest >= NR_RESTS)
		return false;
	vcpu->asides++;
	while (!vm_vcpu_rests(vm, other, rest) && device_tsc() < until &&
	       !vm->stop)
		pause_for_us(vm, ASK_US);
	/* A guest that writes it as well tells itself a lie. */
	__atomic_store_n(&vm_result(vm)->woken[vcpu->index],
			 (uint8_t)woken_by(&vm->vcpus[other]),
			 __ATOMIC_RELAXED);
	return true;
}
