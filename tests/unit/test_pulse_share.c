/* SPDX-License-Identifier: BSD-2-Clause */
/* test_pulse_share.c - pulses that the main thread has no time for. */
#include <time.h>

#include "tests/unit/pulses.h"
#include "tests/unit/unit.h"
#include "vmm/base/now.h"

/* What is left of that time is told; one that came late for it would lie. */
TEST(pulse_is_left_out_while_the_main_thread_has_no_time)
{
	uint64_t before, due_us;
	struct pulses p;

	pulses_open(&p);
	p.shared->gap_lo_us = p.shared->gap_hi_us = 1000;
	pulses_start(&p);
	assert_int_equal(pulses_stat(&p, 1), 0);
	/* 5 s from now. */
	p.vm->pace.begun_ns = now_ns();
	p.vm->pace.spent_ns = PACE_BURST_NS + 5 * NS_PER_S / PACE_SHARE;
	p.shared->ready = 1;
	before = device_tsc();
	pulses_expire(&p);
	assert_int_equal(pulses_taken(fake_irqfd()), 1);
	assert_in_range(pulses_stat(&p, 1), 4000, 5000);
	p.vm->pace.spent_ns = 0;
	p.shared->ready = 2;
	pulses_expire(&p);
	assert_int_equal(p.shared->fired, 2);
	due_us = (p.shared->due_tsc - before) / US;
	assert_in_range(due_us, 4000000, 5002000);
	pulses_close(&p);
}

/* From when they would have been due. */
TEST(pulses_that_are_left_out_make_the_host_blind)
{
	const struct timespec ms_22 = {.tv_nsec = 22000000};
	struct pulses p;
	uint64_t began;

	pulses_open(&p);
	p.shared->gap_lo_us = p.shared->gap_hi_us = 100;
	pulses_start(&p);
	began = device_tsc();
	/* 20 ms from now. */
	p.vm->pace.begun_ns = now_ns();
	p.vm->pace.spent_ns = PACE_BURST_NS + NS_PER_S / 50 / PACE_SHARE;
	p.shared->ready = 1;
	pulses_expire(&p);
	assert_int_equal(p.shared->fired, 1);
	p.vm->pace.spent_ns = 0;
	p.shared->ready = 2;
	nanosleep(&ms_22, NULL);
	pulses_expire(&p);
	assert_int_equal(p.shared->fired, 2);
	assert_in_range(p.shared->blind_tsc / US, 19900,
			(device_tsc() - began) / US);
	pulses_close(&p);
}
