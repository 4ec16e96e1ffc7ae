/* SPDX-License-Identifier: BSD-2-Clause */
/* test_units.c - limits in a unit that this host's figures are not in. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/commands/option_values.h"

static void check(void *config)
{
	check_units(config);
}

/* A config with one option; arg is what is given to it. */
static struct config with(bool insns, const char *fail_if, const char *break_at)
{
	struct options o = {.config.ticks = {.insns = insns, .step = insns}};

	if (fail_if)
		parse_fail_if(&o, "missed>0"); /* fits everywhere */
	if (fail_if)
		parse_fail_if(&o, fail_if);
	if (break_at)
		parse_break_at(&o, break_at);
	return o.config;
}

static void refused(bool insns, const char *fail_if, const char *break_at,
		    const char *why)
{
	struct config c = with(insns, fail_if, break_at);

	assert_dies(check, &c, why);
}

static void taken(bool insns, const char *fail_if, const char *break_at)
{
	struct config c = with(insns, fail_if, break_at);

	check_units(&c);
}

TEST(units_of_a_threshold_are_the_host_s)
{
	static const char *const times[] = {"p99>20us", "max>1ns", "min<1ms",
					    "wait:mean>=1s"};

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		taken(false, times[i], NULL);
		refused(true, times[i], NULL, times[i]);
		refused(true, times[i], NULL,
			"wants a number of instructions here");
	}
	taken(true, "p99>5600instructions", NULL);
	refused(false, "p99>5600instructions", NULL, "'p99>5600instructions'");
	refused(false, "p99>5600instructions", NULL,
		"wants a time in ns, us, ms, s or cycles here");
}

TEST(units_of_cycles_and_counts_are_every_host_s)
{
	for (int insns = 0; insns <= 1; insns++) {
		taken(insns, "p99>20cycles", "9000cycles");
		taken(insns, "samples<5", NULL);
		taken(insns, NULL, NULL);
	}
}

/* Emulated time is there, even if figures are none. */
TEST(units_of_break_at_are_times_everywhere)
{
	taken(false, NULL, "100us");
	taken(true, NULL, "100us");
	taken(true, NULL, "9000instructions");
	refused(false, NULL, "9000instructions", "--break-at wants a time");
	refused(false, NULL, "9000instructions", "got instructions");
}
