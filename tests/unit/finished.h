/* SPDX-License-Identifier: BSD-2-Clause */
/* finished.h - a run that is over, whose result area tests can spoil. */
#ifndef TESTS_UNIT_FINISHED_H
#define TESTS_UNIT_FINISHED_H

#include "tests/unit/fake_vm.h"
#include "vmm/machine/vcpu.h"
#include "vmm/result/take.h"

#define RAM_LEN 0x200000ull

struct finished {
	struct fake_vm *f;
	struct vcpu vcpu;
	struct result *r;
	struct result_area *area;
	struct hist *hist;
};

/* A run that passed, with one metric of 10 samples: 100, 200, ... 1000. */
struct finished *finished_new(void);
void finished_free(struct finished *x);

/* result_take() of it. */
void finished_take(struct finished *x, enum stop_reason why);

/* Takes the result, wants that verdict and reason, and frees it. */
void assert_verdict(struct finished *x, enum stop_reason why,
		    enum verdict verdict, const char *reason);

#endif
