/* SPDX-License-Identifier: BSD-2-Clause */
/* test_irq_counts.c - one CPU's column of /proc/interrupts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/host/irq_counts.h"

/* CPU 1 is offline; descriptions may begin with digits. */
static const char text[] =
	"            CPU0       CPU2       CPU3\n"
	"  8:          1          0          7   IO-APIC   8-edge      rtc0\n"
	" 24:        100         20         30  PCI-MSIX-0000:00:01.0   0-edge"
	"      virtio0-a-name-that-is-very-long-indeed\n"
	"LOC:       1000       2000       3000   Local timer interrupts\n"
	"SPU:          0          0          0\n"
	"ERR:          5\n";

static struct irq_counts *read_text(const char *from, size_t len, int cpu)
{
	struct irq_counts *c = calloc(1, sizeof(*c));
	int fd = memfd_create("interrupts", MFD_CLOEXEC);

	assert_non_null(c);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, from, len), len);
	irq_counts_read(c, fd, cpu);
	close(fd);
	return c;
}

/* Since the boot, that is. */
static uint64_t total(const struct irq_counts *c)
{
	static const struct irq_counts none;

	return irq_counts_total(&none, c);
}

TEST(irq_counts_are_those_of_the_cpus_column)
{
	struct irq_counts *c = read_text(text, sizeof(text) - 1, 2);

	assert_true(c->known);
	assert_int_equal(c->nr, 4);
	assert_int_equal(total(c), 2020);
	assert_string_equal(c->source[0].name, "8 rtc0");
	assert_int_equal(c->source[0].count, 0);
	assert_int_equal(c->source[1].count, 20);
	assert_string_equal(c->source[2].name, "LOC");
	assert_int_equal(c->source[2].count, 2000);
	free(c);
}

TEST(irq_counts_of_the_first_cpu_are_without_what_is_no_cpus)
{
	struct irq_counts *c = read_text(text, sizeof(text) - 1, 0);

	assert_int_equal(total(c), 1101);
	free(c);
}

TEST(irq_counts_cut_long_names)
{
	struct irq_counts *c = read_text(text, sizeof(text) - 1, 3);

	assert_int_equal(strlen(c->source[1].name), IRQ_NAME_LEN - 1);
	assert_has(c->source[1].name, "24 virtio0-a-name");
	free(c);
}

TEST(irq_counts_of_a_cpu_that_is_offline_are_not_known)
{
	struct irq_counts *c = read_text(text, sizeof(text) - 1, 1);

	assert_false(c->known);
	assert_int_equal(total(c), 0);
	free(c);
}

TEST(irq_counts_of_a_file_that_is_not_there_are_not_known)
{
	struct irq_counts *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	irq_counts_read(c, -ENOENT, 0);
	assert_false(c->known);
	free(c);
}

TEST(irq_counts_that_have_no_room_are_in_the_total)
{
	const uint32_t nr = IRQ_MAX_SOURCES + 100;
	char *many = malloc(64 * (size_t)(nr + 1));
	struct irq_counts *c;
	size_t at;

	assert_non_null(many);
	at = (size_t)sprintf(many, "  CPU0\n");
	for (uint32_t i = 0; i < nr; i++)
		at += (size_t)sprintf(many + at, "%u: 3 device%u\n", i, i);
	c = read_text(many, at, 0);
	assert_true(c->known);
	assert_int_equal(c->nr, IRQ_MAX_SOURCES);
	assert_int_equal(total(c), 3 * nr);
	free(c);
	free(many);
}

TEST(irq_counts_survive_any_bytes)
{
	char noise[20000];
	uint32_t x = 1;

	for (size_t i = 0; i < sizeof(noise); i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (char)(x >> 24);
	}
	for (int cpu = 0; cpu < 2; cpu++)
		free(read_text(noise, sizeof(noise), cpu));
	memcpy(noise, " CPU0 CPU1\n", 11);
	free(read_text(noise, sizeof(noise), 1));
}

