/* SPDX-License-Identifier: BSD-2-Clause */
/* test_rest.c - whether a vCPU halted or sleeps, from KVM's statistics. */
#include <sys/mman.h>
#include <unistd.h>

#include "guest-firmware/abi/modes.h"
#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/machine/vcpu.h"

#define RAM_LEN 0x200000ull
#define TSC_KHZ 2000000ull /* fake_vm_new() */

static struct fake_vm *two_vcpus(void)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 2);

	fake_vcpu_rests(f, 0, 0, false);
	fake_vcpu_rests(f, 1, 0, false);
	return f;
}

TEST(rest_of_any_kind_is_always_there)
{
	struct fake_vm *f = two_vcpus();

	assert_true(vm_vcpu_rests(&f->vm, 1, REST_NONE));
	fake_vm_free(f);
}

TEST(rest_is_asleep_while_the_thread_sleeps)
{
	struct fake_vm *f = two_vcpus();

	/* Halted, and not yet asleep. */
	fake_vcpu_rests(f, 1, 1, false);
	assert_false(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	fake_vcpu_rests(f, 1, 1, true);
	assert_true(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	assert_true(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	assert_false(vm_vcpu_rests(&f->vm, 0, REST_ASLEEP));
	fake_vm_free(f);
}

/* KVM says so a little before. */
TEST(rest_is_asleep_when_the_thread_has_given_its_cpu_away)
{
	struct fake_vm *f = two_vcpus();
	int fd = memfd_create("syscall", MFD_CLOEXEC);

	fake_vcpu_rests(f, 1, 1, true);
	f->vm.vcpus[1].syscall_fd = fd;
	assert_int_equal(pwrite(fd, "running\n", 8, 0), 8);
	assert_false(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	assert_int_equal(pwrite(fd, "16 0x9 0", 8, 0), 8);
	assert_true(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	fake_vcpu_rests(f, 1, 1, false);
	assert_false(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	close(fd);
	fake_vm_free(f);
}

TEST(rest_is_halted_once_for_each_halt)
{
	struct fake_vm *f = two_vcpus();

	assert_false(vm_vcpu_rests(&f->vm, 1, REST_HALTED));
	fake_vcpu_rests(f, 1, 1, false);
	assert_true(vm_vcpu_rests(&f->vm, 1, REST_HALTED));
	assert_false(vm_vcpu_rests(&f->vm, 1, REST_HALTED));
	/* The same halt, from which it sleeps by now. */
	fake_vcpu_rests(f, 1, 1, true);
	assert_false(vm_vcpu_rests(&f->vm, 1, REST_HALTED));
	fake_vcpu_rests(f, 1, 3, false);
	assert_true(vm_vcpu_rests(&f->vm, 1, REST_HALTED));
	assert_false(vm_vcpu_rests(&f->vm, 0, REST_HALTED));
	fake_vm_free(f);
}

/* Before Linux 5.17: a halt is the most that is known; then nothing is. */
TEST(rest_is_what_an_older_kernel_tells)
{
	struct fake_vm *f = two_vcpus();

	f->vm.stats.blocking = -1;
	assert_false(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	fake_vcpu_rests(f, 1, 1, false);
	assert_true(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	assert_false(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	f->vm.stats.nr = 0;
	assert_true(vm_vcpu_rests(&f->vm, 1, REST_ASLEEP));
	assert_true(vm_vcpu_rests(&f->vm, 1, REST_HALTED));
	fake_vm_free(f);
}

TEST(rest_is_awaited_of_another_vcpu_only)
{
	struct fake_vm *f = two_vcpus();
	struct vcpu *asker = &f->vm.vcpus[0];

	assert_false(vcpu_await_rest(asker, 0, REST_ASLEEP));
	assert_false(vcpu_await_rest(asker, 2, REST_ASLEEP));
	assert_false(vcpu_await_rest(asker, UINT32_MAX, REST_ASLEEP));
	assert_false(vcpu_await_rest(asker, 1, NR_RESTS));
	assert_int_equal(asker->asides, 0);
	fake_vm_free(f);
}

TEST(rest_is_awaited_until_it_is_there)
{
	struct fake_vm *f = two_vcpus();
	struct vcpu *asker = &f->vm.vcpus[0];
	uint64_t t0;

	fake_vcpu_rests(f, 1, 1, true);
	assert_true(vcpu_await_rest(asker, 1, REST_ASLEEP));
	/* Never: half a second of the clock that the VM has. */
	fake_vcpu_rests(f, 1, 1, false);
	t0 = device_tsc();
	assert_true(vcpu_await_rest(asker, 1, REST_ASLEEP));
	assert_true(device_tsc() - t0 >= 500 * TSC_KHZ);
	/* Nor when the run is at its end: not one question more. */
	f->vm.stop = true;
	f->vm.tsc_khz = UINT32_MAX * 1000ull;
	assert_true(vcpu_await_rest(asker, 1, REST_ASLEEP));
	assert_int_equal(asker->asides, 3);
	fake_vm_free(f);
}

static struct fake_vm *two_that_poll(void)
{
	struct fake_vm *f = two_vcpus();

	fake_vcpu_polls(f, 0, 0);
	fake_vcpu_polls(f, 1, 0);
	return f;
}

/* What vCPU 0 is told of vCPU 1. */
static int woken(struct fake_vm *f)
{
	assert_true(vcpu_await_rest(&f->vm.vcpus[0], 1, REST_NONE));
	return vm_result(&f->vm)->woken[0];
}

TEST(rest_ends_by_a_poll_or_a_wake_up)
{
	struct fake_vm *f = two_that_poll();

	assert_int_equal(woken(f), WAKE_SLEPT);
	fake_vcpu_polls(f, 1, 1);
	assert_int_equal(woken(f), WAKE_POLLED);
	/* Since it was asked the last time, that is. */
	assert_int_equal(woken(f), WAKE_SLEPT);
	fake_vcpu_polls(f, 1, 3);
	assert_int_equal(woken(f), WAKE_POLLED);
	fake_vcpu_polls(f, 0, 1);
	assert_int_equal(woken(f), WAKE_SLEPT);
	assert_int_equal(vm_result(&f->vm)->woken[1], WAKE_UNKNOWN);
	fake_vm_free(f);
}

TEST(rest_of_a_kvm_that_counts_no_polls_ends_somehow)
{
	struct fake_vm *f = two_vcpus();

	assert_int_equal(woken(f), WAKE_UNKNOWN);
	fake_vm_free(f);
}

/* It is awake at first, and sleeps while its turns are odd. */
TEST(rest_beside_the_main_thread_is_told_where_it_has_no_cpu)
{
	struct fake_vm *f = two_that_poll();

	assert_int_equal(woken(f), WAKE_SLEPT);
	f->setup.placement.shared = true;
	assert_int_equal(woken(f), WAKE_MAIN);
	f->vm.main_turns = 1; /* asleep, but it was not all the time */
	assert_int_equal(woken(f), WAKE_MAIN);
	assert_int_equal(woken(f), WAKE_SLEPT);
	fake_vcpu_polls(f, 1, 1);
	assert_int_equal(woken(f), WAKE_POLLED);
	f->vm.main_turns = 3; /* it woke up and sleeps again */
	fake_vcpu_polls(f, 1, 2);
	assert_int_equal(woken(f), WAKE_MAIN);
	assert_int_equal(woken(f), WAKE_SLEPT);
	f->vm.main_turns = 4;
	assert_int_equal(woken(f), WAKE_MAIN);
	assert_int_equal(woken(f), WAKE_MAIN);
	fake_vm_free(f);
}
