/* SPDX-License-Identifier: BSD-2-Clause */
/* test_exit_profile.c - a profile of exits out of traces as they are recorded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/result/exit_profile.h"

#define NR_THREADS 2

static const struct span_thread threads[NR_THREADS] = {
	{.tid = 101, .vcpu = 0},
	{.tid = 102, .vcpu = 1},
};

/* One block with events, unless b is there. */
static struct exit_profile *profile_in(const char *text, struct blocks *b)
{
	struct exit_profile *p = calloc(1, sizeof(*p));
	FILE *f = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct trace_log log = {0};
	struct blocks whole = {0};
	unsigned int line;

	assert_true(p && f);
	assert_null(trace_log_read(&log, f, &line));
	fclose(f);
	if (!b) {
		blocks_begin(&whole, 0, true);
		blocks_end(&whole, UINT64_MAX);
		b = &whole;
	}
	exit_profile(p, &log, b, threads, NR_THREADS);
	trace_log_free(&log);
	blocks_free(b);
	return p;
}

/* Of VMX, as a 6.12 has it: a timer's MSR, a port, a halt; 5000 is the MSR's.
 */
static const char vmx[] = "1000 1 101 kvm_exit 32 5000 1 \n"
			  "1040 1 101 kvm_apic 896 17 1 \n"
			  "1050 1 101 kvm_msr 1760 99 1 \n"
			  "1100 1 101 kvm_entry 0 0 0 \n"
			  "2000 1 101 kvm_exit 30 6000 1 \n"
			  "2050 1 101 kvm_pio 1296 4 1 \n"
			  "2060 1 101 kvm_userspace_exit 2 0 0 \n"
			  "2500 1 101 kvm_entry 0 0 0 \n"
			  "3000 1 101 kvm_exit 12 7000 1 \n"
			  "93000 1 101 kvm_entry 0 0 0 \n"
			  "94000 1 101 kvm_exit 32 5000 1 \n"
			  "94050 1 101 kvm_msr 1760 100 1 \n"
			  "94300 1 101 kvm_entry 0 0 0 \n"
			  "95000 1 101 kvm_exit 32 5000 1 \n"
			  "95050 1 101 kvm_msr 1760 100 1 \n"
			  "95200 1 101 kvm_entry 0 0 0 \n";

static void assert_row(const struct exit_row *r, uint64_t rip, uint64_t nr,
		       uint64_t p50, uint64_t max)
{
	assert_int_equal(r->rip, rip);
	assert_int_equal(r->nr, nr);
	assert_int_equal(r->p50, p50);
	assert_int_equal(r->max, max);
}

TEST(exits_are_grouped_by_reason_place_and_access)
{
	struct exit_profile *p = profile_in(vmx, NULL);

	assert_int_equal(p->nr, 5);
	assert_int_equal(p->cut, 0);
	assert_int_equal(p->nr_rows, 3);
	/* 600 in all, 500, and the halt is last and not in the sum. */
	assert_int_equal(p->sum, 1100);
	assert_row(&p->rows[0], 5000, 3, 200, 300);
	assert_int_equal(p->rows[0].sum, 600);
	assert_int_equal(p->rows[0].isa, EXIT_VMX);
	assert_int_equal(p->rows[0].reason, 32);
	/* The register of the APIC is another name of the MSR. */
	assert_int_equal(p->rows[0].access.kind, ACCESS_MSR);
	assert_int_equal(p->rows[0].access.at, 0x6e0);
	assert_true(p->rows[0].access.is_write);
	assert_int_equal(p->rows[0].nr_user, 0);
	assert_row(&p->rows[1], 6000, 1, 500, 500);
	assert_int_equal(p->rows[1].access.kind, ACCESS_PORT);
	assert_int_equal(p->rows[1].access.at, 0x510);
	assert_int_equal(p->rows[1].access.len, 4);
	assert_int_equal(p->rows[1].nr_user, 1);
	assert_row(&p->rows[2], 7000, 1, 90000, 90000);
	assert_int_equal(p->rows[2].access.kind, ACCESS_NONE);
	assert_int_equal(p->other_rows, 0);
	free(p);
}

TEST(exits_of_svm_have_their_own_reasons)
{
	struct exit_profile *p =
		profile_in("10 0 102 kvm_exit 124 5000 2 \n"
			   "15 0 102 kvm_msr 27 0 0 \n"
			   "30 0 102 kvm_entry 1 0 0 \n"
			   "50 0 102 kvm_exit 120 5010 2 \n"
			   "950 0 102 kvm_entry 1 0 0 \n"
			   "960 0 102 kvm_exit 1024 5020 2 \n"
			   "965 0 102 kvm_page_fault 4096 0 0 \n"
			   "970 0 102 kvm_mmio 4273995776 4 2 \n"
			   "1000 0 102 kvm_entry 1 0 0 \n"
			   "1010 0 102 kvm_exit 129 5030 2 \n"
			   "1020 0 102 kvm_hypercall 5 0 0 \n"
			   "1022 0 102 kvm_entry 1 0 0 \n",
			   NULL);

	assert_int_equal(p->nr_rows, 4);
	assert_int_equal(p->sum, 72);
	assert_row(&p->rows[0], 5020, 1, 40, 40);
	/* A device's address is no page that RAM lacks. */
	assert_int_equal(p->rows[0].access.kind, ACCESS_MEMORY);
	assert_int_equal(p->rows[0].access.at, 0xfec00000);
	assert_true(p->rows[0].access.is_write);
	assert_int_equal(p->rows[1].access.kind, ACCESS_MSR);
	assert_false(p->rows[1].access.is_write);
	assert_int_equal(p->rows[2].access.kind, ACCESS_CALL);
	assert_int_equal(p->rows[2].access.at, 5);
	/* HLT of SVM. */
	assert_row(&p->rows[3], 5010, 1, 900, 900);
	free(p);
}

