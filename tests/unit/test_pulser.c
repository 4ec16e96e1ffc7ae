/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pulser.c - pulses without KVM: what is fired, what is missed, and what a
 * guest cannot ask for.
 */
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/machine/pulser.h"
#include "vmm/machine/rival.h"
#include "vmm/machine/vcpu.h"

#define RAM_LEN 0x200000ull
#define GPA	(LAYOUT_BASE + RAM_LEN - sizeof(struct pulse))

static struct fake_vm *fake_new(struct pulse **shared)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 2);
	struct pulse *p = vm_hva(&f->vm, GPA, sizeof(*p));

	assert_non_null(p);
	p->vcpu = 1;
	p->vector = 0x33;
	p->gap_lo_us = 100;
	p->gap_hi_us = 300;
	*shared = p;
	return f;
}

/* As pulser_create() does it, but for KVM's end. */
static void fake_open(struct vm *vm)
{
	vm->pulser = (struct pulser){
		.timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK),
		.irq_fd = eventfd(0, EFD_NONBLOCK),
		.request = UINT64_MAX,
		.random = 1,
	};
	vm->event_fd = eventfd(0, EFD_NONBLOCK);
	assert_true(vm->pulser.timer_fd >= 0 && vm->pulser.irq_fd >= 0);
	assert_true(vm->event_fd >= 0);
}

static void fake_close(struct fake_vm *f)
{
	close(f->vm.event_fd);
	pulser_destroy(&f->vm);
	fake_vm_free(f);
}

/* How often the eventfd was written; 0: not at all. */
static uint64_t taken(int fd)
{
	uint64_t count;

	return read(fd, &count, sizeof(count)) > 0 ? count : 0;
}

static bool is_armed(const struct vm *vm)
{
	struct itimerspec left;

	assert_int_equal(timerfd_gettime(vm->pulser.timer_fd, &left), 0);
	return left.it_value.tv_sec || left.it_value.tv_nsec;
}

TEST(pulse_plan_is_what_the_guest_wrote)
{
	struct pulse_plan plan;
	struct pulse *p;
	struct fake_vm *f = fake_new(&p);

	assert_true(pulser_plan(&f->vm, GPA, &plan));
	assert_int_equal(plan.vcpu, 1);
	assert_int_equal(plan.vector, 0x33);
	assert_int_equal(plan.gap_lo_ns, 100000);
	assert_int_equal(plan.gap_spread_ns, 200000);
	fake_vm_free(f);
}

TEST(pulse_gaps_are_moved_to_what_the_host_can_do)
{
	struct pulse_plan plan;
	struct pulse *p;
	struct fake_vm *f = fake_new(&p);

	p->gap_lo_us = 0;
	p->gap_hi_us = UINT32_MAX;
	assert_true(pulser_plan(&f->vm, GPA, &plan));
	assert_int_equal(plan.gap_lo_ns, PULSE_MIN_GAP_US * 1000);
	assert_int_equal(plan.gap_lo_ns + plan.gap_spread_ns,
			 PULSE_MAX_GAP_US * 1000ull);
	p->gap_lo_us = 500;
	p->gap_hi_us = 400;
	assert_true(pulser_plan(&f->vm, GPA, &plan));
	assert_int_equal(plan.gap_lo_ns, 500000);
	assert_int_equal(plan.gap_spread_ns, 0);
	fake_vm_free(f);
}

TEST(pulse_plans_that_cannot_be_are_refused)
{
	static const gpa_t gpas[] = {
		0, 64, LAYOUT_BASE - 64, GPA + 64, GPA + 8, UINT64_MAX & ~63ull,
	};
	struct pulse_plan plan;
	struct pulse *p;
	struct fake_vm *f = fake_new(&p);

	for (size_t i = 0; i < sizeof(gpas) / sizeof(*gpas); i++)
		assert_false(pulser_plan(&f->vm, gpas[i], &plan));
	p->vcpu = 2;
	assert_false(pulser_plan(&f->vm, GPA, &plan));
	p->vcpu = 0;
	p->vector = 0x1f;
	assert_false(pulser_plan(&f->vm, GPA, &plan));
	p->vector = 0x100;
	assert_false(pulser_plan(&f->vm, GPA, &plan));
	p->vector = 0xff;
	assert_true(pulser_plan(&f->vm, GPA, &plan));
	fake_vm_free(f);
}

TEST(pulse_is_fired_once_for_a_guest_that_waits)
{
	struct pulse *p;
	struct fake_vm *f = fake_new(&p);
	struct vm *vm = &f->vm;

	fake_open(vm);
	assert_true(pulser_plan(vm, GPA, &vm->pulser.plan));
	vm->pulser.shared = p;
	vm->pulser.due_tsc = 77;
	p->ready = 1;
	pulser_fire(vm);
	assert_int_equal(taken(vm->pulser.irq_fd), 1);
	assert_int_equal(p->fired, 1);
	assert_int_equal(p->due_tsc, 77);
	assert_true(p->fired_tsc != 0);
	assert_true(is_armed(vm));
	/* It has not read this one: the next is missed, and none is lost. */
	pulser_fire(vm);
	assert_int_equal(taken(vm->pulser.irq_fd), 0);
	assert_int_equal(p->fired, 1);
	assert_int_equal(p->missed, 1);
	assert_int_equal(p->due_tsc, 77);
	assert_true(is_armed(vm));
	p->ready = 2;
	pulser_fire(vm);
	assert_int_equal(taken(vm->pulser.irq_fd), 1);
	assert_int_equal(p->fired, 2);
	fake_close(f);
}

