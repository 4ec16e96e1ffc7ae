/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_selftest.c - selftest: the firmware keeps what it promises in every
 * machine, the guest names the tests that it did, and the host sees the
 * samples that the guest made up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

/* As payloads/selftest/hist.c makes them: 1000, 2000 ... cycles. */
#define KNOWN_STEP 1000
#define WORST_MAX  16

static const char *const names[] = {"smp",   "print", "params", "hist", "trap",
				    "stack", "clock", "apic",	"timer"};
#define NR_NAMES (sizeof(names) / sizeof(*names))

/* How often the guest's text has a line that begins so. */
static int lines(const struct run *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int lines(const struct run *r, const char *fmt, ...)
{
	char begin[80];
	const char *p = r->proc.out;
	va_list ap;
	int nr = 0;

	va_start(ap, fmt);
	vsnprintf(begin, sizeof(begin), fmt, ap);
	va_end(ap);
	while ((p = strstr(p, begin)) != NULL) {
		nr += p == r->proc.out || p[-1] == '\n';
		p++;
	}
	return nr;
}

static void must_be_left_out(const struct run *r, const char *what, bool is)
{
	must(lines(r, "%s", what) == is, "wanted '%s' %d times in: %s", what,
	     is, r->proc.out);
}

/* In the order of the tests, each of them or the one. */
static void must_name(const struct run *r, const char *only)
{
	const char *last = r->proc.out, *at;
	char begin[24];

	for (size_t i = 0; i < NR_NAMES; i++) {
		if (only && strcmp(names[i], only) != 0) {
			must(lines(r, "test %s: ", names[i]) == 0,
			     "%s was asked for, %s was done", only, names[i]);
			continue;
		}
		snprintf(begin, sizeof(begin), "test %s: ", names[i]);
		at = strstr(last, begin);
		must(lines(r, "%s", begin) && at,
		     "%s was not done in its turn: %s", names[i], r->proc.out);
		last = at;
	}
}

/* Count, least, greatest, and the largest of them, to the cycle. */
static void must_be_known(const struct run *r, int64_t n)
{
	json_t *m = find_metric(r->json, "known", 0), *w;
	size_t i;

	must(m, "there is no metric 'known'");
	assert_string_equal(get_text(m, "status"), "done");
	assert_int_equal(get_int(m, "samples"), n);
	assert_int_equal(get_int(m, "out_of_range"), 0);
	assert_int_equal(get_cycles(m, "min"), KNOWN_STEP);
	assert_int_equal(get_cycles(m, "max"), n * KNOWN_STEP);
	json_array_foreach (get_array(m, "worst"), i, w)
		assert_int_equal(cycles_of(w), (n - (int64_t)i) * KNOWN_STEP);
	assert_int_equal(i, n < WORST_MAX ? n : WORST_MAX);
	w = find_window(m, 0);
	must(w, "it has no window");
	assert_int_equal(get_int(w, "exits_to_userspace"), 0);
}

struct selftest_case {
	const char *irqchip, *vcpus;
	const char *xapic; /* the option, or NULL */
};

static void selftest_holds(void **state)
{
	const struct selftest_case *c = *state;
	bool lapic = strcmp(c->irqchip, "none") != 0;
	int vcpus = atoi(c->vcpus);
	struct run r;

	test_begin();
	need_cpus(vcpus);
	run_now(&r, "selftest", "--irqchip", c->irqchip, "--vcpus", c->vcpus,
		"samples=50", c->xapic);
	must_pass(&r);
	must_name(&r, NULL);
	must_be_known(&r, 50);
	for (int i = 0; i < vcpus; i++)
		must(lines(&r, "test print: this is vCPU %d of %d\n", i,
			   vcpus) == 1,
		     "vCPU %d has not said a whole line once: %s", i,
		     r.proc.out);
	must_be_left_out(&r, "test smp: left out: jobs", vcpus == 1);
	must_be_left_out(&r, "test clock: left out: from one", vcpus == 1);
	must_be_left_out(&r, "test apic: left out: x2APIC mode",
			 c->xapic != NULL);
	must_be_left_out(&r, "test apic: left out: no local APIC\n", !lapic);
	must_be_left_out(&r, "test timer: left out: no local APIC\n", !lapic);
	run_free(&r);
}

static void add_cases(struct test_list *list)
{
	static struct selftest_case cases[] = {
		{"split", "1", NULL},	   {"split", "2", NULL},
		{"kernel", "1", NULL},	   {"kernel", "2", NULL},
		{"none", "1", NULL},	   {"none", "2", NULL},
		{"split", "1", "--xapic"}, {"split", "2", "--xapic"},
		{"kernel", "2", "--xapic"}};
	char name[96];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct selftest_case *c = &cases[i];

		snprintf(name, sizeof(name),
			 "selftest_holds_with_irqchip_%s_on_%s_vcpus%s",
			 c->irqchip, c->vcpus, c->xapic ? "_in_xapic" : "");
		test_add(list, name, selftest_holds, &cases[i]);
	}
}
TEST_FAMILY(add_cases);

TEST(selftest_takes_its_parameters)
{
	struct run r;

	run_now(&r, "selftest", "samples=7", "wait_us=20..30");
	must_pass(&r);
	must_name(&r, NULL);
	must_be_known(&r, 7);
	must(lines(&r, "test params: samples is 7\n") == 1 &&
		     lines(&r, "test params: wait_us is 20..30\n") == 1 &&
		     lines(&r, "test params: test is 0\n") == 1,
	     "other parameters came: %s", r.proc.out);
	run_free(&r);
}

TEST(selftest_sets_timers_one_time_ahead)
{
	struct run r;

	run_now(&r, "selftest", "wait_us=5000", "test=timer");
	must_pass(&r);
	must_name(&r, "timer");
	run_free(&r);
}

TEST(selftest_does_the_one_test_that_is_asked_for)
{
	for (size_t i = 0; i < NR_NAMES; i++) {
		char test[32];
		struct run r;

		snprintf(test, sizeof(test), "test=%s", names[i]);
		run_now(&r, "selftest", "samples=1", test);
		must_pass(&r);
		must_name(&r, names[i]);
		if (strcmp(names[i], "hist") == 0)
			must_be_known(&r, 1);
		else
			assert_int_equal(
				json_array_size(get_array(r.json, "metrics")),
				0);
		run_free(&r);
	}
}
