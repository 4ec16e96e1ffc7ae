/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pulse.c - pulses without KVM: what is fired, what is refused, and what a
 * guest cannot ask for.
 */
#include <sys/eventfd.h>
#include <unistd.h>

#include "guest-firmware/abi/modes.h"
#include "tests/unit/fake_vm.h"
#include "tests/unit/pulses.h"
#include "tests/unit/unit.h"
#include "vmm/machine/devices.h"

/* When the second pulse is due, in us from the first, from and to. */
static void next_due(struct pulses *p, uint64_t *from_us, uint64_t *to_us)
{
	uint64_t before, after;

	pulses_start(p);
	p->shared->ready = 1;
	before = device_tsc();
	pulses_expire(p);
	after = device_tsc();
	p->shared->ready = 2;
	pulses_expire(p);
	assert_int_equal(p->shared->fired, 2);
	*from_us = (p->shared->due_tsc - after) / US;
	*to_us = (p->shared->due_tsc - before) / US + 1;
}

TEST(pulse_gaps_are_those_that_the_guest_wrote)
{
	uint64_t from_us, to_us;
	struct pulses p;

	pulses_open(&p);
	p.shared->gap_lo_us = p.shared->gap_hi_us = 5000000;
	next_due(&p, &from_us, &to_us);
	assert_in_range(5000000, from_us, to_us);
	/* From a lower to a higher one, whichever way round. */
	p.shared->gap_lo_us = 7000000;
	p.shared->gap_hi_us = 6000000;
	next_due(&p, &from_us, &to_us);
	assert_in_range(7000000, from_us, to_us);
	pulses_close(&p);
}

TEST(pulse_gaps_are_moved_to_what_the_host_can_do)
{
	uint64_t from_us, to_us;
	struct pulses p;

	pulses_open(&p);
	p.shared->gap_lo_us = p.shared->gap_hi_us = UINT32_MAX;
	next_due(&p, &from_us, &to_us);
	assert_in_range(PULSE_MAX_GAP_US, from_us, to_us);
	p.shared->gap_lo_us = p.shared->gap_hi_us = 0;
	next_due(&p, &from_us, &to_us);
	assert_in_range(PULSE_MIN_GAP_US, from_us, to_us);
	pulses_close(&p);
}

TEST(pulse_plans_that_cannot_be_are_refused)
{
	static const gpa_t gpas[] = {64, LAYOUT_BASE - 64, GPA + 64, GPA + 8,
				     UINT32_MAX & ~63ull};
	struct pulses p;

	pulses_open(&p);
	for (size_t i = 0; i < sizeof(gpas) / sizeof(*gpas); i++)
		assert_false(pulses_ask(&p, gpas[i]));
	p.shared->vcpu = 2;
	assert_false(pulses_ask(&p, GPA));
	p.shared->vcpu = 0;
	p.shared->vector = 0x1f;
	assert_false(pulses_ask(&p, GPA));
	p.shared->vector = 0x100;
	assert_false(pulses_ask(&p, GPA));
	p.shared->vector = 0xff;
	p.shared->rest = NR_RESTS;
	assert_false(pulses_ask(&p, GPA));
	p.shared->rest = REST_HALTED;
	assert_true(pulses_ask(&p, GPA));
	assert_true(pulses_ask(&p, 0));
	pulses_close(&p);
}

TEST(pulse_port_takes_writes_of_four_bytes_only)
{
	struct io_access read = {.addr = PORT_PULSE, .len = 4};
	struct io_access byte = {
		.addr = PORT_PULSE, .len = 1, .is_write = true};
	struct pulses p;

	pulses_open(&p);
	assert_false(p.device->access(&p.vcpu, &read));
	assert_false(p.device->access(&p.vcpu, &byte));
	pulses_close(&p);
}

