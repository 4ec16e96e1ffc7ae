/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - runs every unit test; an argument is a pattern of their names. */
#include <errno.h>
#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static bool is_there(const struct CMUnitTest *tests, size_t nr,
		     const char *pattern)
{
	for (size_t i = 0; i < nr; i++)
		if (fnmatch(pattern, tests[i].name, 0) == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	size_t nr = (size_t)(__stop_unit_tests - __start_unit_tests);
	struct CMUnitTest *tests = calloc(nr, sizeof(*tests));
	int failed;

	if (!tests)
		return 1;
	/* As main() of the program does, for its messages. */
	program_invocation_name = (char *)(uintptr_t) "latvisor";
	for (size_t i = 0; i < nr; i++)
		tests[i] = *__start_unit_tests[i];
	if (argc > 1 && !is_there(tests, nr, argv[1])) {
		fprintf(stderr, "unit: no test is called '%s'\n", argv[1]);
		free(tests);
		return 2;
	}
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	/* One group: each would print a TAP plan of its own. */
	failed = _cmocka_run_group_tests("unit", tests, nr, NULL, NULL);
	free(tests);
	if (failed) {
		/* What a broken test left allocated is no news. */
		fflush(NULL);
		_exit(1);
	}
	return 0;
}
