/* SPDX-License-Identifier: BSD-2-Clause */
/* vcpu.c - a vCPU's life: created, run until its end, destroyed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "vmm/base/die.h"
#include "vmm/base/timeline.h"
#include "vmm/machine/cpuid.h"
#include "vmm/machine/vcpu.h"
#include "vmm/machine/x86_boot.h"

/*
 * guest_tsc = host_tsc + offset (Documentation/virt/kvm/devices/vcpu.rst 4.1):
 * 0 puts guest, host and trace on one time axis.
 */
static void zero_tsc_offset(const struct vcpu *vcpu)
{
	int64_t zero = 0;
	struct kvm_device_attr attr = {
		.group = KVM_VCPU_TSC_CTRL,
		.attr = KVM_VCPU_TSC_OFFSET,
		.addr = (uintptr_t)&zero,
	};

	__kvm_ioctl(vcpu->fd, KVM_SET_DEVICE_ATTR, &attr);
}

/*
 * The pages that will be used are there before the first window: it would
 * count the faults.
 */
static struct window *windows_alloc(const struct vcpu *vcpu)
{
	size_t len = vcpu->vm->nr_windows * sizeof(struct window);
	struct window *windows = calloc(RESULT_MAX_WINDOWS, sizeof(*windows));

	if (!windows)
		die_errno("no memory for the windows of vCPU %u", vcpu->index);
	for (size_t i = 0; i < len; i += 4096)
		((volatile char *)windows)[i] = 0;
	return windows;
}

/* What the VM before this one began and did not end has no end any more. */
static void forget_open_windows(struct vcpu *vcpu)
{
	for (int i = 0; vcpu->windows && i < RESULT_MAX_WINDOWS; i++)
		if (vcpu->windows[i].begun && !vcpu->windows[i].ended)
			vcpu->windows[i] = (struct window){.begun = false};
}

static void vcpu_create(struct vcpu *vcpu, struct vm *vm, uint32_t index)
{
	forget_open_windows(vcpu);
	/* A restart keeps the windows: they are the results so far. */
	*vcpu = (struct vcpu){
		.vm = vm,
		.index = index,
		.windows = vcpu->windows,
		.noise = vcpu->noise,
		.exits_by_reason = vcpu->exits_by_reason,
		.stats_err = vcpu->stats_err,
		.wait_lost = vcpu->wait_lost,
		.schedstat_fd = -1,
		.syscall_fd = -1,
	};
	vcpu->fd = kvm_ioctl(vm->fd, KVM_CREATE_VCPU, (void *)(long)index);
	vcpu->run = mmap(NULL, vm->kvm.run_len, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_POPULATE, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die_errno("cannot map struct kvm_run of vCPU %u", index);
	vcpu->stats_fd = kvm_ioctl(vcpu->fd, KVM_GET_STATS_FD, NULL);
	if (!vcpu->windows)
		vcpu->windows = windows_alloc(vcpu);
	if (!vcpu->noise) {
		vcpu->noise = calloc(1, sizeof(*vcpu->noise));
		if (!vcpu->noise)
			die_errno("no memory for the noise of vCPU %u", index);
		vcpu->noise->in_window =
			vm->image->note.flags & PAYLOAD_HOST_NOISE;
	}
	if (!vcpu->exits_by_reason && vm->config->exits) {
		vcpu->exits_by_reason =
			calloc(VCPU_EXIT_REASONS, sizeof(uint64_t));
		if (!vcpu->exits_by_reason)
			die_errno("no memory for the exits of vCPU %u", index);
	}
	/* As KVM's counts: from the last start on. */
	if (vcpu->exits_by_reason)
		memset(vcpu->exits_by_reason, 0,
		       VCPU_EXIT_REASONS * sizeof(uint64_t));
	zero_tsc_offset(vcpu);
}

void vcpus_create(struct vm *vm)
{
	struct kvm_cpuid2 *cpuid;
	int err;

	if (!vm->vcpus)
		vm->vcpus = calloc(vm->nr_vcpus, sizeof(*vm->vcpus));
	if (!vm->vcpus)
		die_errno("no memory for %u vCPUs", vm->nr_vcpus);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++)
		vcpu_create(&vm->vcpus[i], vm, i);
	timeline_mark("vCPUs");
	cpuid = x86_cpuid_template(vm);
	timeline_mark("KVM_GET_SUPPORTED_CPUID");
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		x86_set_cpuid(vm->vcpus[i].fd, i, cpuid);
		x86_set_boot_state(vm, vm->vcpus[i].fd, i);
	}
	free(cpuid);
	if (vm->image->note.flags & PAYLOAD_COUNTS_MSRS)
		msr_events_find(&vm->msr_events, vm->boot_flags);
	vm->tsc_khz =
		(uint64_t)kvm_ioctl(vm->vcpus[0].fd, KVM_GET_TSC_KHZ, NULL);
	err = stats_layout_read(&vm->stats, vm->vcpus[0].stats_fd);
	if (err)
		die("cannot read KVM's statistics of a vCPU: %s",
		    strerror(-err));
	timeline_mark("vCPU state");
}

