/* SPDX-License-Identifier: BSD-2-Clause */
/* test_blocks.c - blocks of time with recorded events, and without. */
#include "tests/unit/unit.h"
#include "vmm/result/blocks.h"

TEST(blocks_are_known_by_all_of_a_time)
{
	struct blocks b = {0};

	assert_int_equal(blocks_state(&b, 1, 2), BLOCK_NEITHER);
	blocks_end(&b, 5);
	assert_int_equal(b.nr, 0);
	blocks_begin(&b, 100, true);
	/* Nothing is in one that did not end, but its begin. */
	assert_int_equal(blocks_state(&b, 100, 101), BLOCK_NEITHER);
	assert_int_equal(blocks_state(&b, 100, 100), BLOCK_TRACED);
	blocks_end(&b, 200);
	blocks_begin(&b, 250, false);
	blocks_end(&b, 300);
	assert_int_equal(blocks_state(&b, 100, 200), BLOCK_TRACED);
	assert_int_equal(blocks_state(&b, 150, 160), BLOCK_TRACED);
	assert_int_equal(blocks_state(&b, 250, 300), BLOCK_PLAIN);
	assert_int_equal(blocks_state(&b, 299, 300), BLOCK_PLAIN);
	assert_int_equal(blocks_state(&b, 99, 150), BLOCK_NEITHER);
	assert_int_equal(blocks_state(&b, 150, 201), BLOCK_NEITHER);
	assert_int_equal(blocks_state(&b, 201, 249), BLOCK_NEITHER);
	assert_int_equal(blocks_state(&b, 249, 260), BLOCK_NEITHER);
	assert_int_equal(blocks_state(&b, 150, 260), BLOCK_NEITHER);
	assert_int_equal(blocks_state(&b, 290, 301), BLOCK_NEITHER);
	assert_int_equal(blocks_state(&b, 301, 302), BLOCK_NEITHER);
	/* A guest's value may be larger than its time. */
	assert_int_equal(blocks_state(&b, UINT64_MAX - 5, 260), BLOCK_NEITHER);
	assert_int_equal(blocks_state(&b, 270, 260), BLOCK_NEITHER);
	blocks_lost(&b);
	assert_int_equal(blocks_state(&b, 250, 300), BLOCK_NEITHER);
	assert_int_equal(blocks_state(&b, 150, 160), BLOCK_TRACED);
	blocks_free(&b);
	blocks_lost(&b);
	assert_int_equal(b.nr, 0);
	/* Beyond the first room. */
	for (uint64_t i = 0; i < 200; i++) {
		blocks_begin(&b, 10 * i, i % 2);
		blocks_end(&b, 10 * i + 8);
	}
	for (uint64_t i = 0; i < 200; i++)
		assert_int_equal(blocks_state(&b, 10 * i, 10 * i + 8),
				 i % 2 ? BLOCK_TRACED : BLOCK_PLAIN);
	blocks_free(&b);
}
