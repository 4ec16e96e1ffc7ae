/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_helper.c - accesses that are handled by KVM, by the helper thread, or
 * with the lock: by whom, how often, and that nobody waits for ever.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "guest-firmware/abi/payload.h"
#include "guest-firmware/abi/slow_path.h"
#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/helper.h"
#include "vmm/machine/vcpu.h"
#include "vmm/machine/vcpu_loop.h"

#define RAM_LEN	  0x200000ull
#define NR_ROUNDS 200
#define HANGS_S	  60	   /* who waits for ever ends the tests, as a failure */
#define AMPLE_US  10000000 /* for what comes sooner or later */

/* Of the devices below; the thread that handles an access writes it. */
static struct {
	_Atomic pid_t tid;
	atomic_bool entered, leave;
	_Atomic uint64_t nr;
	uint64_t unlocked; /* with the lock held: no atomic */
} seen;

static bool note(struct vcpu *vcpu, struct io_access *io)
{
	(void)vcpu;
	seen.tid = gettid();
	seen.nr++;
	io->value = io->value * 2 + 1;
	return io->len == 4;
}

static bool wait_to_leave(struct vcpu *vcpu, struct io_access *io)
{
	note(vcpu, io);
	seen.entered = true;
	while (!seen.leave)
		sched_yield();
	return true;
}

static bool wait_to_be_wanted(struct vcpu *vcpu, struct io_access *io)
{
	seen.entered = true;
	io->value = vm_lock_wanted(vcpu_vm(vcpu), AMPLE_US);
	return true;
}

static bool add_one(struct vcpu *vcpu, struct io_access *io)
{
	(void)vcpu;
	(void)io;
	seen.unlocked++;
	return true;
}

static const struct device helped = {
	.name = "helped", .where = DEVICE_HELPER, .access = note};
static const struct device slow = {
	.name = "slow", .where = DEVICE_HELPER, .access = wait_to_leave};
static const struct device locked = {.name = "locked",
				     .where = DEVICE_HELPER | DEVICE_LOCKED,
				     .access = note};
static const struct device holder = {
	.name = "holder", .where = DEVICE_LOCKED, .access = wait_to_be_wanted};
static const struct device adder = {
	.name = "adder", .where = DEVICE_LOCKED, .access = add_one};
static const struct device helped_adder = {.name = "helped_adder",
					   .where = DEVICE_HELPER |
						    DEVICE_LOCKED,
					   .access = add_one};

struct helped_vm {
	struct fake_vm *f;
	struct vcpu vcpu[2];
};

static void begin(struct helped_vm *h)
{
	struct placement *p;

	alarm(HANGS_S);
	seen.tid = 0;
	seen.nr = 0;
	seen.unlocked = 0;
	seen.entered = seen.leave = false;
	h->f = fake_vm_new(RAM_LEN, 2);
	p = &h->f->setup.placement;
	CPU_SET(fake_cpu(), &p->housekeeping);
	p->cpu[0] = p->cpu[1] = CPU_SETSIZE - 1; /* where no thread can be */
	h->vcpu[0] = (struct vcpu){.vm = &h->f->vm, .index = 0};
	h->vcpu[1] = (struct vcpu){.vm = &h->f->vm, .index = 1};
	helper_create(&h->f->vm, true);
}

static void end(struct helped_vm *h)
{
	assert_true(helper_quiesce(&h->f->vm));
	helper_destroy(&h->f->vm);
	fake_vm_free(h->f);
	alarm(0);
}

/* An access on a thread of its own, as a vCPU's. */
struct access {
	pthread_t thread;
	struct vcpu *vcpu;
	const struct device *device;
	struct io_access io;
	uint32_t rounds;
	bool taken;
};

static void *access_thread(void *arg)
{
	struct access *a = arg;

	for (uint32_t i = 0; i < a->rounds; i++)
		a->taken = helper_access(a->vcpu, a->device, &a->io);
	return NULL;
}

