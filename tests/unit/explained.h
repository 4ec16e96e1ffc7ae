/* SPDX-License-Identifier: BSD-2-Clause */
/* explained.h - made-up samples with made-up events, and what they explain. */
#ifndef TESTS_UNIT_EXPLAINED_H
#define TESTS_UNIT_EXPLAINED_H

#include "tests/unit/traced.h"
#include "vmm/result/explain_samples.h"

#define EXPLAINED_MOST 256

struct explained_run {
	struct traced t;
	uint64_t next; /* when the next sample begins */
	unsigned int nr;
	struct raw_entry samples[EXPLAINED_MOST];
	struct explain *x;
};

struct explained_run *explained_new(enum span_kind kind);
void explained_free(struct explained_run *u);

/* One more, traced_sample(); when it begins. */
uint64_t explained_sample(struct explained_run *u, const uint64_t *took,
			  uint32_t skip);

/* One beside which nothing happened. */
void explained_plain(struct explained_run *u, int64_t value);

/* Of all of them, in another order. */
const struct explain *explained_run(struct explained_run *u);

#endif