TEST(pulse_is_fired_once_for_a_guest_that_waits)
{
	struct pulses p;

	pulses_open(&p);
	pulses_start(&p);
	assert_int_equal(p.shared->state, PULSE_RUNNING);
	assert_true(pulses_armed(&p));
	p.shared->ready = 1;
	pulses_expire(&p);
	assert_int_equal(pulses_taken(fake_irqfd()), 1);
	assert_int_equal(p.shared->fired, 1);
	assert_true(p.shared->fired_tsc != 0);
	assert_true(pulses_armed(&p));
	/* It has not read this one: the next is refused, and none is lost. */
	pulses_expire(&p);
	assert_int_equal(pulses_taken(fake_irqfd()), 0);
	assert_int_equal(p.shared->fired, 1);
	assert_int_equal(pulses_stat(&p, 1), 1);
	assert_true(pulses_armed(&p));
	p.shared->ready = 2;
	pulses_expire(&p);
	assert_int_equal(pulses_taken(fake_irqfd()), 1);
	assert_int_equal(p.shared->fired, 2);
	assert_int_equal(pulses_stat(&p, 0), 2);
	assert_int_equal(pulses_stat(&p, 1), 1);
	pulses_close(&p);
}

TEST(pulse_is_refused_to_a_guest_that_has_not_halted_yet)
{
	struct pulses p;

	pulses_open(&p);
	pulses_start(&p);
	p.shared->ready = 1;
	p.shared->ready_tsc = device_tsc() + (1ull << 40);
	pulses_expire(&p);
	assert_int_equal(pulses_taken(fake_irqfd()), 0);
	assert_int_equal(pulses_stat(&p, 1), 1);
	p.shared->ready_tsc = device_tsc() - PULSE_SETTLE_US * US;
	pulses_expire(&p);
	assert_int_equal(pulses_taken(fake_irqfd()), 1);
	pulses_close(&p);
}

/* By KVM's word: its statistics. */
TEST(pulse_is_refused_to_a_guest_that_does_not_rest)
{
	struct pulses p;

	pulses_open(&p);
	p.shared->rest = REST_ASLEEP;
	fake_vcpu_rests(p.f, 1, 5, false);
	pulses_start(&p);
	p.shared->ready = 1;
	pulses_expire(&p);
	assert_int_equal(pulses_taken(fake_irqfd()), 0);
	assert_int_equal(pulses_stat(&p, 1), 1);
	fake_vcpu_rests(p.f, 1, 5, true);
	pulses_expire(&p);
	assert_int_equal(pulses_taken(fake_irqfd()), 1);
	assert_true(p.shared->woken_tsc != 0 &&
		    p.shared->woken_tsc <= p.shared->fired_tsc);
	pulses_close(&p);
}

/* From when the first was due; and of one that is fired how late it is. */
TEST(pulses_that_are_due_and_not_fired_make_the_host_blind)
{
	uint64_t before, after, blind_tsc;
	struct pulses p;

	pulses_open(&p);
	p.shared->gap_lo_us = p.shared->gap_hi_us = 1000;
	before = device_tsc() + 1000 * US;
	pulses_start(&p);
	after = device_tsc() + 1000 * US;
	assert_int_equal(p.shared->blind_tsc, 0);
	for (unsigned int i = 1; i <= 2; i++) {
		usleep(1200);
		pulses_expire(&p);
		assert_int_equal(pulses_stat(&p, 1), i);
	}
	p.shared->ready = 1;
	usleep(1200);
	pulses_expire(&p);
	assert_int_equal(p.shared->fired, 1);
	blind_tsc = p.shared->blind_tsc;
	assert_in_range(blind_tsc, p.shared->woken_tsc - after,
			p.shared->woken_tsc - before);
	p.shared->ready = 2;
	usleep(1200);
	pulses_expire(&p);
	assert_int_equal(p.shared->fired, 2);
	assert_int_equal(p.shared->blind_tsc - blind_tsc,
			 p.shared->woken_tsc - p.shared->due_tsc);
	pulses_close(&p);
}

