/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_first_touch.c - the first store to a page of RAM that the host has not
 * made present: what pre-faulting saves.
 */
#include "guest-firmware/exit_cost.h"

#define NR_PAGES (EXIT_COST_LAZY_LEN / PAGE_LEN)

static const char *skip(void)
{
	return fw_boot->lazy_len ? NULL : "needs lazy memory";
}

static void setup(void)
{
	uint64_t pages = NR_PAGES / nr_vcpus();

	me()->word = fw_boot->lazy + me()->id * pages * PAGE_LEN;
}

static inline void op(void)
{
	*(volatile char *)me()->word = 1;
}

static inline void next(void)
{
	me()->word += PAGE_LEN;
}

EXIT_COST(page_first_touch, op, exit_cost_nothing, next, .skip = skip,
	  .setup = setup, .max_samples = NR_PAGES);
