/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_hist_steps.c - hist_record() costs at most 30 instructions, and
 * raw_append() as many; series_note() for no sample more than hundreds.
 *
 * A child calls it under PTRACE_SINGLESTEP and the parent counts.  hist.h is
 * compiled here as the guest has it: optimized and without sanitizers, whose
 * attributes every one of its functions gets through the macro.
 */
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __clang__ /* which has no such thing: its count is one of -O1 */
#pragma GCC optimize("O2", "omit-frame-pointer")
#endif
#define AS_IN_GUEST __attribute__((no_sanitize("address", "undefined")))
#define static static AS_IN_GUEST
#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/raw.h"
#include "guest-firmware/abi/series.h"
#undef static

#include "tests/unit/unit.h"

#define STEPS_MAX    30
#define RARE_MAX     400 /* about 25 for each entry of the list */
#define STEPS_GIVEUP 100000

AS_IN_GUEST __attribute__((noinline)) void
steps_record(struct hist *h, uint64_t value, uint64_t tsc);

static volatile bool broke;

/* As measure_record() has it: what comes of it is looked at. */
void steps_record(struct hist *h, uint64_t value, uint64_t tsc)
{
	if (hist_record(h, value, tsc))
		broke = true;
}

/* The same signature, for count_steps(): h is a ring. */
AS_IN_GUEST __attribute__((noinline)) void
steps_append(struct hist *h, uint64_t value, uint64_t tsc);

void steps_append(struct hist *h, uint64_t value, uint64_t tsc)
{
	raw_append((struct raw_ring *)h, (int64_t)value, tsc);
}

AS_IN_GUEST __attribute__((noinline)) void
steps_note(struct hist *h, uint64_t value, uint64_t tsc);

void steps_note(struct hist *h, uint64_t value, uint64_t tsc)
{
	(void)tsc;
	series_note((struct series *)h, (int64_t)value);
}

typedef void (*steps_fn)(struct hist *h, uint64_t value, uint64_t tsc);

static _Noreturn void traced(steps_fn fn, struct hist *h, uint64_t value)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(1);
	raise(SIGSTOP);
	fn(h, value, 1);
	_exit(0);
}

/* One instruction; false: the child is gone. */
static bool step(pid_t pid, struct user_regs_struct *regs)
{
	int status;

	return ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0 &&
	       waitpid(pid, &status, 0) == pid && WIFSTOPPED(status) &&
	       ptrace(PTRACE_GETREGS, pid, NULL, regs) == 0;
}

/* Instructions from the first of fn() to its RET; 0: not seen. */
static unsigned int count_steps(pid_t pid, steps_fn fn)
{
	struct user_regs_struct regs = {.rip = 0};
	unsigned int before = 0, nr = 0;
	uint64_t back;

	while (regs.rip != (uintptr_t)fn)
		if (before++ == STEPS_GIVEUP || !step(pid, &regs))
			return 0;
	back = (uint64_t)ptrace(PTRACE_PEEKDATA, pid, regs.rsp, NULL);
	while (regs.rip != back)
		if (nr++ == STEPS_GIVEUP || !step(pid, &regs))
			return 0;
	return nr;
}

/* Instructions of fn(h, value, 1); skips where ptrace is forbidden. */
static unsigned int steps_of_fn(steps_fn fn, struct hist *h, uint64_t value)
{
	pid_t pid = fork();
	unsigned int nr;
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		traced(fn, h, value);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status)) {
		print_message("# skipped: ptrace is not allowed here\n");
		skip();
	}
	nr = count_steps(pid, fn);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_int_not_equal(nr, 0);
	return nr;
}

static unsigned int steps_of(struct hist *h, uint64_t value)
{
	return steps_of_fn(steps_record, h, value);
}

static struct hist *hist_with_full_list(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	for (uint64_t i = 0; i < 100; i++)
		hist_record(h, 1000 + i * 1000, i + 1);
	return h;
}

TEST(hist_record_takes_at_most_30_instructions)
{
	static const uint64_t values[] = {1000, 1, 2047, 2048, 5000, 50000};
	struct hist *h = hist_with_full_list();
	unsigned int most = 0;

	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		unsigned int nr = steps_of(h, values[i]);

		most = nr > most ? nr : most;
	}
	/* As large as the least of the worst: on a coarse clock, every one. */
	assert_in_range(steps_of(h, h->worst_floor), 1, most);
	print_message("# hist_record(): %u instructions\n", most);
	assert_in_range(most, 1, STEPS_MAX);
	free(h);
}

/* The rare path has no promise but to be bounded: a loop over the list. */
TEST(hist_record_of_a_worst_sample_is_bounded)
{
	struct hist *h = hist_with_full_list();
	unsigned int worst = steps_of(h, 1u << 30);
	unsigned int far = steps_of(h, UINT64_MAX);

	print_message("# hist_record(), among the worst: %u instructions, out "
		      "of range too: %u\n",
		      worst, far);
	assert_in_range(worst, 1, RARE_MAX);
	assert_in_range(far, 1, RARE_MAX);
	free(h);
}

TEST(raw_append_takes_at_most_30_instructions)
{
	struct raw_ring *r = calloc(1, raw_ring_len(8));
	unsigned int room, full;

	assert_non_null(r);
	r->mask = 7;
	room = steps_of_fn(steps_append, (struct hist *)r, 1000);
	r->head = 8;
	full = steps_of_fn(steps_append, (struct hist *)r, 1000);
	print_message("# raw_append(): %u instructions, %u when it is full\n",
		      room, full);
	assert_in_range(room, 1, STEPS_MAX);
	assert_in_range(full, 1, STEPS_MAX);
	free(r);
}

/*
 * Also not for the one with which the base is known: where ring 0 is emulated,
 * counting all those before it took longer than a period of 1 ms, which was
 * missed then.
 */
TEST(series_note_of_no_sample_takes_long)
{
	struct series *s = calloc(1, sizeof(*s));
	unsigned int most = 0;

	assert_non_null(s);
	series_init(s, 100);
	for (uint64_t i = 0; i < 70; i++) {
		unsigned int nr =
			steps_of_fn(steps_note, (struct hist *)s, 1000 + i);

		most = nr > most ? nr : most;
		series_note(s, (int64_t)(1000 + i));
	}
	print_message("# series_note(): %u instructions at most\n", most);
	assert_in_range(most, 1, RARE_MAX);
	free(s);
}
