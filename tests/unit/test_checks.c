/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_checks.c - each check of the host, in each form that it has: the cases
 * are in checks_*.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/unit.h"

static const int cpus[] = {2, 3}, cpu_0[] = {0};

static void look_in(const struct check_case *c, const char *root)
{
	struct check_host *h = malloc(sizeof(*h));
	struct check_found f;
	const char *group;
	const struct check *check = check_named(c->check, &group);

	assert_non_null(h);
	check_tree_open(h, root, c->on_cpu_0 ? cpu_0 : cpus,
			c->on_cpu_0 ? 1 : 2);
	if (c->measured.ns)
		h->measured = &c->measured;
	check_look(check, group, h, &f);
	if (f.status != c->status || !strstr(f.value, c->value))
		fail_msg("%s: wanted %s '%s', got %s '%s'", c->check,
			 check_status_name(c->status), c->value,
			 check_status_name(f.status), f.value);
	if (c->fix && !strstr(f.run, c->fix) && !strstr(f.boot, c->fix) &&
	    !strstr(f.other, c->fix))
		fail_msg("%s: wanted the fix '%s', got '%s', '%s', '%s'",
			 c->check, c->fix, f.run, f.boot, f.other);
	/* What is good, or not known, wants none. */
	if (f.status != CHECK_WARN && f.status != CHECK_FAIL)
		assert_true(!f.run[0] && !f.boot[0] && !f.other[0]);
	check_host_close(h);
	free(h);
}

static void try_case(const struct check_case *c)
{
	struct check_tree t;

	check_tree_make(&t);
	for (size_t i = 0; i < 5 && c->files[i].path; i++)
		check_tree_write(&t, c->files[i].path, c->files[i].text);
	look_in(c, t.root);
	check_tree_remove(&t);
}

TEST(checks_find_what_is_there)
{
	for (const struct check_cases *const *g = __start_check_cases;
	     g != __stop_check_cases; g++)
		for (size_t i = 0; i < (*g)->nr; i++)
			try_case(&(*g)->list[i]);
}

static bool has_case(const char *check, enum check_status status)
{
	for (const struct check_cases *const *g = __start_check_cases;
	     g != __stop_check_cases; g++)
		for (size_t i = 0; i < (*g)->nr; i++)
			if (strcmp((*g)->list[i].check, check) == 0 &&
			    (*g)->list[i].status == status)
				return true;
	return false;
}

/* Calls fn for each check. */
static void of_all(void (*fn)(const struct check *c))
{
	const struct check_group *groups[CHECK_MAX_GROUPS];
	unsigned int nr = check_groups(groups);

	for (unsigned int i = 0; i < nr; i++)
		for (size_t k = 0; k < groups[i]->nr; k++)
			fn(&groups[i]->list[k]);
}

static void wants_cases(const struct check *c)
{
	if (!has_case(c->name, c->bad))
		fail_msg("%s: no case of %s", c->name,
			 check_status_name(c->bad));
	if (c->bad != CHECK_STATED && !has_case(c->name, CHECK_PASS))
		fail_msg("%s: no case of PASS", c->name);
}

/* What a command needs is not there: it is not shown. */
TEST(a_command_that_cannot_work_here_is_not_shown)
{
	struct check_tree t;
	struct check_host *h = malloc(sizeof(*h));
	struct check_found f;
	const char *group;

	assert_non_null(h);
	check_tree_make(&t);
	check_tree_write(&t, "sys/devices/system/cpu/isolated", "\n");
	check_tree_open(h, t.root, cpus, 2);
	check_look(check_named("isolated", &group), group, h, &f);
	assert_int_equal(f.status, CHECK_FAIL);
	assert_string_equal(f.run, "");
	assert_has(f.boot, "isolcpus=");
	check_host_close(h);
	free(h);
	check_tree_remove(&t);
}

