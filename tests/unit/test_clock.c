/* SPDX-License-Identifier: BSD-2-Clause */
/* test_clock.c - the guest's arithmetic of time, from a boot record. */
#include <stddef.h>

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/clock.h"
#include "tests/unit/unit.h"

/* No multiple of 1000: 2294.609 cycles a microsecond. */
static const struct boot_record boot = {.tsc_khz = 2294609};

const struct boot_record *fw_boot = &boot;

TEST(clock_periods_add_up_to_the_cycle)
{
	static const uint64_t us[] = {10, 250, 333, 1000, 1001, 999999};

	for (size_t i = 0; i < sizeof(us) / sizeof(*us); i++) {
		const struct tsc_time period = us_to_tsc_time(us[i]);
		struct tsc_time t = {.cycles = 0};
		uint64_t n = 0;

		for (; n < 10000; n++)
			tsc_time_add(&t, &period, 1);
		assert_int_equal(t.cycles, us_to_tsc(n * us[i]));
		tsc_time_add(&t, &period, 123457);
		n += 123457;
		assert_int_equal(t.cycles, us_to_tsc(n * us[i]));
		assert_true(t.milli < 1000);
	}
}

TEST(clock_of_a_year_does_not_overflow)
{
	const uint64_t year_us = 31622400000000;
	const struct tsc_time period = us_to_tsc_time(10);
	struct tsc_time t = {.cycles = 0};

	tsc_time_add(&t, &period, year_us / 10);
	assert_int_equal(t.cycles, us_to_tsc(year_us));
}
