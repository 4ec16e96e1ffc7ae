/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_stress_host.c - disturbances that change the host: on a made-up one.
 * Each says what it lacks, changes what it says, and gives it back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/run/stress_work.h"

#define CPU	 "/sys/devices/system/cpu/cpu"
#define MAX_FREQ "/cpufreq/scaling_max_freq"
#define MIN_FREQ "/cpufreq/cpuinfo_min_freq"
#define SOURCE	 "/sys/devices/system/clocksource/clocksource0/"

struct fake {
	char root[64];
	struct stress_host host;
};

static void put(const struct fake *f, const char *path, const char *text)
{
	char whole[256], make[512];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s%s", f->root, path);
	snprintf(make, sizeof(make), "mkdir -p \"$(dirname %s)\"", whole);
	assert_int_equal(system(make), 0);
	file = fopen(whole, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void fake_new(struct fake *f)
{
	strcpy(f->root, "/tmp/latvisor-unit-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	f->host = (struct stress_host){.latvisor = getpid(), .root = f->root};
	sched_getaffinity(0, sizeof(f->host.cpus), &f->host.cpus);
}

static void fake_free(struct fake *f)
{
	char rm[80];

	snprintf(rm, sizeof(rm), "rm -r %s", f->root);
	assert_int_equal(system(rm), 0);
}

static const struct stress *named(const char *name)
{
	const struct stress *s = stress_find(name, strlen(name));

	assert_non_null(s);
	return s;
}

static void lacks(const struct fake *f, const char *name, const char *what)
{
	char why[STRESS_WHY_LEN] = "nothing";
	bool is_lacking = named(name)->lacks(&f->host, why, sizeof(why));

	assert_int_equal(is_lacking, what != NULL);
	if (what && !strstr(why, what))
		fail_msg("%s: wanted '%s', got '%s'", name, what, why);
}

/* Begins it, waits until the file has that, ends it. */
static void changes(const struct fake *f, const char *name, const char *path,
		    const char *wanted)
{
	struct stress_mix mix = {.nr = 1, .parts = {named(name)}};
	struct stress_workers *w = stress_workers_open(&f->host);
	char why[STRESS_HOW_LEN], value[STRESS_VALUE_LEN] = "";

	assert_non_null(w);
	assert_true(stress_workers_begin(w, &mix, why, sizeof(why)));
	for (int ms = 0; ms < 20000 && strcmp(value, wanted) != 0; ms++) {
		usleep(1000);
		stress_read(&f->host, path, value);
	}
	assert_string_equal(value, wanted);
	assert_true(stress_workers_end(w, why, sizeof(why)) > 0);
	stress_workers_close(w);
}

static void assert_has_again(const struct fake *f, const char *path,
			     const char *wanted)
{
	char value[STRESS_VALUE_LEN];

	assert_true(stress_read(&f->host, path, value));
	assert_string_equal(value, wanted);
}

TEST(stress_changes_the_frequency_and_gives_it_back)
{
	struct fake f;
	char path[128];

	fake_new(&f);
	lacks(&f, "freq", "cpufreq, which this host does not have");
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &f.host.cpus))
			continue;
		snprintf(path, sizeof(path), CPU "%zu" MAX_FREQ, cpu);
		put(&f, path, "3000000\n");
		snprintf(path, sizeof(path), CPU "%zu" MIN_FREQ, cpu);
		put(&f, path, "800000\n");
	}
	lacks(&f, "freq", NULL);
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &f.host.cpus))
			continue;
		snprintf(path, sizeof(path), CPU "%zu" MAX_FREQ, cpu);
		changes(&f, "freq", path, "800000");
		assert_has_again(&f, path, "3000000");
	}
	fake_free(&f);
}

TEST(stress_takes_a_cpu_that_can_be_spared_offline)
{
	struct fake f;

	fake_new(&f);
	CPU_ZERO(&f.host.cpus);
	CPU_SET(0, &f.host.cpus);
	lacks(&f, "hotplug", "two CPUs without a vCPU");
	CPU_SET(7, &f.host.cpus);
	lacks(&f, "hotplug", "a kernel with CPU hotplug");
	put(&f, CPU "7/online", "1");
	lacks(&f, "hotplug", NULL);
	changes(&f, "hotplug", CPU "7/online", "0");
	assert_has_again(&f, CPU "7/online", "1");
	fake_free(&f);
}

TEST(stress_changes_the_clocksource_and_gives_it_back)
{
	struct fake f;

	fake_new(&f);
	lacks(&f, "clocksource", "a second clocksource");
	put(&f, SOURCE "current_clocksource", "tsc\n");
	put(&f, SOURCE "available_clocksource", "tsc \n");
	lacks(&f, "clocksource", "a second clocksource");
	put(&f, SOURCE "available_clocksource", "tsc hpet acpi_pm \n");
	lacks(&f, "clocksource", NULL);
	changes(&f, "clocksource", SOURCE "current_clocksource", "hpet");
	assert_has_again(&f, SOURCE "current_clocksource", "tsc");
	fake_free(&f);
}

TEST(stress_swaps_where_there_is_swap)
{
	struct fake f;

	fake_new(&f);
	lacks(&f, "swap", "swap space: swapon(8)");
	put(&f, "/proc/swaps", "Filename Type Size Used Priority\n");
	lacks(&f, "swap", "swap space: swapon(8)");
	put(&f, "/proc/swaps",
	    "Filename Type Size Used Priority\n/dev/a partition 9 0 -2\n");
	lacks(&f, "swap", NULL);
	fake_free(&f);
}

TEST(stress_of_the_host_says_what_a_plan_lacks)
{
	char why[2 * STRESS_WHY_LEN];
	struct stress_plan plan;
	struct fake f;

	fake_new(&f);
	assert_null(stress_parse(&plan, "poll,cpu+swap", why, sizeof(why)));
	assert_true(stress_lacks(&plan, &f.host, why, sizeof(why)));
	assert_string_equal(why, "swap needs swap space: swapon(8)");
	fake_free(&f);
}
