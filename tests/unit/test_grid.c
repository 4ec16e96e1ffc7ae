/* SPDX-License-Identifier: BSD-2-Clause */
/* test_grid.c - the rows of a sweep: every combination once, in order. */
#include <stdio.h>
#include <string.h>

#include "guest-firmware/abi/modes.h"
#include "tests/unit/unit.h"
#include "vmm/commands/grid_parse.h"

/* A KVM that is closed offers nothing that has to be asked for. */
static const struct kvm no_kvm = {.fd = -1};

static const struct payload_note note = {
	.name = "made",
	.params = {{.name = "idle",
		    .kind = PARAM_ENUM,
		    .role = PARAM_ROLE_IDLE,
		    .choices = IDLE_CHOICES},
		   {.name = "gap_us",
		    .kind = PARAM_RANGE,
		    .min = 1,
		    .max = 1000,
		    .def = 1,
		    .def_hi = 2},
		   {.name = "samples",
		    .kind = PARAM_U64,
		    .role = PARAM_ROLE_COUNT,
		    .min = 1,
		    .max = 1000,
		    .def = 10}},
};

static const char *parse(struct grid *g, const char *a, const char *b)
{
	const char *args[] = {a, b};

	return grid_parse(g, &no_kvm, &note, args, b ? 2 : 1);
}

TEST(grid_has_every_combination_once)
{
	static const char *const wanted[] = {"hlt gap_us=10", "hlt gap_us=2..3",
					     "spin gap_us=10",
					     "spin gap_us=2..3"};
	char label[64];
	struct grid g;

	assert_null(parse(&g, "idle=hlt,spin", "gap_us=10,2..3"));
	assert_int_equal(g.nr_rows, 4);
	for (unsigned int i = 0; i < 4; i++) {
		grid_label(&g, i, -1, label, sizeof(label));
		assert_string_equal(label, wanted[i]);
	}
	assert_string_equal(g.axes[1].assignments[1], "gap_us=2..3");
	assert_int_equal(grid_number_axis(&g), 1);
	grid_label(&g, 3, 1, label, sizeof(label));
	assert_string_equal(label, "spin");
	grid_free(&g);
}

TEST(grid_axis_of_one_value_is_in_no_label)
{
	char label[64];
	struct grid g;

	assert_null(parse(&g, "idle=hlt,spin", "gap_us=10"));
	assert_int_equal(g.nr_rows, 2);
	assert_int_equal(grid_number_axis(&g), -1);
	grid_label(&g, 1, -1, label, sizeof(label));
	assert_string_equal(label, "spin");
	grid_free(&g);
}

TEST(grid_all_is_what_the_host_offers)
{
	struct grid g;

	assert_null(parse(&g, "idle=all", NULL));
	assert_int_equal(g.nr_rows, 2);
	assert_string_equal(g.axes[0].values[0], "hlt");
	assert_string_equal(g.axes[0].values[1], "spin");
	grid_free(&g);
}

TEST(grid_refuses_what_is_no_axis)
{
	struct grid g;

	assert_has(parse(&g, "idle", NULL), "wanted key=value, got 'idle'");
	grid_free(&g);
	assert_has(parse(&g, "gap=1,2", NULL), "the unit is missing");
	grid_free(&g);
	assert_has(parse(&g, "idle=hlt", "fly=1"), "has no parameter 'fly'");
	grid_free(&g);
	assert_has(parse(&g, "gap_us=1,2,1", NULL), "got '1' twice");
	grid_free(&g);
	assert_has(parse(&g, "gap_us=1", "gap_us=2"), "given twice");
	grid_free(&g);
}

TEST(grid_refuses_more_than_it_can_hold)
{
	char many[400] = "gap_us=1", other[400] = "samples=1", value[16];
	struct grid g;

	for (int i = 2; i <= GRID_MAX_VALUES; i++) {
		snprintf(value, sizeof(value), ",%d", i);
		strcat(many, value);
		strcat(other, value);
	}
	assert_null(parse(&g, many, NULL));
	assert_int_equal(g.nr_rows, GRID_MAX_VALUES);
	grid_free(&g);
	assert_has(parse(&g, many, other), "more than 256 combinations");
	grid_free(&g);
	strcat(many, ",900");
	assert_has(parse(&g, many, NULL), "more than 32 values");
	grid_free(&g);
}
