/* SPDX-License-Identifier: BSD-2-Clause */
/* test_settings.c - which of doctor's commands are values of files. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/report/settings.h"

static void note(void *arg, const struct setting *s)
{
	char *text = arg;
	size_t len = strlen(text);

	snprintf(text + len, 256 - len, "%s=%s;", s->path, s->value);
}

static void assert_sets(const char *command, const char *wanted)
{
	char text[256] = "";

	assert_int_equal(settings_of(command, note, text), wanted != NULL);
	assert_string_equal(text, wanted ? wanted : "");
}

TEST(settings_are_values_of_files)
{
	assert_sets("echo -1 > /proc/sys/a", "/proc/sys/a=-1;");
	assert_sets("for cpu in 2 13; do echo 0 > /sys/cpu$cpu/b; done",
		    "/sys/cpu2/b=0;/sys/cpu13/b=0;");
	assert_sets("for cpu in 7; do echo 0 > /sys/c; done", "/sys/c=0;");
}

TEST(settings_of_other_commands_are_none)
{
	static const char *const commands[] = {
		"",
		"swapoff -a",
		"echo 2 > /sys/a; echo 0 > /sys/a",
		"echo 1 > /sys/a && true",
		"echo 1 > file",
		"echo > /sys/a",
		"echo 1 2 > /sys/a",
		"for cpu in 2; do echo 1 > /sys/a",
		"for cpu in 2; do swapoff -a; done",
		"for cpu in 2; do echo 1 > /sys/a; done; reboot",
		"for t in 2 3; do chrt -f -p 9 $t; done",
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		assert_sets(commands[i], NULL);
}