TEST(irq_counts_top_has_the_most_first)
{
	struct irq_counts *a = read_text(text, sizeof(text) - 1, 0);
	struct irq_counts *b = read_text(text, sizeof(text) - 1, 2);
	struct irq_source top[2];

	/* A source that is new: all that it counted. */
	strcpy(a->source[0].name, "another");
	b->source[0].count = 11;
	b->source[1].count = 107;
	b->source[2].count = 1000;
	b->source[3].count = 9;
	assert_int_equal(irq_counts_top(a, b, top, 2), 2);
	assert_string_equal(top[0].name, "8 rtc0");
	assert_int_equal(top[0].count, 11);
	assert_string_equal(top[1].name, "SPU");
	assert_int_equal(top[1].count, 9);
	free(a);
	free(b);
}

TEST(irq_counts_top_of_nothing_new_is_empty)
{
	struct irq_counts *a = read_text(text, sizeof(text) - 1, 0);
	struct irq_source top[5];

	assert_int_equal(irq_counts_top(a, a, top, 5), 0);
	free(a);
}

/* Both moments of CPU 2, and that source's part of their difference. */
static void assert_counted(const char *before, const char *after,
			   uint64_t wanted, const char *name, uint64_t count)
{
	struct irq_counts *a = read_text(before, strlen(before), 2);
	struct irq_counts *b = read_text(after, strlen(after), 2);
	struct irq_source top[1];

	assert_true(a->known && b->known);
	assert_int_equal(irq_counts_total(a, b), wanted);
	assert_int_equal(irq_counts_top(a, b, top, 1), 1);
	assert_string_equal(top[0].name, name);
	assert_int_equal(top[0].count, count);
	free(a);
	free(b);
}

TEST(irq_counts_may_wrap)
{
	assert_counted("     CPU0       CPU2\n"
		       "LOC: 4294967290 4294967290 Local timer interrupts\n"
		       "RES: 7          4294967295 Rescheduling interrupts\n",
		       "     CPU0       CPU2\n"
		       "LOC: 994        994        Local timer interrupts\n"
		       "RES: 7          2          Rescheduling interrupts\n",
		       1003, "LOC", 1000);
}

TEST(irq_counts_may_wrap_without_room_for_them)
{
	struct irq_counts *a = calloc(1, sizeof(*a));
	struct irq_counts *b = calloc(1, sizeof(*b));

	assert_true(a && b);
	a->unlisted = 2ull * UINT32_MAX; /* two sources, then one wraps */
	b->unlisted = UINT32_MAX + 9ull;
	assert_int_equal(irq_counts_total(a, b), 10);
	free(a);
	free(b);
}

/* The CPU's column is another one then. */
TEST(irq_counts_of_a_cpu_outlive_that_another_comes_or_goes)
{
	static const char one[] = "     CPU2\n"
				  "LOC: 4294967290 Local timer interrupts\n";
	static const char two[] = "     CPU0 CPU2 CPU3\n"
				  "LOC: 5 14 6 Local timer interrupts\n";
	static const char three[] = "     CPU2 CPU3\n"
				    "LOC: 40 8 Local timer interrupts\n";

	assert_counted(one, two, 20, "LOC", 20);
	assert_counted(two, three, 26, "LOC", 26);
}

TEST(irq_counts_of_a_source_that_is_new_are_all_that_it_has)
{
	assert_counted("     CPU2\n"
		       " 24: 100 PCI-MSIX 0-edge eth0\n"
		       "LOC: 4294967290 Local timer interrupts\n",
		       "     CPU2\n"
		       " 23: 30 PCI-MSIX 0-edge nvme0q1\n"
		       " 24: 101 PCI-MSIX 0-edge eth0\n"
		       "LOC: 4 Local timer interrupts\n",
		       41, "23 nvme0q1", 30);
}

/* Its line is gone: what it counted in between is not known. */
TEST(irq_counts_are_without_a_source_that_went)
{
	assert_counted("     CPU2\n"
		       " 24: 100 PCI-MSIX 0-edge eth0\n"
		       "LOC: 1000 Local timer interrupts\n",
		       "     CPU2\n"
		       "LOC: 1003 Local timer interrupts\n",
		       3, "LOC", 3);
}
