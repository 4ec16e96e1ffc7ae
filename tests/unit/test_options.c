/* SPDX-License-Identifier: BSD-2-Clause */
/* test_options.c - the command line: what it means, and what it refuses. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/unit/unit.h"
#include "vmm/base/die.h"
#include "vmm/commands/options.h"

#define MAX_ARGS 8

/* A command line: "run" and words parted by blanks. */
struct line {
	char text[256];
	char *argv[MAX_ARGS + 1];
	int argc;
};

static void line_make(struct line *l, const char *text)
{
	char *save = NULL;

	snprintf(l->text, sizeof(l->text), "%s", text);
	l->argc = 0;
	for (char *w = strtok_r(l->text, " ", &save); w && l->argc < MAX_ARGS;
	     w = strtok_r(NULL, " ", &save))
		l->argv[l->argc++] = w;
	l->argv[l->argc] = NULL;
}

static void parse(struct options *o, struct line *l, const char *text)
{
	line_make(l, text);
	options_parse(o, command_find(l->argv[0]), l->argc, l->argv);
}

static void parse_and_end(void *arg)
{
	struct options o;
	struct line l;

	parse(&o, &l, arg);
}

static void assert_refuses(const char *text, const char *message)
{
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", text);
	assert_dies(parse_and_end, copy, message);
}

TEST(options_have_the_documented_defaults)
{
	struct options o;
	struct line l;

	parse(&o, &l, "run");
	assert_int_equal(o.config.machine.irqchip, IRQCHIP_SPLIT);
	assert_int_equal(o.config.machine.page_len, 4096);
	assert_int_equal(o.config.placement.prio, VCPU_PRIO_CHOSEN);
	assert_int_equal(o.config.placement.dma_latency_us, 5);
	assert_int_equal(o.config.placement.nr_cpus, 0);
	assert_int_equal(o.config.machine.nr_vcpus, 0);
	assert_int_equal(o.config.machine.mem_len, 0);
	assert_int_equal(o.config.limit_ms, 0);
	assert_false(o.config.strict || o.config.placement.overcommit ||
		     o.config.output.quiet);
	assert_null(o.config.output.json);
	assert_int_equal(o.nr_args, 0);
}

TEST(options_leave_the_payload_and_its_parameters)
{
	struct options o;
	struct line l;

	parse(&o, &l, "run --prio 5 hello count=3 --strict mode=x");
	assert_int_equal(o.nr_args, 3);
	assert_string_equal(o.args[0], "hello");
	assert_string_equal(o.args[1], "count=3");
	assert_string_equal(o.args[2], "mode=x");
	assert_int_equal(o.config.placement.prio, 5);
	assert_true(o.config.strict);
}

TEST(options_of_the_machine_are_taken)
{
	struct options o;
	struct line l;

	parse(&o, &l, "run --cpus 2,4-5 --vcpus 3 --irqchip none -q");
	assert_int_equal(o.config.placement.nr_cpus, 3);
	assert_int_equal(o.config.placement.cpus[0], 2);
	assert_int_equal(o.config.placement.cpus[2], 5);
	assert_int_equal(o.config.machine.nr_vcpus, 3);
	assert_int_equal(o.config.machine.irqchip, IRQCHIP_NONE);
	assert_true(o.config.output.quiet);
	parse(&o, &l, "run --irqchip=kernel --allow-overcommit --json f");
	assert_null(o.config.output.raw);
	assert_int_equal(o.config.machine.irqchip, IRQCHIP_KERNEL);
	assert_true(o.config.placement.overcommit);
	assert_string_equal(o.config.output.json, "f");
	parse(&o, &l, "run --raw samples.csv");
	assert_string_equal(o.config.output.raw, "samples.csv");
	parse(&o, &l, "bench --quick --out d");
	assert_string_equal(o.command->name, "bench");
	assert_int_equal(o.nr_args, 0);
}

TEST(options_have_how_long_cpus_may_take_to_wake_up)
{
	static const struct {
		const char *text;
		int32_t us;
	} good[] = {
		{"run --dma-latency 0", 0},
		{"run --dma-latency 20", 20},
		{"run --dma-latency 3us", 3},
		{"run --dma-latency 1ms", 1000},
		{"run --dma-latency 2000s", 2000000000},
		{"run --dma-latency none", DMA_LATENCY_NONE},
	};
	struct options o;
	struct line l;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		parse(&o, &l, good[i].text);
		assert_int_equal(o.config.placement.dma_latency_us, good[i].us);
	}
	assert_refuses("run --dma-latency 2001s", "up to 2000s, or none");
	assert_refuses("run --dma-latency -1", "got '-1'");
	assert_refuses("run --dma-latency 1500ns", "whole us, got '1500ns'");
}

