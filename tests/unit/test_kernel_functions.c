/* SPDX-License-Identifier: BSD-2-Clause */
/* test_kernel_functions.c - names of functions of the kernel. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/traced.h"
#include "tests/unit/unit.h"
#include "vmm/host/kernel_functions.h"

/* What an event at that address is called, by such a file. */
static void assert_function(const char *kallsyms, uint64_t address,
			    const char *name)
{
	FILE *f = fmemopen((void *)(uintptr_t)kallsyms, strlen(kallsyms), "r");
	struct traced t;

	assert_non_null(f);
	traced_init(&t);
	traced_on(&t, 1, 0, TRACE_HRTIMER, address, NULL);
	traced_on(&t, 2, 0, TRACE_IRQ, address, "eth0");
	traced_on(&t, 3, 0, TRACE_WORK, address + 5, NULL);
	kernel_functions_name(f, &t.log);
	assert_string_equal(trace_log_function(&t.log, &t.log.events[0]), name);
	assert_string_equal(trace_log_text(&t.log, t.log.events[1].text),
			    "eth0");
	assert_string_equal(trace_log_function(&t.log, &t.log.events[2]),
			    "unknown function");
	traced_free(&t);
	fclose(f);
}

TEST(kernel_functions_are_those_of_the_file)
{
	static const char file[] = "ffffffff81000000 T _text\n"
				   "ffffffff8141e4a0 t before\n"
				   "ffffffff8141e4b0 D data\n"
				   "ffffffff8141e4b0 t hrtimer_wakeup\n"
				   "ffffffff8141e4b0 t alias\n"
				   "ffffffff8141e4c0 W weak\n"
				   "ffffffff8141e4d0 w lower\n"
				   "ffffffffc0001230 t apic_timer_fn\t[kvm]\n"
				   "ffffffffc0001240 T";

	assert_function(file, 0xffffffff8141e4b0, "hrtimer_wakeup");
	assert_function(file, 0xffffffff8141e4c0, "weak");
	assert_function(file, 0xffffffff8141e4d0, "lower");
	assert_function(file, 0xffffffff81000000, "_text");
	assert_function(file, 0xffffffffc0001230, "apic_timer_fn");
	assert_function(file, 0xffffffff8141e4af, "unknown function");
	assert_function(file, 0xffffffffc0001240, "unknown function");
	/* Text only. */
	assert_function("ffffffff81000000 D data\n", 0xffffffff81000000,
			"unknown function");
	/* Cut where there is no more room for it. */
	assert_function("10 t kvm_nx_huge_page_recovery_worker\n", 0x10,
			"kvm_nx_huge_page_recovery_worke");
}

TEST(kernel_functions_are_unknown_where_addresses_are_hidden)
{
	assert_function("0000000000000000 T tick_nohz_handler\n", 0,
			"unknown function");
	assert_function("0000000000000000 T tick_nohz_handler\n",
			0xffffffff8141e4b0, "unknown function");
}

TEST(kernel_functions_of_any_file)
{
	static const char *const files[] = {"\n",
					    "x",
					    "ffffffff81000000",
					    "ffffffff81000000 ",
					    "ffffffff81000000 t",
					    "ffffffff81000000 tt x\n",
					    "ffffffff81000000 t \n",
					    "ffffffffffffffffffffff t x\n"};
	struct traced t;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		assert_function(files[i], 0xffffffff81000000,
				"unknown function");
	traced_init(&t);
	traced_on(&t, 1, 0, TRACE_HRTIMER, 5, NULL);
	kernel_functions_name(NULL, &t.log);
	assert_int_equal(t.log.events[0].text, 0);
	traced_free(&t);
}

/* In any order, some often, and more than have room. */
TEST(kernel_functions_of_many_events)
{
	char *file = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&file, &len);
	unsigned int named = 0;
	struct traced t;

	traced_init(&t);
	for (unsigned int i = 0; i < 3000; i++)
		traced_on(&t, i, 0, TRACE_WORK_END, 1 + i * 7919u % 1500, NULL);
	for (unsigned int i = 1500; i > 0; i--)
		fprintf(f, "%x t f%u\n", i, i);
	fclose(f);
	f = fmemopen(file, len, "r");
	kernel_functions_name(f, &t.log);
	fclose(f);
	for (unsigned int i = 0; i < 3000; i++) {
		const struct trace_event *e = &t.log.events[i];
		char name[16];

		snprintf(name, sizeof(name), "f%u", (unsigned int)e->a);
		if (e->text)
			assert_string_equal(trace_log_function(&t.log, e),
					    name);
		named += e->text != 0;
	}
	assert_int_equal(named, 2 * KERNEL_FUNCTIONS_MOST);
	traced_free(&t);
	free(file);
}
