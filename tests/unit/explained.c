/* SPDX-License-Identifier: BSD-2-Clause */
/* explained.c - see explained.h. */
#include <stdlib.h>

#include "tests/unit/explained.h"
#include "tests/unit/unit.h"
#include "vmm/result/explain_pool.h"

#define BETWEEN 10000 /* samples */

struct explained_run *explained_new(enum span_kind kind)
{
	struct explained_run *u = calloc(1, sizeof(*u));

	assert_non_null(u);
	u->x = calloc(1, sizeof(*u->x));
	assert_non_null(u->x);
	u->x->kind = kind;
	u->next = BETWEEN;
	traced_init(&u->t);
	return u;
}

void explained_free(struct explained_run *u)
{
	traced_free(&u->t);
	explain_free(u->x);
	free(u->x);
	free(u);
}

static void add(struct explained_run *u, uint64_t end, int64_t value)
{
	assert_true(u->nr < EXPLAINED_MOST);
	u->samples[u->nr++] = (struct raw_entry){.tsc = end, .value = value};
	u->next = end + BETWEEN;
}

uint64_t explained_sample(struct explained_run *u, const uint64_t *took,
			  uint32_t skip)
{
	uint64_t begin = u->next;
	uint64_t end = traced_sample(&u->t, u->x->kind, begin, took, skip);

	add(u, end, (int64_t)(end - begin));
	return begin;
}

void explained_plain(struct explained_run *u, int64_t value)
{
	add(u, u->next + (value > 0 ? (uint64_t)value : 0), value);
}

const struct explain *explained_run(struct explained_run *u)
{
	for (unsigned int i = 0; i < u->nr / 3; i++) {
		struct raw_entry e = u->samples[i];

		u->samples[i] = u->samples[u->nr - 1 - i];
		u->samples[u->nr - 1 - i] = e;
	}
	trace_log_sort(&u->t.log);
	u->t.host.shows_ipis = spans_show_ipis(&u->t.log, &u->t.host);
	explain_samples(u->x, traced_vcpu(u->x->kind), u->samples, u->nr,
			&u->t.log, &u->t.host);
	return u->x;
}
