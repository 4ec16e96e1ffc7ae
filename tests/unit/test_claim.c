/* SPDX-License-Identifier: BSD-2-Clause */
/* test_claim.c - two that measure on one CPU notice each other. */
#include "tests/unit/unit.h"
#include "vmm/host/claim.h"

/* Numbers that no machine has, so that no program has claimed them. */
static const int some[] = {1000001, 1000002, 1000001};
static const int others[] = {1000003, 1000002};

TEST(claim_of_one_alone_is_not_contested)
{
	struct claim c;

	claim_cpus(&c, some, 3);
	assert_int_equal(c.nr, 2);
	assert_true(c.cpus[0].fd >= 0);
	assert_int_equal(claim_contested(&c), -1);
	claim_release(&c);
	/* Given up, it is free. */
	claim_cpus(&c, some, 3);
	assert_int_equal(claim_contested(&c), -1);
	claim_release(&c);
	assert_int_equal(claim_contested(&c), -1);
}

TEST(claim_of_two_tells_both)
{
	struct claim a, b;

	claim_cpus(&a, some, 3);
	claim_cpus(&b, others, 2);
	assert_int_equal(claim_contested(&a), 1000002);
	assert_int_equal(claim_contested(&b), 1000002);
	claim_release(&b);
	/* It was, however soon the other went. */
	assert_int_equal(claim_contested(&a), 1000002);
	claim_release(&a);
	claim_cpus(&b, others, 2);
	assert_int_equal(claim_contested(&b), -1);
	claim_release(&b);
}
