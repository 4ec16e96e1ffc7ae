/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * touch-some.c - no harm: of stores to one page each sixteenth is to a page
 * that KVM has not mapped yet.  Long enough for some of --explain's blocks; it
 * sleeps in between, for beside a vCPU that spins at real-time priority events
 * take more than a second to be switched on an emulated CPU.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/timer.h"

#define SAMPLES	 4800
#define EACH	 16
#define PAUSE_US 250

static void touch_some(void)
{
	struct measure m = metric_add("store", 0, 0, SAMPLES);
	uint64_t page = fw_boot->lazy;
	struct timer timer = {.mode = TIMER_ONESHOT, .scale = apic_scale()};

	fw_control(CTL_POPULATE, 0);
	*(volatile uint64_t *)page = 1;
	timer_start(&timer);
	window_begin(&m);
	for (uint64_t i = 0; i < SAMPLES; i++) {
		uint64_t addr = fw_boot->lazy, t0, t1;

		timer_wait_until(&timer, rdtsc() + us_to_tsc(PAUSE_US));
		lapic_eoi();
		if (i % EACH == 0)
			addr = page += PAGE_LEN;
		t0 = rdtsc_ordered();
		*(volatile uint64_t *)addr = i;
		t1 = rdtsc_ordered();
		measure_record(&m, t1 - t0, t1);
	}
	window_end(&m);
	metric_done(&m);
}

PAYLOAD("touch-some", touch_some,
	.summary = "stores to a page, and sometimes to one that is not mapped",
	.flags = PAYLOAD_NEEDS_LAPIC, .limit_ms = 5000, .hists = 1,
	.lazy_len = (SAMPLES / EACH + 2) * PAGE_LEN);
