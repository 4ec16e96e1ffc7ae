/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_first_touch.c - the first store to a page of RAM that the host has not
 * made present: what pre-faulting saves.
 */
#include "guest-firmware/exit_cost.h"

static volatile char *page;

static const char *skip(void)
{
	return fw_boot->lazy_len ? NULL : "needs lazy memory";
}

static void setup(void)
{
	page = (volatile char *)fw_boot->lazy;
}

static inline void op(void)
{
	*page = 1;
}

static inline void next(void)
{
	page += PAGE_LEN;
}

EXIT_COST(page_first_touch, op, exit_cost_nothing, next, .skip = skip,
	  .setup = setup, .max_samples = EXIT_COST_LAZY_LEN / PAGE_LEN);