TEST(pulse_is_missed_by_a_guest_that_has_not_halted_yet)
{
	struct pulse *p;
	struct fake_vm *f = fake_new(&p);
	struct vm *vm = &f->vm;

	fake_open(vm);
	assert_true(pulser_plan(vm, GPA, &vm->pulser.plan));
	vm->pulser.shared = p;
	p->ready = 1;
	p->ready_tsc = __builtin_ia32_rdtsc() + (1ull << 40);
	pulser_fire(vm);
	assert_int_equal(taken(vm->pulser.irq_fd), 0);
	assert_int_equal(p->missed, 1);
	p->ready_tsc =
		__builtin_ia32_rdtsc() - PULSE_SETTLE_US * vm->tsc_khz / 1000;
	pulser_fire(vm);
	assert_int_equal(taken(vm->pulser.irq_fd), 1);
	fake_close(f);
}

TEST(pulse_is_not_fired_by_what_the_guest_makes_up)
{
	static const uint64_t ready[] = {0, 2, UINT64_MAX, 1ull << 63};
	struct pulse *p;
	struct fake_vm *f = fake_new(&p);
	struct vm *vm = &f->vm;

	fake_open(vm);
	assert_true(pulser_plan(vm, GPA, &vm->pulser.plan));
	vm->pulser.shared = p;
	for (size_t i = 0; i < sizeof(ready) / sizeof(*ready); i++) {
		p->ready = ready[i];
		p->fired = ready[i] - 1; /* the host keeps its own */
		pulser_fire(vm);
		assert_int_equal(taken(vm->pulser.irq_fd), 0);
	}
	assert_int_equal(p->missed, 4);
	fake_close(f);
}

/* There is no KVM behind the VM's file: as one that refuses. */
TEST(pulse_request_is_taken_by_the_main_thread)
{
	struct pulse *p;
	struct fake_vm *f = fake_new(&p);
	struct vcpu vcpu = {.vm = &f->vm};

	fake_open(&f->vm);
	f->vm.fd = -1;
	assert_false(vcpu_pulse(&vcpu, GPA + 8));
	assert_int_equal(taken(f->vm.event_fd), 0);
	assert_true(vcpu_pulse(&vcpu, GPA));
	assert_int_equal(taken(f->vm.event_fd), 1);
	assert_int_equal(p->state, PULSE_STOPPED);
	pulser_serve(&f->vm);
	assert_int_equal(p->state, PULSE_REFUSED);
	assert_null(f->vm.pulser.shared);
	assert_false(is_armed(&f->vm));
	/* What was right when it was asked for may be wrong by now. */
	assert_true(vcpu_pulse(&vcpu, GPA));
	p->vector = 0;
	p->state = PULSE_STOPPED;
	pulser_serve(&f->vm);
	assert_int_equal(p->state, PULSE_STOPPED);
	fake_close(f);
}

TEST(pulse_is_nothing_for_other_payloads)
{
	struct pulse *p;
	struct fake_vm *f = fake_new(&p);
	struct vcpu vcpu = {.vm = &f->vm};

	pulser_create(&f->vm);
	assert_int_equal(f->vm.pulser.timer_fd, -1);
	assert_false(vcpu_pulse(&vcpu, GPA));
	assert_false(vcpu_pulse(&vcpu, 0));
	pulser_serve(&f->vm);
	pulser_destroy(&f->vm);
	fake_vm_free(f);
}

TEST(rival_wants_real_time_and_two_priorities_more)
{
	struct placement_wish wish = {.prio = 3};
	struct placement p = {.fifo = true};

	assert_null(rival_impossible(&p, &wish));
	wish.prio = 2;
	assert_has(rival_impossible(&p, &wish), "--prio above 2");
	wish.prio = 0;
	assert_has(rival_impossible(&p, &wish), "--prio above 2");
	wish.prio = 80;
	p.crowded = true;
	assert_has(rival_impossible(&p, &wish), "a CPU for each");
	p = (struct placement){.fifo = false};
	assert_has(rival_impossible(&p, &wish), "this host refused");
}

TEST(rival_is_nothing_for_other_payloads)
{
	struct pulse *p;
	struct fake_vm *f = fake_new(&p);
	struct vcpu vcpu = {.vm = &f->vm};
	uint64_t bursts;

	rival_start(&f->vm, &f->setup.placement);
	assert_false(f->vm.rival.started);
	assert_false(vcpu_boost(&vcpu, true));
	assert_false(vcpu_boost(&vcpu, false));
	assert_false(vcpu_rival(&vcpu, 1000));
	assert_false(vcpu_rival_bursts(&vcpu, &bursts));
	assert_true(rival_stop(&f->vm));
	fake_vm_free(f);
}
