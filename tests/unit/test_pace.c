/* SPDX-License-Identifier: BSD-2-Clause */
/* test_pace.c - a twentieth of the time, and 100 ms at once. */
#include "tests/unit/unit.h"
#include "vmm/run/pace.h"

#define MS 1000000ull

TEST(pace_lets_a_burst_pass)
{
	struct pace p = {.begun_ns = 5000 * MS};

	assert_int_equal(pace_wait_ns(&p, 5000 * MS), 0);
	p.spent_ns = 100 * MS;
	assert_int_equal(pace_wait_ns(&p, 5000 * MS), 0);
	p.spent_ns = 101 * MS;
	assert_int_equal(pace_wait_ns(&p, 5000 * MS), 20 * MS);
	assert_int_equal(pace_wait_ns(&p, 5019 * MS), 1 * MS);
	assert_int_equal(pace_wait_ns(&p, 5020 * MS), 0);
}

/* A request takes 3 ms, and the next one is always there. */
TEST(pace_holds_a_twentieth)
{
	struct pace p = {.begun_ns = 0};
	uint64_t now = 0;

	while (now < 60000 * MS) {
		uint64_t wait = pace_wait_ns(&p, now);

		now += wait ? wait : 3 * MS;
		p.spent_ns += wait ? 0 : 3 * MS;
	}
	assert_in_range(p.spent_ns, 3000 * MS, 3103 * MS);
}
