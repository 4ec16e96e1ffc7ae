/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - runs every functional test, from the repository's root; an
 * argument is a pattern of their names.
 */
#include <fnmatch.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/functional/func.h"

extern void (*const __start_func_tests[])(struct test_list *);
extern void (*const __stop_func_tests[])(struct test_list *);

void test_add(struct test_list *list, const char *name, CMUnitTestFunction fn,
	      void *state)
{
	struct CMUnitTest *tests =
		realloc(list->tests, (list->nr + 1) * sizeof(*tests));
	char *copy = strdup(name);

	if (!tests || !copy)
		abort();
	tests[list->nr++] = (struct CMUnitTest){
		.name = copy,
		.test_func = fn,
		.initial_state = state,
	};
	list->tests = tests;
}

/*
 * vCPUs that spin on every CPU must not keep this program from stopping them;
 * what it starts does not inherit that.
 */
static void be_urgent(void)
{
	struct sched_param sp = {.sched_priority = 95};

	/* Not allowed: the host's reserve for ordinary tasks has to do. */
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &sp) != 0)
		return;
}

static bool is_there(const struct test_list *list, const char *pattern)
{
	for (size_t i = 0; i < list->nr; i++)
		if (fnmatch(pattern, list->tests[i].name, 0) == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	size_t nr = (size_t)(__stop_func_tests - __start_func_tests);
	struct test_list list = {.nr = 0};
	int failed;

	be_urgent();
	for (size_t i = 0; i < nr; i++)
		__start_func_tests[i](&list);
	if (argc > 1 && !is_there(&list, argv[1])) {
		fprintf(stderr, "functional: no test is called '%s'\n",
			argv[1]);
		return 2;
	}
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	/* One group: each would print a TAP plan of its own. */
	failed = _cmocka_run_group_tests("functional", list.tests, list.nr,
					 NULL, NULL);
	unlink(run_file());
	return failed != 0;
}
