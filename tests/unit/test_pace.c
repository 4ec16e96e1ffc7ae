/* SPDX-License-Identifier: BSD-2-Clause */
/* test_pace.c - a twentieth of the time, and 100 ms at once. */
#include "tests/unit/unit.h"
#include "vmm/machine/pace.h"

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
	struct pace p = {0};
	uint64_t begun = 7000 * MS, now = begun, cpu = 40 * MS;

	pace_begin(&p, now, cpu);
	while (now < begun + 60000 * MS) {
		uint64_t wait = pace_wait_ns(&p, now);

		now += wait ? wait : 3 * MS;
		cpu += wait ? 0 : 3 * MS;
		pace_account(&p, cpu, true);
	}
	assert_in_range(p.spent_ns, 3000 * MS, 3103 * MS);
	assert_int_equal(p.spent_ns, cpu - 40 * MS);
}

TEST(pace_is_of_what_the_guest_makes_the_thread_do)
{
	struct pace p = {0};

	/* What came before is the program's own ... */
	pace_begin(&p, 1000 * MS, 500 * MS);
	pace_account(&p, 500 * MS, true);
	assert_int_equal(p.spent_ns, 0);
	pace_account(&p, 560 * MS, true);
	assert_int_equal(p.spent_ns, 60 * MS);
	/* ... and what it keeps for itself, known of a little sooner ... */
	p.seen_ns += 70 * MS;
	pace_account(&p, 560 * MS, true);
	assert_int_equal(p.spent_ns, 60 * MS);
	pace_account(&p, 640 * MS, true);
	assert_int_equal(p.spent_ns, 70 * MS);
	/* ... and a turn that the guest has no part in. */
	pace_account(&p, 940 * MS, false);
	assert_int_equal(p.spent_ns, 70 * MS);
	pace_account(&p, 950 * MS, true);
	assert_int_equal(p.spent_ns, 80 * MS);
}

/* A restart is no new run, and making a VM is not the guest's time. */
TEST(pace_goes_on_after_a_restart)
{
	struct pace p = {0};

	pace_begin(&p, 1000 * MS, 10 * MS);
	pace_account(&p, 150 * MS, true);
	pace_begin(&p, 1100 * MS, 400 * MS);
	assert_int_equal(p.spent_ns, 140 * MS);
	assert_int_equal(pace_wait_ns(&p, 1100 * MS), 700 * MS);
	pace_account(&p, 410 * MS, true);
	assert_int_equal(p.spent_ns, 150 * MS);
}
