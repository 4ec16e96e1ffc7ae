/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * func.h - what every functional test includes.  They start latvisor as a
 * user does, in a process of its own, and read what it says and writes.
 *
 * TEST(claim) defines a test and puts it into a linker set.  TEST_FAMILY()
 * makes as many tests as there are payloads, files or cases.
 */
#ifndef FUNC_FUNC_H
#define FUNC_FUNC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>
#include <jansson.h>

#define TEST(claim)                                        \
	static void claim(void);                           \
	static void claim##_run(void **state)              \
	{                                                  \
		(void)state;                               \
		test_begin();                              \
		claim();                                   \
	}                                                  \
	static void claim##_add(struct test_list *list)    \
	{                                                  \
		test_add(list, #claim, claim##_run, NULL); \
	}                                                  \
	TEST_FAMILY(claim##_add);                          \
	static void claim(void)

/* fn(list) calls test_add() as often as it likes. */
#define TEST_FAMILY(fn)                                     \
	static void (*const fn##_entry)(struct test_list *) \
		__attribute__((section("func_tests"), used, retain)) = fn

struct test_list {
	struct CMUnitTest *tests;
	size_t nr;
};

/* name is copied. */
void test_add(struct test_list *list, const char *name, CMUnitTestFunction fn,
	      void *state);

/*
 * First in every test: ends what the last one left running; skips without a
 * /dev/kvm, or fails where CI=true promised one.
 */
void test_begin(void);

/*
 * The condition, and in words what is wrong if it does not hold.  Whole, and a
 * line's end behind it: cmocka cuts a message at 1 KiB, and its "not ok" behind
 * that is at no line's begin, where nobody looks for it.
 */
#define must(condition, ...)                    \
	do {                                    \
		if (!(condition)) {             \
			say_wrong(__VA_ARGS__); \
			fail();                 \
		}                               \
	} while (0)
__attribute__((format(printf, 1, 2))) void say_wrong(const char *fmt, ...);

/* Time limits are for a PC; $LATVISOR_TEST_SLOW multiplies them. */
double slow(void);
double now(void); /* seconds, CLOCK_MONOTONIC */
void sleep_for(double seconds);

/* A program that runs or has run; its output is in files until it is read. */
struct proc {
	pid_t pid;
	int out_fd, err_fd;
	double started, seconds; /* how long it took */
	bool killed;		 /* it did not end in time */
	int status;		 /* its exit status; -1: it died of a signal */
	int signal;
	char *out, *err;
	size_t out_len, err_len;
};

#define PROC_SECONDS 20.0 /* for what is expected to end by itself */

/* argv[0] is searched in $PATH. */
void proc_start(struct proc *p, const char *const *argv);

/* Waits for its end, kills it after that many seconds, reads its output. */
void proc_wait(struct proc *p, double seconds);
void proc_free(struct proc *p);

/* A run of latvisor with its result file. */
struct run {
	struct proc proc;
	char *text;   /* of the result file; NULL: none was written */
	json_t *json; /* the same; NULL: none, or it is no JSON */
};

#define RUN_ARGS 26

/* For --limit, where a payload's own is too short for a busy host. */
#define AMPLE_S "60"

/* Last argument of run_start(): no --limit is given instead of the payload's.
 */
#define OWN_LIMIT "its own limit"

/*
 * latvisor run ARGS... --json FILE; the last argument is NULL.  A payload's own
 * limit is for a PC, too: where $LATVISOR_TEST_SLOW is set, one that it
 * multiplies is given, unless a --limit is among ARGS.
 */
void run_start(struct run *r, const char *first, ...) __attribute__((sentinel));
void run_wait(struct run *r, double seconds);
void run_free(struct run *r);

/* Both in one go. */
#define run_now(r, ...)                            \
	do {                                       \
		run_start((r), __VA_ARGS__, NULL); \
		run_wait((r), PROC_SECONDS);       \
	} while (0)

/* --json's file of run_start(); one is used at a time. */
const char *run_file(void);

/* latvisor ARGS..., without a result. */
void latvisor(struct proc *p, const char *first, ...) __attribute__((sentinel));

/* build/NAME, in a buffer that lives until it is asked 8 times more. */
const char *built(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The latvisor that is tested: $LATVISOR, or build/latvisor. */
const char *program(void);

/* CPUs this process may use; a test that wants more is skipped. */
int nr_cpus(void);
void need_cpus(int nr);

/*
 * A test whose guest makes no exit and has interrupts off: skipped where
 * LATVISOR_TEST_DEAF says why the processor does not interrupt such a guest.
 */
void need_interruption(void);

/*
 * A thread of the program itself, tid as text?  On new kernels KVM's own one
 * for huge pages counts as the process's.
 */
bool is_own_thread(pid_t pid, const char *tid);

#endif