/* The windows stay: results are read from them after the VM is gone. */
void vcpus_destroy(struct vm *vm)
{
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		struct vcpu *vcpu = &vm->vcpus[i];

		munmap(vcpu->run, vm->kvm.run_len);
		if (vcpu->noise)
			noise_close(vcpu->noise);
		msr_counters_close(&vcpu->msr_counters);
		close(vcpu->stats_fd);
		if (vcpu->schedstat_fd >= 0)
			close(vcpu->schedstat_fd);
		if (vcpu->syscall_fd >= 0)
			close(vcpu->syscall_fd);
		close(vcpu->fd);
	}
}

/*
 * CPU time and time without a CPU (Documentation/scheduler/sched-stats.rst,
 * /proc/PID/schedstat).  Asking the thread's clock is what brings its CPU time
 * up to date; the file by itself may be a tick behind.
 */
static void read_sched(struct vcpu *vcpu, struct vcpu_snapshot *s)
{
	char text[80], *end;
	struct timespec t;
	ssize_t len;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0)
		s->cpu_ns = (uint64_t)t.tv_sec * 1000000000ull +
			    (uint64_t)t.tv_nsec;
	if (vcpu->schedstat_fd < 0)
		return;
	len = pread(vcpu->schedstat_fd, text, sizeof(text) - 1, 0);
	if (len <= 0) {
		vcpu->wait_lost = true;
		return;
	}
	text[len] = '\0';
	strtoull(text, &end, 10);
	s->wait_ns = strtoull(end, NULL, 10);
}

void vcpu_snapshot(struct vcpu *vcpu, struct vcpu_snapshot *s, bool begin)
{
	struct rusage ru;
	int err;

	if (begin)
		s->tsc = __rdtsc();
	s->guest = vm_result(vcpu->vm)->counts[vcpu->index];
	s->user_exits = vcpu->user_exits;
	s->asides = vcpu->asides;
	if (getrusage(RUSAGE_THREAD, &ru) == 0) {
		s->nvcsw = (uint64_t)ru.ru_nvcsw;
		s->nivcsw = (uint64_t)ru.ru_nivcsw;
		s->minflt = (uint64_t)ru.ru_minflt;
		s->majflt = (uint64_t)ru.ru_majflt;
	}
	s->cpu = sched_getcpu();
	read_sched(vcpu, s);
	err = stats_read(&vcpu->vm->stats, vcpu->stats_fd, &s->kvm);
	if (err) {
		memset(&s->kvm, 0, sizeof(s->kvm));
		vcpu->stats_err = err;
	}
	if (!begin)
		s->tsc = __rdtsc();
}

struct vm *vcpu_vm(const struct vcpu *vcpu)
{
	return vcpu->vm;
}
