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
		.schedstat_fd = -1,
	};
	vcpu->fd = kvm_ioctl(vm->fd, KVM_CREATE_VCPU, (void *)(long)index);
	vcpu->run = mmap(NULL, vm->kvm.run_len, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_POPULATE, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die_errno("cannot map struct kvm_run of vCPU %u", index);
	vcpu->stats_fd = kvm_ioctl(vcpu->fd, KVM_GET_STATS_FD, NULL);
	if (!vcpu->windows)
		vcpu->windows = windows_alloc(vcpu);
	if (!vcpu->noise && vm->image->note.flags & PAYLOAD_HOST_NOISE) {
		vcpu->noise = calloc(1, sizeof(*vcpu->noise));
		if (!vcpu->noise)
			die_errno("no memory for the noise of vCPU %u", index);
	}
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
		x86_set_cpuid(&vm->vcpus[i], cpuid);
		x86_set_boot_state(vm, &vm->vcpus[i]);
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
		msr_counters_close(&vcpu->msr_counters);
		close(vcpu->stats_fd);
		if (vcpu->schedstat_fd >= 0)
			close(vcpu->schedstat_fd);
		close(vcpu->fd);
	}
}

/*
 * CPU time and time without a CPU (Documentation/scheduler/sched-stats.rst,
 * /proc/PID/schedstat).  Asking the thread's clock is what brings its CPU time
 * up to date; the file by itself may be a tick behind.
 */
static void read_sched(const struct vcpu *vcpu, struct vcpu_snapshot *s)
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
	if (len <= 0)
		return;
	text[len] = '\0';
	strtoull(text, &end, 10);
	s->wait_ns = strtoull(end, NULL, 10);
}

void vcpu_snapshot(struct vcpu *vcpu, struct vcpu_snapshot *s)
{
	struct rusage ru;

	s->tsc = __rdtsc();
	s->guest = vm_result(vcpu->vm)->counts[vcpu->index];
	s->user_exits = vcpu->user_exits;
	if (getrusage(RUSAGE_THREAD, &ru) == 0) {
		s->nvcsw = (uint64_t)ru.ru_nvcsw;
		s->nivcsw = (uint64_t)ru.ru_nivcsw;
		s->minflt = (uint64_t)ru.ru_minflt;
		s->majflt = (uint64_t)ru.ru_majflt;
	}
	s->cpu = sched_getcpu();
	read_sched(vcpu, s);
	if (stats_read(&vcpu->vm->stats, vcpu->stats_fd, &s->kvm) != 0)
		memset(&s->kvm, 0, sizeof(s->kvm));
}

/* The payload said in its note that it may ask, and asks now. */
static bool counts_msrs(const struct vcpu *vcpu, uint32_t window)
{
	return vcpu->vm->image->note.flags & PAYLOAD_COUNTS_MSRS &&
	       window < RESULT_MAX_METRICS &&
	       vm_result(vcpu->vm)->metrics[window].flags & METRIC_COUNTED;
}

static void begin_counting(struct vcpu *vcpu, struct window *w)
{
	const struct msr_events *events = &vcpu->vm->msr_events;

	w->counts_msrs = true;
	w->msr_error =
		*events->missing
			? -ENOENT
			: msr_counters_start(&vcpu->msr_counters, events);
}

/* Before the first window's begin, and after its end. */
static void read_noise(struct vcpu *vcpu, uint32_t window, bool begin)
{
	struct noise *n = vcpu->noise;

	if (!n || (begin ? n->begun : n->ended || n->window != window))
		return;
	if (begin) {
		n->begun = true;
		n->window = window;
		n->cpu = sched_getcpu();
	} else {
		n->ended = true;
	}
	noise_read(begin ? &n->begin : &n->end, n->cpu);
}

bool vcpu_window(struct vcpu *vcpu, uint32_t window, bool begin)
{
	struct window *w;

	if (window >= RESULT_MAX_WINDOWS)
		return false;
	w = &vcpu->windows[window];
	if (begin ? w->begun : !w->begun || w->ended)
		return false;
	if (begin) {
		w->begun = true;
		read_noise(vcpu, window, true);
		if (counts_msrs(vcpu, window))
			begin_counting(vcpu, w);
		vcpu_snapshot(vcpu, &w->begin);
	} else {
		w->ended = true;
		if (w->counts_msrs && w->msr_error == 0)
			w->msrs = msr_counters_stop(&vcpu->msr_counters);
		vcpu_snapshot(vcpu, &w->end);
		read_noise(vcpu, window, false);
	}
	return true;
}

void vcpu_park(struct vcpu *vcpu)
{
	vcpu->state = VCPU_PARKED;
}

void vcpu_done(struct vcpu *vcpu)
{
	vcpu->state = VCPU_DONE;
}

bool vcpu_break(struct vcpu *vcpu, uint32_t metric)
{
	if (vcpu->vm->break_tsc == 0 || metric >= RESULT_MAX_METRICS)
		return false;
	vcpu->break_metric = metric;
	vcpu->state = VCPU_BROKE;
	return true;
}

void vcpu_panic(struct vcpu *vcpu)
{
	if (vm_result(vcpu->vm)->trap.valid)
		vcpu->state = VCPU_PANIC;
	else
		vcpu_crash(vcpu, "the guest gave up and left no report");
}

/* Returns when the vCPU is at its end: nothing but KVM_RUN in between. */
static void run(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;

	vcpu->entry_tsc = __rdtsc();
	for (;;) {
		if (ioctl(vcpu->fd, KVM_RUN, NULL) == 0) {
			vcpu->user_exits++;
			if (!vcpu_handle_exit(vcpu))
				return;
			continue;
		}
		if (errno != EINTR && errno != EAGAIN) {
			vcpu_crash(vcpu, "KVM_RUN failed: %s", strerror(errno));
			return;
		}
		/* Pairs with the store in vcpus_kick(). */
		if (atomic_load_explicit(&vm->stop, memory_order_acquire)) {
			vcpu->state = VCPU_STOPPED;
			return;
		}
	}
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

void *vcpu_thread(void *arg)
{
	struct vcpu *vcpu = arg;
	uint64_t one = 1;

	vcpu->tid = gettid();
	touch_stack();
	vcpu->schedstat_fd =
		open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	vcpu_snapshot(vcpu, &vcpu->first);
	run(vcpu);
	vcpu->exit_tsc = __rdtsc();
	if (vcpu->state == VCPU_PARKED || vcpu->state == VCPU_DONE)
		vcpu_snapshot(vcpu, &vcpu->last);
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
}