static void access_start(struct access *a, struct vcpu *vcpu,
			 const struct device *device, uint32_t rounds)
{
	*a = (struct access){.vcpu = vcpu,
			     .device = device,
			     .io = {.len = 4},
			     .rounds = rounds};
	assert_int_equal(pthread_create(&a->thread, NULL, access_thread, a), 0);
}

static void access_join(const struct access *a)
{
	assert_int_equal(pthread_join(a->thread, NULL), 0);
}

TEST(helper_handles_each_access_once_on_a_thread_of_its_own)
{
	struct helped_vm h;
	pid_t helper = 0;

	begin(&h);
	for (uint64_t i = 0; i < NR_ROUNDS; i++) {
		struct io_access io = {.len = 4, .value = i};

		assert_true(helper_access(&h.vcpu[i % 2], &helped, &io));
		assert_int_equal(io.value, 2 * i + 1);
		assert_int_equal(seen.nr, i + 1);
		assert_int_not_equal(seen.tid, gettid());
		assert_true(!helper || helper == seen.tid);
		helper = seen.tid;
	}
	assert_int_equal(vm_helper_counts(&h.f->vm).handled, NR_ROUNDS);
	assert_int_equal(vm_helper_counts(&h.f->vm).contended, 0);
	assert_int_equal(vm_helper_counts(&h.f->vm).cpu, fake_cpu());
	assert_int_equal(vm_helper_counts(&h.f->vm).priority, 0);
	end(&h);
}

TEST(helper_tells_that_the_device_refused)
{
	struct io_access io = {.len = 1};
	struct helped_vm h;

	begin(&h);
	assert_false(helper_access(&h.vcpu[0], &helped, &io));
	assert_int_equal(h.vcpu[0].state, VCPU_RUNNING);
	end(&h);
}

TEST(helper_is_asked_by_many_at_once)
{
	struct access a[2];
	struct helped_vm h;

	begin(&h);
	for (int i = 0; i < 2; i++)
		access_start(&a[i], &h.vcpu[i], &helped, NR_ROUNDS);
	for (int i = 0; i < 2; i++)
		access_join(&a[i]);
	assert_int_equal(seen.nr, 2 * NR_ROUNDS);
	end(&h);
}

/* The vCPU's thread gives up; the helper is still at it, and ends later. */
TEST(helper_is_waited_for_until_the_vm_stops)
{
	struct helped_vm h;
	struct access a;

	begin(&h);
	access_start(&a, &h.vcpu[1], &slow, 1);
	while (!seen.entered)
		sched_yield();
	h.f->vm.stop = true;
	helper_stop_waiting(&h.f->vm);
	access_join(&a);
	assert_true(a.taken);
	assert_int_equal(h.vcpu[1].state, VCPU_STOPPED);
	assert_int_equal(h.vcpu[0].state, VCPU_RUNNING);
	seen.leave = true;
	end(&h);
	assert_int_equal(seen.nr, 1);
}

/* By what the main thread does at a run's end. */
TEST(vcpus_that_wait_for_the_helper_are_ended)
{
	struct helped_vm h;
	struct access a;

	begin(&h);
	h.f->vm.vcpus = h.vcpu; /* none was started: none gets a signal */
	access_start(&a, &h.vcpu[1], &slow, 1);
	while (!seen.entered)
		sched_yield();
	vcpus_kick(&h.f->vm);
	access_join(&a);
	assert_int_equal(h.vcpu[1].state, VCPU_STOPPED);
	seen.leave = true;
	end(&h);
}

TEST(helper_is_not_asked_once_the_vm_stops)
{
	const struct device *const devices[] = {&helped, &adder};

	for (int i = 0; i < 2; i++) {
		struct io_access io = {.len = 4};
		struct helped_vm h;

		begin(&h);
		h.f->vm.stop = true;
		assert_true(helper_access(&h.vcpu[0], devices[i], &io));
		assert_int_equal(h.vcpu[0].state, VCPU_STOPPED);
		/* A request that was left would be handled before this one. */
		h.f->vm.stop = false;
		assert_true(helper_access(&h.vcpu[1], &helped, &io));
		end(&h);
		assert_int_equal(seen.nr, 1);
		assert_int_equal(seen.unlocked, 0);
	}
}

