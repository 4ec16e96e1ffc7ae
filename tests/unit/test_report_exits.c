/* SPDX-License-Identifier: BSD-2-Clause */
/* test_report_exits.c - what people are told of exits. */
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/text.h"

static struct made *made_exits(void)
{
	struct made *m = made_new();
	struct result_exits *x = &m->r->exits;

	x->asked = true;
	x->vcpus = calloc(MADE_VCPUS, sizeof(*x->vcpus));
	assert_non_null(x->vcpus);
	x->blocks_tsc = 100000000; /* 50 ms */
	x->all_tsc = 220000000;
	x->nr_blocks = 1;
	return m;
}

static void add_row(struct made *m, uint32_t reason, uint64_t nr,
		    uint64_t ticks)
{
	struct exit_profile *p = &m->r->exits.p;
	struct exit_words *w = &m->r->exits.words[p->nr_rows];

	p->rows[p->nr_rows++] = (struct exit_row){.isa = EXIT_VMX,
						  .reason = reason,
						  .nr = nr,
						  .p50 = ticks,
						  .max = 2 * ticks,
						  .sum = nr * ticks};
	p->nr += nr;
	if (reason != 12)
		p->sum += nr * ticks;
	strcpy(w->at.symbol, "timer_arm+0x1c");
	strcpy(w->at.instruction, "wrmsr");
	strcpy(w->line, "guest-firmware/irq.h:120");
}

TEST(report_shows_exits_with_their_places)
{
	struct made *m = made_exits();
	struct result_exits *x = &m->r->exits;
	const char *text;

	add_row(m, 32, 1500, 2000);
	add_row(m, 30, 500, 2000);
	add_row(m, 12, 10, 2000000);
	x->p.rows[1].nr_user = 500;
	x->p.rows[2].nr_user = 3;
	x->p.cut = 4;
	x->lost = 5;
	strcpy(x->words[0].what, "write IA32_TSC_DEADLINE (MSR 0x6e0)");
	x->words[1].line[0] = x->words[1].at.instruction[0] = '\0';
	text = made_written(m, report_exits);
	assert_has(text, "exits: 2,010 recorded in 50 of 110 ms, 4 cut, 5 "
			 "events lost\n");
	assert_has(text, "     exits        p50         max     %  exit to "
			 "entry, in ns\n");
	assert_has(text, "     1,500      1,000       2,000  75.0  WRMSR\n"
			 "       write IA32_TSC_DEADLINE (MSR 0x6e0)\n"
			 "       guest-firmware/irq.h:120 in timer_arm+0x1c: "
			 "wrmsr\n");
	assert_has(text, "       500      1,000       2,000  25.0  I/O "
			 "instruction, to latvisor\n"
			 "       timer_arm+0x1c: no code there\n");
	assert_has(text, "        10  1,000,000   2,000,000     -  HLT, with "
			 "its sleep, 3 to latvisor\n");
	assert_lacks(text, "more row");
	assert_lacks(text, "halts by KVM");
	made_free(m);
}

TEST(report_of_exits_keeps_to_the_page_and_names_what_it_leaves_out)
{
	struct made *m = made_exits();
	struct result_exits *x = &m->r->exits;
	const char *text;

	for (unsigned int i = 0; i < 24; i++) {
		struct exit_words *w = &x->words[i];

		/* Halts are the last six. */
		add_row(m, i < 18 ? 28 : 12, 3, 1000000000000000);
		memset(w->at.symbol, 's', sizeof(w->at.symbol) - 1);
		memset(w->at.instruction, 'i', sizeof(w->at.instruction) - 1);
		memset(w->line, 'l', sizeof(w->line) - 1);
		memset(w->what, 'w', sizeof(w->what) - 1);
	}
	x->p.other_rows = 7;
	x->p.other_nr = 1000;
	text = made_written(m, report_exits);
	assert_has(text, "  11 more rows, of 1,012 exits\n");
	for (const char *at = text; *at; at += strcspn(at, "\n") + 1)
		if (at[7] == 'l' || at[7] == 'w')
			assert_true(strcspn(at, "\n") <= 79);
	made_free(m);
}

TEST(report_of_exits_that_were_not_recorded_has_counts)
{
	struct made *m = made_exits();
	struct result *r = m->r;
	const char *text;

	strcpy(r->exits.missing, "no tracefs");
	strcpy(r->stats[0], "exits");
	strcpy(r->stats[1], "halt_exits");
	strcpy(r->stats[2], "exits_of_none");
	strcpy(r->stats[3], "tlb_flush");
	r->nr_stats = 4;
	for (uint32_t v = 0; v < r->nr_vcpus; v++) {
		r->vcpus[v].orderly = true;
		r->vcpus[v].run.kvm.value[0] = 1000;
		r->vcpus[v].run.kvm.value[1] = v;
		r->vcpus[v].run.kvm.value[2] = 1;
		r->vcpus[v].run.kvm.value[3] = 1;
		r->exits.vcpus[v].user[KVM_EXIT_IO] = 7;
	}
	text = made_written(m, report_exits);
	assert_string_equal(
		text,
		"exits, not recorded but counted: all vCPUs, whole run\n"
		"  KVM       exits                                   4,000\n"
		"  KVM       halt_exits                                  6\n"
		"  latvisor  KVM_EXIT_IO                                28\n");
	r->vcpus[3].orderly = false;
	text = made_written(m, report_exits);
	assert_has(text, "  KVM's are not known: not every vCPU came to its "
			 "end\n");
	assert_lacks(text, "halt_exits");
	assert_has(text, "KVM_EXIT_IO ");
	made_free(m);
}

TEST(report_has_halts_of_all_vcpus_where_there_are_any)
{
	struct made *m = made_exits();
	const char *text;

	for (uint32_t v = 0; v < MADE_VCPUS; v++) {
		m->r->exits.vcpus[v].halts.n[KVM_HIST_POLLED][11] = 5;
		m->r->exits.vcpus[v].halts.n[KVM_HIST_WAITED][12] = v;
	}
	text = made_written(m, report_exits);
	assert_has(
		text,
		"halts by KVM, from so many ns:      polled    poll failed          slept\n"
		"                          1,024          20              0              0\n"
		"                          2,048           0              0              6\n");
	/* What counts instructions has no ns to show. */
	m->r->ticks.insns = true;
	m->r->ticks.step = 1;
	text = made_written(m, report_exits);
	assert_lacks(text, "halts by KVM");
	assert_has(text, " recorded in 1 block, 0 cut");
	assert_has(text, "exit to entry, in instructions");
	made_free(m);
}

TEST(report_without_exits_says_nothing_of_them)
{
	struct made *m = made_new();

	assert_string_equal(made_written(m, report_exits), "");
	made_free(m);
}
