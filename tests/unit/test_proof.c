/* SPDX-License-Identifier: BSD-2-Clause */
/* test_proof.c - what happened on a vCPU's CPU while it measured. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/report.h"
#include "vmm/result/proof_take.h"

static int file_of(const char *text)
{
	int fd = memfd_create("text", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

TEST(cpu_state_finds_a_line_and_a_number_of_it)
{
	static const char head[] = "cpu  1 2\ncpu1 11 12 13\ncpu10 21 22\n";
	char text[64], *big = calloc(1, 5000);
	uint64_t n = 0;
	int fd = file_of(head);

	assert_non_null(big);
	assert_true(cpu_state_line(fd, "cpu1 ", text, sizeof(text)));
	assert_string_equal(text, "11 12 13");
	assert_true(cpu_state_line(fd, "cpu10 ", text, sizeof(text)));
	assert_string_equal(text, "21 22");
	assert_false(cpu_state_line(fd, "cpu2 ", text, sizeof(text)));
	assert_true(cpu_state_line(fd, "", text, 4));
	assert_string_equal(text, "cpu");
	close(fd);
	/* Beyond one piece of the file, and without an end. */
	memset(big, 'x', 3000);
	strcpy(big + 3000, "\ncpu3 7 8");
	fd = file_of(big);
	assert_true(cpu_state_line(fd, "cpu3 ", text, sizeof(text)));
	assert_string_equal(text, "7 8");
	close(fd);
	free(big);
	assert_false(cpu_state_line(-1, "", text, sizeof(text)));
	assert_true(cpu_state_number("7 8", 1, &n));
	assert_int_equal(n, 8);
	assert_false(cpu_state_number("7 8", 2, &n));
	assert_false(cpu_state_number("", 0, &n));
}

TEST(cpu_state_knows_this_thread)
{
	struct cpu_state_files f;
	struct cpu_state s;

	cpu_state_open(&f, sched_getcpu());
	cpu_state_read(&f, &s);
	cpu_state_close(&f);
	assert_int_equal(s.tid, gettid());
	assert_true(s.counts[CPU_STEAL_NS].known);
	assert_true(s.words[CPU_ALLOWED][0] != '\0');
	assert_int_equal(strncmp(s.words[CPU_POLICY], "SCHED_", 6), 0);
	/* A CPU that there is not is not known, and not 0. */
	cpu_state_open(&f, 99999);
	cpu_state_read(&f, &s);
	cpu_state_close(&f);
	assert_false(s.counts[CPU_STEAL_NS].known);
	assert_false(s.counts[CPU_OTHERS].known);
	assert_false(s.counts[CPU_THERMAL].known);
	for (int i = 0; i < NR_CPU_KHZ; i++)
		assert_false(s.khz[i].known);
	assert_string_equal(s.words[CPU_GOVERNOR], "");
}

/* Two moments at which all is as it should be. */
static struct noise *calm(void)
{
	struct noise *n = calloc(1, sizeof(*n));

	assert_non_null(n);
	n->begun = n->ended = true;
	n->cpu = 3;
	n->end.tsc = 1000;
	for (int k = 0; k < 2; k++) {
		struct noise_moment *m = k ? &n->end : &n->begin;
		struct cpu_state *s = &m->state;

		m->interrupts = (struct irq_counts){
			.known = true,
			.nr = 2,
			.source = {{"LOC", 10 + (uint64_t)k}, {"7 disk", 4}}};
		m->softirqs.known = true;
		m->smis = 6;
		for (int i = 0; i < NR_CPU_COUNTS; i++)
			s->counts[i] = (struct known_count){true, 50};
		for (int i = 0; i < NR_CPU_KHZ; i++)
			s->khz[i] = (struct known_count){true, 2000000};
		strcpy(s->words[CPU_CLOCKSOURCE], "tsc");
		strcpy(s->words[CPU_GOVERNOR], "performance");
		strcpy(s->words[CPU_ALLOWED], "3");
		strcpy(s->words[CPU_POLICY], "SCHED_FIFO 80");
		s->cpu = 3;
		s->tid = 5;
	}
	return n;
}

/* The warning about it, or "". */
static const char *warning(struct made *x, const struct noise *n)
{
	x->r->nr_warnings = 0;
	x->r->vcpus[0].proof = (struct result_proof){.known = false};
	if (n)
		proof_take(&x->r->vcpus[0].proof, n);
	proof_check(x->r);
	return x->r->nr_warnings ? x->r->warnings[0] : "";
}

static void wants(struct made *x, const struct noise *n, const char *text)
{
	const char *said = warning(x, n);

	if (!strstr(said, text))
		fail_msg("'%s' is not in '%s'", text, said);
}

TEST(proof_of_a_cpu_that_was_left_alone_is_no_warning)
{
	struct made *x = made_new();
	struct noise *n = calm();

	assert_string_equal(warning(x, n), "");
	assert_int_equal(x->r->vcpus[0].proof.irqs, 1);
	assert_int_equal(x->r->vcpus[0].proof.devices, 0);
	assert_int_equal(x->r->vcpus[0].proof.tsc, 1000);
	assert_string_equal(warning(x, NULL), "");
	/* A clock that is measured is never the same twice. */
	n->end.state.khz[CPU_KHZ_NOW].n = 2090000;
	assert_string_equal(warning(x, n), "");
	free(n);
	made_free(x);
}

