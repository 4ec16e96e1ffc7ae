/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unit.h - what every unit test includes.
 *
 * TEST(claim) defines a test and puts it into a linker set, as DEVICE() does
 * with a device: a new test touches no other file and cannot be left out.
 */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TEST(claim)                                                    \
	static void claim(void **state);                               \
	static const struct CMUnitTest claim##_test = {                \
		.name = #claim,                                        \
		.test_func = claim,                                    \
	};                                                             \
	static const struct CMUnitTest *const claim##_entry            \
		__attribute__((section("unit_tests"), used, retain)) = \
			&claim##_test;                                 \
	static void claim(void **state __attribute__((unused)))

extern const struct CMUnitTest *const __start_unit_tests[];
extern const struct CMUnitTest *const __stop_unit_tests[];

/* Random numbers that are the same in every run: xorshift64*. */
struct rng {
	uint64_t state; /* not 0 */
};

uint64_t rng_next(struct rng *rng);

/* Below bound, which is not 0. */
uint64_t rng_below(struct rng *rng, uint64_t bound);

/* What a function left behind that ran in a process of its own. */
struct child {
	int status; /* of waitpid() */
	char out[8192], err[8192];
};

/* Runs fn(arg) in a child; its exit status is 0 when fn() returns. */
void child_run(struct child *c, void (*fn)(void *), void *arg);

/* fn() ended the process with that status and one line that has text. */
void assert_ends(void (*fn)(void *), void *arg, int status, const char *text);

/* The same for die(): status 2. */
void assert_dies(void (*fn)(void *), void *arg, const char *text);

/* text has part in it; says both if not. */
#define assert_has(text, part) assert_has_at((text), (part), __FILE__, __LINE__)
void assert_has_at(const char *text, const char *part, const char *file,
		   int line);

#endif