TEST(options_have_the_letters_of_cyclictest)
{
	struct options o;
	struct line l;

	parse(&o, &l, "run -a 1,2 -p 7");
	assert_int_equal(o.config.placement.cpus[1], 2);
	assert_int_equal(o.config.placement.prio, 7);
	parse(&o, &l, "run -b 100 -D 10m -q");
	assert_int_equal(o.config.break_at_ns, 100000);
	assert_true(o.config.duration_ns == 600000000000);
	assert_true(o.config.output.quiet);
}

TEST(options_that_are_mistyped_are_told_the_nearest)
{
	assert_refuses("run --jsno f", "'--jsno'; did you mean --json?");
	assert_refuses("sweep --ruonds=3", "did you mean --rounds?");
	assert_refuses("run --quack=3", "no option '--quack'");
	assert_refuses("run --frobnicate", "see 'latvisor run --help'");
}

TEST(options_take_a_limit_of_samples_with_its_unit)
{
	static const struct {
		const char *text;
		uint64_t ns, cycles;
	} limits[] = {
		{"run --break-at 1ns", 1, 0},
		{"run --break-at 100", 100000, 0},
		{"run --break-at 1.5us", 1500, 0},
		{"run --break-at 1m", 60000000000, 0},
		{"run --break-at 1e3us", 1000000, 0},
		{"run --break-at 100us", 100000, 0},
		{"run --break-at 3ms", 3000000, 0},
		{"run --break-at 1000s", 1000000000000, 0},
		{"run --break-at 9000cycles", 0, 9000},
		{"run --break-at 9000cycles --break-at 2us", 2000, 0},
		{"run --break-at 2us --break-at 9000cycles", 0, 9000},
	};

	for (unsigned int i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		struct options o;
		struct line l;

		parse(&o, &l, limits[i].text);
		assert_int_equal(o.config.break_at_ns, limits[i].ns);
		assert_int_equal(o.config.break_at_cycles, limits[i].cycles);
		assert_false(o.config.break_at_insns);
	}
}

TEST(options_refuse_a_limit_of_samples_that_is_none)
{
	static const char *const values[] = {
		"us",
		"0us",
		"-1us",
		"+1us",
		"100usx",
		"100US",
		"1cycle",
		"1001s",
		"0x10us",
		"1ns1",
		"1us,",
		"us100",
		"ten_us",
		"",
		"18446744073709551617ns",
		"18446744073709551615s",
	};

	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		char text[128];

		snprintf(text, sizeof(text), "run --break-at=%s", values[i]);
		assert_refuses(text, "--break-at wants");
		assert_refuses(text, values[i]);
	}
}

TEST(options_take_sizes_with_a_suffix)
{
	struct options o;
	struct line l;

	parse(&o, &l, "run --mem 16M --page-size 2M");
	assert_int_equal(o.config.machine.mem_len, 16 << 20);
	assert_int_equal(o.config.machine.page_len, 2 << 20);
	parse(&o, &l, "run --mem 64k --page-size 4096");
	assert_int_equal(o.config.machine.mem_len, 64 << 10);
	assert_int_equal(o.config.machine.page_len, 4096);
	parse(&o, &l, "run --page-size 1g --mem 123");
	assert_int_equal(o.config.machine.page_len, 1 << 30);
	assert_int_equal(o.config.machine.mem_len, 123);
}

TEST(options_refuse_broken_sizes)
{
	static const char *const sizes[] = {
		"0",   "-1",  "x",    "1T",	    "1MM",
		"1M ", "0x1", "1.5M", "2000000000", "99999999999999999999"};
	char text[64];

	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		if (strchr(sizes[i], ' '))
			continue;
		snprintf(text, sizeof(text), "run --mem=%s", sizes[i]);
		assert_refuses(text, "--mem wants a size like 64K, 16M or 1G");
	}
	assert_refuses("run --page-size 8K", "--page-size wants 4K, 2M or 1G, "
					     "got '8K'");
}