/* With no CPU left for the rest, no command can give it one. */
TEST(a_fix_for_other_cpus_wants_some)
{
	struct check_tree t;
	struct check_host *h = malloc(sizeof(*h));
	struct check_found f;
	const char *group;

	assert_non_null(h);
	check_tree_make(&t);
	check_tree_write(&t, "sys/devices/system/cpu/online", "2-3\n");
	check_tree_write(&t, "proc/irq/default_smp_affinity", "f\n");
	check_tree_open(h, t.root, cpus, 2);
	check_look(check_named("new-interrupts", &group), group, h, &f);
	assert_int_equal(f.status, CHECK_WARN);
	assert_string_equal(f.run, "");
	assert_has(f.other, "give vCPUs fewer CPUs");
	check_host_close(h);
	free(h);
	check_tree_remove(&t);
}

/* UNKNOWN is the test of the empty tree. */
TEST(each_check_has_a_case_of_each_status)
{
	of_all(wants_cases);
}

TEST(there_are_80_checks_or_more)
{
	assert_true(checks_count() >= 80);
}

static void is_whole(const struct check *c)
{
	size_t why = strlen(c->why);

	assert_non_null(c->look);
	assert_true(c->bad == CHECK_FAIL || c->bad == CHECK_WARN ||
		    c->bad == CHECK_STATED);
	assert_in_range(c->weight, 1, CHECK_WEIGHT_MAX);
	assert_true(c->good && *c->good && c->source && *c->source);
	/* One sentence. */
	assert_true(why > 10 && c->why[why - 1] == '.');
	/* A verdict wants a way out. */
	if (c->bad != CHECK_STATED && !c->run && !c->boot && !c->other)
		fail_msg("%s: no fix", c->name);
	/* One that is cut does something else. */
	if (c->run && strstr(c->run, "{cpu}"))
		assert_true(strlen(c->run) < CHECK_LOOP_MOST);
	if (c->path)
		assert_true(c->path[0] != '/');
	assert_int_equal(c->name[strspn(c->name, "abcdefghijklmnopqrstuvwxyz"
						 "0123456789-MG")],
			 '\0');
}

TEST(each_check_says_all_of_itself)
{
	of_all(is_whole);
}

static void is_alone(const struct check *c)
{
	const char *group;

	/* The first of its name is itself. */
	assert_ptr_equal(check_named(c->name, &group), c);
}

TEST(no_two_checks_have_one_name)
{
	of_all(is_alone);
}

/* Not even which CPUs are online, behind the opening. */
static struct check_host *empty_host(struct check_tree *t)
{
	struct check_host *h = malloc(sizeof(*h));
	char path[128];

	assert_non_null(h);
	check_tree_make(t);
	check_tree_open(h, t->root, cpus, 2);
	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu/online",
		 t->root);
	assert_int_equal(unlink(path), 0);
	memset(&h->online, 0, sizeof(h->online));
	memset(&h->others, 0, sizeof(h->others));
	return h;
}

TEST(what_cannot_be_read_is_unknown_and_never_good)
{
	struct check_tree t;
	struct check_host *h = empty_host(&t);
	struct check_found *f = checks_look(h);
	struct check_sum s = checks_sum(f, checks_count());

	for (size_t i = 0; i < checks_count(); i++)
		if (f[i].status != CHECK_UNKNOWN || !f[i].value[0])
			fail_msg("%s: %s '%s' of an empty tree",
				 f[i].check->name,
				 check_status_name(f[i].status), f[i].value);
	assert_false(checks_fit(&s));
	assert_true(s.undecided > 3);
	free(f);
	check_host_close(h);
	free(h);
	check_tree_remove(&t);
}

TEST(a_host_is_fit_when_nothing_fails_and_what_decides_is_known)
{
	static const struct check light = {.bad = CHECK_FAIL, .weight = 8};
	static const struct check heavy = {.bad = CHECK_FAIL, .weight = 9};
	struct check_found f[] = {
		{.check = &heavy, .status = CHECK_PASS},
		{.check = &light, .status = CHECK_UNKNOWN},
		{.check = &light, .status = CHECK_WARN},
	};
	struct check_sum s = checks_sum(f, 3);

	assert_true(checks_fit(&s));
	f[1].status = CHECK_FAIL;
	s = checks_sum(f, 3);
	assert_false(checks_fit(&s));
	f[1].status = CHECK_PASS;
	f[0].status = CHECK_UNKNOWN;
	s = checks_sum(f, 3);
	assert_false(checks_fit(&s));
}