TEST(proof_that_is_broken_is_a_warning)
{
	static const struct {
		enum cpu_count count;
		uint64_t more;
		const char *text;
	} counts[] = {
		{CPU_STEAL_NS, 20000000, "a hypervisor had it for 20 ms"},
		{CPU_OTHERS, 2, "other tasks came to it 2 times"},
		{CPU_THERMAL, 1, "heat made it slower 1 time"},
		{CPU_QUOTA, 3, "quota stopped latvisor 3 times"},
	};
	struct made *x = made_new();
	struct noise *n = calm();

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct known_count *c = &n->end.state.counts[counts[i].count];

		c->n += counts[i].more;
		wants(x, n, counts[i].text);
		wants(x, n, "CPU 3 was not left alone while vCPU 0 measured: ");
		c->known = false; /* then it says nothing, not 0 */
		assert_string_equal(warning(x, n), "");
		assert_false(
			x->r->vcpus[0].proof.counts[counts[i].count].known);
		*c = (struct known_count){true, 50};
	}
	n->end.smis = 8;
	wants(x, n, "the firmware took it 2 times (SMIs)");
	n->end.no_smis = "no /dev/cpu/*/msr: modprobe msr";
	assert_string_equal(warning(x, n), "");
	n->end.no_smis = NULL;
	n->end.smis = 6;
	n->end.interrupts.source[1].count = 5;
	wants(x, n, ": 1 interrupt of devices");
	n->end.interrupts.source[1].count = 4;
	n->end.state.cpu = 4;
	wants(x, n, "its thread was moved away");
	free(n);
	made_free(x);
}

TEST(proof_tells_what_somebody_changed)
{
	struct made *x = made_new();
	struct noise *n = calm();
	struct cpu_state *s = &n->end.state;

	strcpy(s->words[CPU_CLOCKSOURCE], "hpet");
	strcpy(s->words[CPU_POLICY], "SCHED_OTHER 0");
	wants(x, n, "clocksource went from tsc to hpet");
	wants(x, n, "policy went from SCHED_FIFO 80 to SCHED_OTHER 0");
	made_metric(x, "wait", 0)->flags |= METRIC_DISTURBED;
	if (strstr(warning(x, n), "policy"))
		fail_msg("its own change is somebody else's");
	x->r->metrics[0].flags = 0;
	*s = n->begin.state;
	strcpy(s->words[CPU_ALLOWED], "0-3");
	wants(x, n, "allowed went from 3 to 0-3");
	*s = n->begin.state;
	s->khz[CPU_KHZ_MOST].n = 1000000;
	wants(x, n, "its most frequency went from 2000 to 1000 MHz");
	*s = n->begin.state;
	s->khz[CPU_KHZ_NOW].n = 1500000;
	wants(x, n, "its frequency was 1500 and 2000 MHz");
	*s = n->begin.state;
	s->tid = 6; /* started anew: its own count is another one */
	s->counts[CPU_OTHERS].n = 99;
	assert_string_equal(warning(x, n), "");
	assert_false(x->r->vcpus[0].proof.counts[CPU_OTHERS].known);
	free(n);
	made_free(x);
}

TEST(proofs_of_rounds_add_up)
{
	struct noise *n = calm();
	struct result_proof all, one;

	n->end.state.counts[CPU_QUOTA].n += 2;
	n->end.interrupts.source[1].count += 3;
	n->end.smis = 7;
	proof_take(&all, n);
	one = all;
	strcpy(one.words[1][CPU_CLOCKSOURCE], "hpet");
	one.counts[CPU_STEAL_NS].known = false;
	proof_add(&all, &one);
	assert_true(all.known);
	assert_int_equal(all.irqs, 8);
	assert_int_equal(all.devices, 6);
	assert_int_equal(all.smis, 2);
	assert_int_equal(all.tsc, 2000);
	assert_int_equal(all.sources[0].count, 6);
	assert_int_equal(all.counts[CPU_QUOTA].n, 4);
	assert_false(all.counts[CPU_STEAL_NS].known);
	assert_string_equal(all.words[1][CPU_CLOCKSOURCE], "hpet");
	one.known = false;
	proof_add(&all, &one);
	assert_false(all.known);
	free(n);
}

TEST(report_shows_the_proof_and_what_is_not_known)
{
	struct made *x = made_new();
	struct noise *n = calm();

	n->end.state.counts[CPU_STEAL_NS].n += 40000000;
	n->end.state.khz[CPU_KHZ_NOW].n = 1500000;
	proof_take(&x->r->vcpus[0].proof, n);
	assert_has(made_written(x, report_proof),
		   "proof: CPU 3 of vCPU 0: 1 interrupt (LOC 1), 0 softirqs, 0 "
		   "SMIs, 40 ms stolen,\n");
	assert_has(x->text, "0 other tasks, 0 times too hot");
	assert_has(x->text, "1500 to 2000 MHz");
	assert_lacks(x->text, "not known");
	n->end.state.counts[CPU_OTHERS].known = false;
	n->end.no_smis = "no msr";
	proof_take(&x->r->vcpus[0].proof, n);
	assert_has(made_written(x, report_proof), "; not known: SMIs,");
	assert_lacks(x->text, "0 other tasks");
	assert_lacks(x->text, "0 SMIs");
	free(n);
	made_free(x);
}
