/* SPDX-License-Identifier: BSD-2-Clause */
/* hostile.h - what becomes of each payload of tests/hostile/. */
#ifndef FUNC_HOSTILE_H
#define FUNC_HOSTILE_H

#include "tests/functional/results.h"

struct hostile {
	const char *payload;
	const char *how;      /* the parameter that chooses, or NULL */
	const char *vcpus;    /* NULL: 1 */
	const char *irqchip;  /* NULL: split */
	const char *verdicts; /* the one, or all that may be */
	const char *reason;   /* part of it; NULL: PASS has none */
	int vector;	      /* of the trap, + 1; 0: there was none, -1: any */
	const char *symbol;   /* where the crash was, or NULL */
	const char *insn;     /* the instruction's beginning, or NULL */
	bool hangs;	      /* the limit has to end it */
	bool deaf;	      /* and nothing but an interrupt makes it exit */
	void (*check)(const struct run *r);
};

extern const struct hostile hostile_cases[];
extern const size_t nr_hostile_cases;

#endif