TEST(exits_of_two_vcpus_are_paired_by_their_threads)
{
	/* 103 is another VM's, on the same CPU. */
	struct exit_profile *p = profile_in("10 0 101 kvm_exit 10 1 1 \n"
					    "11 1 102 kvm_exit 18 2 1 \n"
					    "12 0 103 kvm_exit 10 3 1 \n"
					    "13 1 102 kvm_hypercall 7 0 0 \n"
					    "14 0 103 kvm_entry 0 0 0 \n"
					    "20 1 102 kvm_entry 1 0 0 \n"
					    "40 0 101 kvm_entry 0 0 0 \n",
					    NULL);

	assert_int_equal(p->nr, 2);
	assert_int_equal(p->cut, 0);
	assert_row(&p->rows[0], 1, 1, 30, 30);
	assert_int_equal(p->rows[0].access.kind, ACCESS_NONE);
	assert_row(&p->rows[1], 2, 1, 9, 9);
	assert_int_equal(p->rows[1].access.kind, ACCESS_CALL);
	free(p);
}

TEST(exit_of_a_vcpu_that_moved_has_its_entry_on_the_other_cpu)
{
	struct exit_profile *p = profile_in("10 0 101 kvm_exit 1 1 1 \n"
					    "70 3 101 kvm_entry 0 0 0 \n",
					    NULL);

	assert_int_equal(p->nr, 1);
	assert_row(&p->rows[0], 1, 1, 60, 60);
	free(p);
}

TEST(exits_without_their_entry_are_cut)
{
	/* An entry alone, an exit whose entry is lost, one at the end. */
	struct exit_profile *p =
		profile_in("5 0 101 kvm_entry 0 0 0 \n"
			   "10 0 101 kvm_exit 10 1 1 \n"
			   "20 0 101 kvm_exit 10 1 1 \n"
			   "24 0 101 kvm_entry 0 0 0 \n"
			   "25 0 101 kvm_entry 0 0 0 \n"
			   "30 0 101 kvm_exit 10 1 1 \n"
			   "35 0 101 kvm_userspace_exit 2 0 0 \n",
			   NULL);

	assert_int_equal(p->nr, 1);
	assert_int_equal(p->cut, 2);
	assert_row(&p->rows[0], 1, 1, 4, 4);
	assert_int_equal(p->rows[0].nr_user, 0);
	free(p);
}

TEST(exits_count_within_a_block_that_has_all_events)
{
	struct blocks b = {0};
	struct exit_profile *p;

	blocks_begin(&b, 0, true);
	blocks_end(&b, 100);
	blocks_begin(&b, 101, false);
	blocks_end(&b, 200);
	blocks_begin(&b, 201, true);
	blocks_end(&b, 300);
	blocks_begin(&b, 301, true);
	blocks_lost(&b);
	blocks_end(&b, 400);
	p = profile_in("10 0 101 kvm_exit 10 1 1 \n"
		       "20 0 101 kvm_entry 0 0 0 \n"
		       /* Over two blocks. */
		       "90 0 101 kvm_exit 12 2 1 \n"
		       "210 0 101 kvm_entry 0 0 0 \n"
		       "220 0 101 kvm_exit 10 1 1 \n"
		       "240 0 101 kvm_entry 0 0 0 \n"
		       /* In one that lacks events. */
		       "310 0 101 kvm_exit 10 1 1 \n"
		       "340 0 101 kvm_entry 0 0 0 \n",
		       &b);
	assert_int_equal(p->nr, 2);
	assert_int_equal(p->cut, 2);
	assert_int_equal(p->nr_rows, 1);
	assert_row(&p->rows[0], 1, 2, 10, 20);
	free(p);
}

/* Each at another instruction: the dearest have rows, the others a sum. */
TEST(exits_of_more_places_than_rows_are_added_up)
{
	const unsigned int nr = EXITS_ROWS + 10;
	struct exit_profile *p;
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	for (unsigned int i = 0; i < nr; i++)
		fprintf(f,
			"%u 0 101 kvm_exit 10 %u 1 \n"
			"%u 0 101 kvm_entry 0 0 0 \n",
			1000 * i, i, 1000 * i + i + 1);
	fclose(f);
	p = profile_in(text, NULL);
	assert_int_equal(p->nr, nr);
	assert_int_equal(p->nr_rows, EXITS_ROWS);
	assert_int_equal(p->other_rows, 10);
	assert_int_equal(p->other_nr, 10);
	assert_int_equal(p->other_sum, 55);
	assert_int_equal(p->sum, nr * (nr + 1) / 2);
	assert_int_equal(p->rows[0].rip, nr - 1);
	assert_int_equal(p->rows[EXITS_ROWS - 1].rip, 10);
	free(p);
	free(text);
}

TEST(profile_of_nothing_is_empty)
{
	struct exit_profile *p = profile_in("5 0 101 kvm_entry 0 0 0 \n", NULL);

	assert_int_equal(p->nr + p->cut + p->nr_rows, 0);
	free(p);
}
