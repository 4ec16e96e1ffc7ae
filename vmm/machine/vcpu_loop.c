/* SPDX-License-Identifier: BSD-2-Clause */
/* vcpu_loop.c - see vcpu_loop.h. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <x86intrin.h>

#include "vmm/base/die.h"
#include "vmm/host/placement.h"
#include "vmm/host/sandbox.h"
#include "vmm/machine/crash.h"
#include "vmm/machine/exit.h"
#include "vmm/machine/helper.h"
#include "vmm/machine/vcpu_loop.h"

/* After the run: a guest can move its clock by writing IA32_TSC. */
static void read_tsc_offset(struct vcpu *vcpu)
{
	struct kvm_device_attr attr = {
		.group = KVM_VCPU_TSC_CTRL,
		.attr = KVM_VCPU_TSC_OFFSET,
		.addr = (uintptr_t)&vcpu->tsc_offset,
	};

	vcpu->tsc_offset_known =
		__kvm_ioctl(vcpu->fd, KVM_GET_DEVICE_ATTR, &attr) >= 0;
}

/*
 * EAGAIN is to be tried again for a vCPU that waits for its INIT only
 * (KVM_MP_STATE_UNINITIALIZED, kvm_arch_vcpu_ioctl_run()).  Else it is the
 * thread that recovers huge pages (kvm_mmu_post_init_vm()), which KVM starts
 * with the first KVM_RUN: it would be refused again and again.
 */
static bool may_run_again(struct vcpu *vcpu, int err)
{
	struct kvm_mp_state state;

	if (err == EINTR)
		return true;
	if (err != EAGAIN) {
		vcpu_crash(vcpu, "KVM_RUN failed: %s", strerror(err));
		return false;
	}
	if (__kvm_ioctl(vcpu->fd, KVM_GET_MP_STATE, &state) >= 0 &&
	    state.mp_state == KVM_MP_STATE_UNINITIALIZED)
		return true;
	vcpu_crash(vcpu,
		   "KVM_RUN failed: %s: the host refused KVM a thread, so "
		   "allow more processes (ulimit -u, the pids limit of the "
		   "container)",
		   strerror(err));
	return false;
}

static void count(struct vcpu *vcpu)
{
	uint32_t reason = vcpu->run->exit_reason;

	if (reason >= VCPU_EXIT_REASONS)
		reason = VCPU_EXIT_REASONS - 1;
	vcpu->exits_by_reason[reason]++;
}

/*
 * Returns when the vCPU is at its end: nothing but KVM_RUN in between.
 * counting: known when it is compiled, so that who does not ask for --exits
 * has not even the question in the way of an exit.
 */
static inline __attribute__((always_inline)) void loop(struct vcpu *vcpu,
						       bool counting)
{
	struct vm *vm = vcpu->vm;

	for (;;) {
		if (ioctl(vcpu->fd, KVM_RUN, NULL) == 0) {
			vcpu->user_exits++;
			if (counting)
				count(vcpu);
			if (!vcpu_handle_exit(vcpu))
				return;
			continue;
		}
		if (!may_run_again(vcpu, errno))
			return;
		/* Pairs with the store in vcpus_kick(). */
		if (atomic_load_explicit(&vm->stop, memory_order_acquire)) {
			vcpu->state = VCPU_STOPPED;
			return;
		}
	}
}

/* Functions of their own: inside another one the loop has a jump more. */
static __attribute__((noinline)) void run_counting(struct vcpu *vcpu)
{
	loop(vcpu, true);
}

static __attribute__((noinline)) void run_plain(struct vcpu *vcpu)
{
	loop(vcpu, false);
}

static void run(struct vcpu *vcpu)
{
	vcpu->entry_tsc = __rdtsc();
	if (vcpu->exits_by_reason)
		run_counting(vcpu);
	else
		run_plain(vcpu);
}

/*
 * The stack that a window's snapshot needs, deeper than the first one: a page
 * that came only then would be a fault of the window.
 */
static void touch_stack(void)
{
	volatile char deep[24576];

	for (size_t i = 0; i < sizeof(deep); i += 4096)
		deep[i] = 0;
}

/* After the last sample, and before anything else comes to this CPU. */
static void read_noise(struct noise *n)
{
	if (!n || !n->begun || n->in_window)
		return;
	noise_read(n, &n->end);
	n->ended = true;
}

void *vcpu_thread(void *arg)
{
	struct vcpu *vcpu = arg;
	uint64_t one = 1;

	vcpu->tid = gettid();
	touch_stack();
	vcpu->schedstat_fd =
		open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	vcpu->syscall_fd =
		open("/proc/thread-self/syscall", O_RDONLY | O_CLOEXEC);
	if (vcpu->noise)
		noise_open(vcpu->noise, sched_getcpu());
	placement_enter(vcpu->vm->placement, &vcpu->vm->config->placement,
			vcpu->index);
	sandbox_vcpu(vcpu->index);
	vcpu_snapshot(vcpu, &vcpu->first, true);
	run(vcpu);
	vcpu->exit_tsc = __rdtsc();
	read_noise(vcpu->noise);
	if (vcpu->state == VCPU_PARKED || vcpu->state == VCPU_DONE)
		vcpu_snapshot(vcpu, &vcpu->last, false);
	else if (vcpu->state == VCPU_STOPPED)
		vcpu_locate(vcpu);
	read_tsc_offset(vcpu);
	if (write(vcpu->vm->event_fd, &one, sizeof(one)) < 0)
		warn("vCPU %u cannot wake the main thread: %s", vcpu->index,
		     strerror(errno));
	return NULL;
}

void vcpus_kick(struct vm *vm)
{
	atomic_store_explicit(&vm->stop, true, memory_order_release);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		struct vcpu *vcpu = &vm->vcpus[i];

		if (!vcpu->started)
			continue;
		__atomic_store_n(&vcpu->run->immediate_exit, 1,
				 __ATOMIC_RELEASE);
		pthread_kill(vcpu->thread, VCPU_KICK_SIGNAL);
	}
	helper_stop_waiting(vm);
}
