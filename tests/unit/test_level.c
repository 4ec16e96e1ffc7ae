/* SPDX-License-Identifier: BSD-2-Clause */
/* test_level.c - quantiles of the normal distribution and of Student's t. */
#include "tests/unit/unit.h"
#include "vmm/statistics/level.h"

static void check(double found, double wanted)
{
	if (found < wanted - 1e-5 || found > wanted + 1e-5)
		fail_msg("%f, wanted %f", found, wanted);
}

/* From tables. */
TEST(level_of_the_normal_distribution)
{
	check(level_z(0.5), 0);
	check(level_z(LEVEL_95), 1.959964);
	check(level_z(0.005), 2.575829);
	check(level_z(LEVEL_95 / 9), 2.772921);
	check(level_z(1e-9), 5.997807);
}

TEST(level_of_students_t)
{
	check(level_t(LEVEL_95, 1), 12.706205);
	check(level_t(LEVEL_95, 2), 4.302653);
	check(level_t(LEVEL_95, 3), 3.182446);
	check(level_t(LEVEL_95, 4), 2.776445);
	check(level_t(LEVEL_95, 5), 2.570582);
	check(level_t(0.005, 4), 4.604095);
	check(level_t(0.0005, 9), 4.780913);
	check(level_t(LEVEL_95, 99), 1.984217);
}
