/* SPDX-License-Identifier: BSD-2-Clause */
/* test_doctor.c - how "latvisor doctor" looks, and what it measures. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/unit.h"
#include "vmm/report/doctor.h"

static const struct check sample = {.name = "sample",
				    .bad = CHECK_FAIL,
				    .weight = 5,
				    .good = "another value",
				    .why = "So that there is a line of it."};

static const char command[] =
	"echo a long word after another > "
	"/sys/devices/system/cpu/cpu1/cpufreq/energy_performance_preference; "
	"echo and so on, and on, and on, until there is no room for all of it";

/* What doctor_text() prints of checks; to be freed. */
static char *shown(const struct check_found *found, size_t nr, bool all)
{
	struct check_host *h = calloc(1, sizeof(*h));
	struct doctor d = {.host = h, .found = found, .nr = nr};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(h);
	assert_non_null(out);
	h->tree.fd = -1;
	cpumask_add(&h->vcpus, 0);
	doctor_text(&d, all, out);
	fclose(out);
	free(h);
	return text;
}

static void lines_fit(const char *text)
{
	for (const char *p = text; *p; p += *p == '\n') {
		size_t len = strcspn(p, "\n");

		if (len > 79)
			fail_msg("too wide: %.*s", (int)len, p);
		p += len;
	}
}

TEST(doctor_s_command_is_one_for_a_shell_and_no_line_is_too_wide)
{
	struct check_found f = {
		.check = &sample, .status = CHECK_FAIL, .group = "a"};
	char joined[1024] = "", *text, *from;

	memset(f.value, 'x', sizeof(f.value) - 1);
	strcpy(f.run, command);
	text = shown(&f, 1, true);
	lines_fit(text);
	from = strstr(text, "now: ");
	assert_non_null(from);
	/* As a shell joins lines. */
	for (char *p = from + strlen("now: "), *to = joined; *p != '\n'; p++) {
		if (strncmp(p, " \\\n", 3) == 0) {
			p += 3;
			p += strspn(p, " ") - 1;
			*to++ = ' ';
		} else {
			*to++ = *p;
		}
	}
	assert_string_equal(joined, command);
	free(text);
}

TEST(doctor_says_where_no_cpu_is_left_and_what_is_the_only_fix)
{
	struct check_found f = {
		.check = &sample, .status = CHECK_FAIL, .other = "a new one"};
	char *text = shown(&f, 1, false);

	assert_has(text, "vCPUs on CPU 0, no CPU for the system.\n");
	assert_has(text, "FAIL    sample: ; good: another value\n"
			 "        So that there is a line of it.\n"
			 "        fix: a new one\n");
	free(text);
	strcpy(f.boot, "x=1");
	text = shown(&f, 1, false);
	assert_has(text, "        boot: x=1\n        or: a new one\n");
	assert_has(text, "no, 1 of 1 fail: sample.\n");
	free(text);
}

TEST(doctor_names_as_many_failures_as_a_line_has_room_for)
{
	static const struct check long_one = {.name = "a-name-of-24-characters",
					      .bad = CHECK_FAIL,
					      .weight = 5,
					      .good = "x",
					      .why = "It is long."};
	struct check_found f[40];
	char *text, *last;

	for (size_t i = 0; i < 40; i++)
		f[i] = (struct check_found){.check = &long_one,
					    .status = CHECK_FAIL};
	text = shown(f, 40, false);
	lines_fit(text);
	last = strstr(text, "Fit for");
	assert_non_null(last);
	assert_string_equal(last, "Fit for real-time guests: no, 40 of 40 "
				  "fail: a-name-of-24-characters ...\n");
	free(text);
}

TEST(a_measurement_sees_a_cpu_at_work)
{
	struct measured m;
	struct cpumask cpus = {0};
	cpu_set_t set;
	int cpu = 0;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	while (!CPU_ISSET(cpu, &set))
		cpu++;
	cpumask_add(&cpus, cpu);
	measured_take(&m, &cpus, 0, 20000000);
	assert_int_equal(m.ns, 20000000);
	assert_int_equal(m.cpu, cpu);
	assert_true(m.lost_ns >= m.longest_ns);
	assert_true(m.irqs_known && m.softirqs_known && m.steal_known);
}