TEST(pulse_is_not_fired_by_what_the_guest_makes_up)
{
	static const uint64_t ready[] = {0, 2, UINT64_MAX, 1ull << 63};
	struct pulses p;

	pulses_open(&p);
	pulses_start(&p);
	for (size_t i = 0; i < sizeof(ready) / sizeof(*ready); i++) {
		p.shared->ready = ready[i];
		p.shared->fired = ready[i] - 1; /* the host keeps its own */
		pulses_expire(&p);
		assert_int_equal(pulses_taken(fake_irqfd()), 0);
	}
	assert_int_equal(pulses_stat(&p, 1), 4);
	pulses_close(&p);
}

TEST(pulse_request_is_taken_by_the_main_thread)
{
	struct pulses p;

	pulses_open(&p);
	assert_false(pulses_ask(&p, GPA + 8));
	assert_int_equal(pulses_taken(p.vm->event_fd), 0);
	fake_kvm_refuses(true);
	assert_true(pulses_ask(&p, GPA));
	assert_int_equal(pulses_taken(p.vm->event_fd), 1);
	assert_int_equal(p.shared->state, PULSE_STOPPED);
	devices_serve(p.vm);
	assert_int_equal(p.shared->state, PULSE_REFUSED);
	assert_false(pulses_armed(&p));
	fake_kvm_refuses(false);
	/* What was right when it was asked for may be wrong by now. */
	assert_true(pulses_ask(&p, GPA));
	p.shared->vector = 0;
	p.shared->state = PULSE_STOPPED;
	devices_serve(p.vm);
	assert_int_equal(p.shared->state, PULSE_STOPPED);
	/* Nobody asked: nothing is done. */
	p.shared->vector = 0x33;
	devices_serve(p.vm);
	assert_int_equal(p.shared->state, PULSE_STOPPED);
	assert_false(pulses_armed(&p));
	pulses_close(&p);
}

TEST(pulse_stops_when_it_is_told_and_when_the_vm_goes)
{
	struct pulses p;

	pulses_open(&p);
	pulses_start(&p);
	assert_true(pulses_ask(&p, 0));
	devices_serve(p.vm);
	assert_int_equal(p.shared->state, PULSE_STOPPED);
	assert_false(pulses_armed(&p));
	/* Expired and not yet looked at when it was stopped. */
	p.shared->ready = 1;
	pulses_expire(&p);
	assert_int_equal(pulses_taken(fake_irqfd()), 0);
	/* A restart begins without pulses and keeps their numbers. */
	pulses_start(&p);
	pulses_expire(&p);
	assert_int_equal(pulses_stat(&p, 0), 1);
	devices_destroy(p.vm);
	devices_reset(p.vm);
	devices_create(p.vm);
	assert_false(pulses_armed(&p));
	pulses_expire(&p);
	assert_int_equal(pulses_stat(&p, 0), 1);
	pulses_close(&p);
}

/* KVM needs milliseconds for a route: one that is there is not set again. */
TEST(pulse_route_that_is_there_is_not_set_again)
{
	struct pulses p;

	pulses_open(&p);
	pulses_start(&p);
	assert_int_equal(p.shared->state, PULSE_RUNNING);
	fake_kvm_refuses(true);
	pulses_start(&p);
	assert_int_equal(p.shared->state, PULSE_RUNNING);
	p.shared->vector = 0x34;
	pulses_start(&p);
	assert_int_equal(p.shared->state, PULSE_REFUSED);
	/* It is not known any more which one is there. */
	p.shared->vector = 0x33;
	pulses_start(&p);
	assert_int_equal(p.shared->state, PULSE_REFUSED);
	fake_kvm_refuses(false);
	pulses_start(&p);
	assert_int_equal(p.shared->state, PULSE_RUNNING);
	pulses_close(&p);
}

/* The main thread takes the last one when it comes to it. */
TEST(pulse_requests_that_nobody_served_are_counted)
{
	struct device_stat stats[8];
	struct pulses p;

	pulses_open(&p);
	pulses_start(&p);
	for (int i = 0; i < 3; i++)
		assert_true(pulses_ask(&p, GPA));
	devices_serve(p.vm);
	assert_int_equal(p.device->stats(device_state(p.vm, p.device), stats),
			 3);
	assert_string_equal(stats[2].name, "dropped");
	assert_int_equal(stats[2].value, 2);
	pulses_close(&p);
}