TEST(helper_waits_for_the_lock_and_counts_that)
{
	struct io_access io = {.len = 4};
	struct helped_vm h;
	struct access a;

	begin(&h);
	assert_true(helper_access(&h.vcpu[0], &locked, &io));
	assert_int_equal(vm_helper_counts(&h.f->vm).contended, 0);
	access_start(&a, &h.vcpu[1], &holder, 1);
	while (!seen.entered)
		sched_yield();
	assert_true(helper_access(&h.vcpu[0], &locked, &io));
	access_join(&a);
	assert_int_equal(a.io.value, true);
	assert_int_equal(vm_helper_counts(&h.f->vm).contended, 1);
	assert_int_equal(seen.nr, 2);
	end(&h);
}

TEST(helper_that_wants_no_lock_is_not_waited_for_long)
{
	struct helped_vm h;

	begin(&h);
	assert_false(vm_lock_wanted(&h.f->vm, 10));
	h.f->vm.stop = true;
	assert_false(vm_lock_wanted(&h.f->vm, UINT32_MAX));
	end(&h);
}

/* One of them on a vCPU's thread, one on the helper's: none is lost. */
TEST(helper_and_vcpus_have_the_lock_in_turns)
{
	struct access a[2];
	struct helped_vm h;

	begin(&h);
	access_start(&a[0], &h.vcpu[0], &helped_adder, 20 * NR_ROUNDS);
	access_start(&a[1], &h.vcpu[1], &adder, 20 * NR_ROUNDS);
	access_join(&a[0]);
	access_join(&a[1]);
	assert_int_equal(seen.unlocked, 40 * NR_ROUNDS);
	end(&h);
}

/* Where no CPU is left: as the main thread, for vCPUs spin. */
TEST(helper_without_a_cpu_of_its_own_takes_the_last_vcpu_s)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 2);
	struct placement *p = &f->setup.placement;

	p->shared = true;
	p->cpu[0] = CPU_SETSIZE - 1;
	p->cpu[1] = fake_cpu();
	CPU_SET(CPU_SETSIZE - 1, &p->housekeeping);
	helper_create(&f->vm, true);
	assert_int_equal(vm_helper_counts(&f->vm).cpu, fake_cpu());
	assert_true(helper_quiesce(&f->vm));
	helper_destroy(&f->vm);
	fake_vm_free(f);
}

TEST(writes_that_kvm_takes_are_counted_once)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 2);
	const struct device *d = fake_device("slow_kernel");
	uint64_t three = 3, one = 1;

	CPU_SET(fake_cpu(), &f->setup.placement.housekeeping);
	f->setup.image.note.flags = PAYLOAD_SLOW_PATH;
	fake_vm_devices(f);
	assert_int_equal(fake_ioeventfd()->addr, SLOW_PORT(SLOW_KERNEL));
	assert_int_equal(fake_ioeventfd()->len, 4);
	assert_int_equal(fake_ioeventfd()->flags, KVM_IOEVENTFD_FLAG_PIO);
	assert_int_equal(device_kernel_writes(&f->vm, d), 0);
	assert_int_equal(write(fake_ioeventfd()->fd, &three, 8), 8);
	assert_int_equal(device_kernel_writes(&f->vm, d), 3);
	assert_int_equal(device_kernel_writes(&f->vm, d), 3);
	assert_int_equal(write(fake_ioeventfd()->fd, &one, 8), 8);
	assert_int_equal(device_kernel_writes(&f->vm, d), 4);
	assert_true(devices_quiesce(&f->vm));
	fake_vm_no_devices(f);
	fake_vm_free(f);
}

TEST(writes_that_kvm_takes_want_an_ioeventfd)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 2);

	f->vm.kvm.fd = f->vm.fd; /* of which every capability is 0 */
	assert_null(devices_lack(&f->vm));
	f->setup.image.note.flags = PAYLOAD_SLOW_PATH;
	assert_has(devices_lack(&f->vm), "KVM_CAP_IOEVENTFD");
	fake_vm_free(f);
}