TEST(options_refuse_broken_numbers)
{
	assert_refuses("run --vcpus 0", "--vcpus wants a number from 1 to 64");
	assert_refuses("run --vcpus 65", "got '65'");
	assert_refuses("run --vcpus=-1", "got '-1'");
	assert_refuses("run --vcpus 1x", "got '1x'");
	assert_refuses("run --vcpus=", "got ''");
	assert_refuses("run --vcpus 99999999999999999999", "--vcpus wants");
	assert_refuses("run --prio 99", "--prio wants a number from 0 to 98");
	assert_refuses("run --prio=+1", "got '+1'");
}

TEST(options_take_a_limit_in_seconds)
{
	static const char *const bad[] = {"0",	    "-1",    "nan",
					  "inf",    "1d",    "x",
					  "0.0001", "1e300", "31622401"};
	struct options o;
	struct line l;
	char text[64];

	parse(&o, &l, "run --limit 1.5");
	assert_int_equal(o.config.limit_ms, 1500);
	parse(&o, &l, "run --limit 0.001");
	assert_int_equal(o.config.limit_ms, 1);
	parse(&o, &l, "run --limit 10m");
	assert_int_equal(o.config.limit_ms, 600000);
	parse(&o, &l, "run --limit 250ms");
	assert_int_equal(o.config.limit_ms, 250);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(text, sizeof(text), "run --limit=%s", bad[i]);
		assert_refuses(text, "--limit wants a time");
	}
}

TEST(options_refuse_broken_lists_of_cpus)
{
	assert_refuses("run --cpus x", "--cpus wants a list of CPUs");
	assert_refuses("run --cpus=", "got ''");
	assert_refuses("run --cpus 3-1", "got '3-1'");
	assert_refuses("run --cpus 0-64", "at most 64");
	assert_refuses("run --cpus 4096", "got '4096'");
}

TEST(options_refuse_an_unknown_irqchip)
{
	assert_refuses("run --irqchip full", "--irqchip wants split, kernel or "
					     "none, got 'full'");
	assert_string_equal(irqchip_name(IRQCHIP_SPLIT), "split");
	assert_string_equal(irqchip_name((enum irqchip)99), "?");
}

TEST(options_take_thresholds_one_after_the_other)
{
	struct options o;
	struct line l;

	parse(&o, &l, "run --fail-if p99.9>20us --fail-if missed>0");
	assert_int_equal(o.config.nr_thresholds, 2);
	assert_string_equal(o.config.thresholds[0].text, "p99.9>20us");
	assert_int_equal(o.config.thresholds[1].stat, THRESHOLD_MISSED);
	parse(&o, &l, "bench --fail-if=lateness:max>1ms");
	assert_string_equal(o.config.thresholds[0].metric, "lateness");
	parse(&o, &l, "run");
	assert_int_equal(o.config.nr_thresholds, 0);
	assert_refuses("run --fail-if p99>20",
		       "--fail-if: p99 is a time and wants a unit, ns, us, ms");
	assert_refuses("run --fail-if=", "--fail-if: wanted min, mean, max");
}

TEST(options_that_are_unknown_end_with_status_2)
{
	static char lines[][32] = {"run --no-such-option", "bench --json f",
				   "list --quick", "run --vcpus", "run -z"};
	struct child c;

	for (unsigned int i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		child_run(&c, parse_and_end, lines[i]);
		assert_true(WIFEXITED(c.status));
		assert_int_equal(WEXITSTATUS(c.status), 2);
		assert_has(c.err, "latvisor ");
	}
}

TEST(options_help_names_every_option)
{
	char help[] = "run --help";
	struct child c;

	child_run(&c, parse_and_end, help);
	assert_int_equal(c.status, 0);
	assert_has(c.out, "--cpus=LIST");
	assert_has(c.out, "--irqchip=KIND");
	assert_has(c.out, "--page-size=SIZE");
	assert_has(c.out, "--json=FILE");
	assert_string_equal(c.err, "");
}

static void end_with_errno(void *arg)
{
	(void)arg;
	errno = 2;
	die_errno("cannot open %s", "it");
}

static void end_with_skip(void *arg)
{
	(void)arg;
	die_skip("no %s here", "KVM");
}

TEST(die_says_one_sentence_and_has_its_status)
{
	assert_dies(end_with_errno, NULL,
		    "latvisor: cannot open it: No such file or directory\n");
	assert_ends(end_with_skip, NULL, 77, "latvisor: no KVM here\n");
}
