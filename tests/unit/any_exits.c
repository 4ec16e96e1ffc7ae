/* SPDX-License-Identifier: BSD-2-Clause */
/* any_exits.c - generated findings of --exits; see any_result.h. */
#include <stdlib.h>

#include "tests/unit/any.h"
#include "tests/unit/unit.h"

static void any_row(uint64_t *s, struct exit_row *row, struct exit_words *w)
{
	row->isa = (uint32_t)any(s, 3);
	row->reason =
		coin(s) ? (uint32_t)any(s, 128) : (uint32_t)any(s, 1ull << 32);
	row->rip = w->at.rip = any(s, UINT64_MAX);
	row->access.kind = (enum exit_access_kind)any(s, NR_ACCESS_KINDS);
	if (row->access.kind != ACCESS_NONE) {
		row->access.at = any(s, UINT64_MAX);
		row->access.len = (uint32_t)any(s, 9);
		row->access.is_write = coin(s);
	}
	row->nr = 1 + any(s, 1000);
	row->nr_user = any(s, row->nr + 1);
	row->p50 = any(s, 1ull << 40);
	row->max = row->p50 + any(s, 1ull << 40);
	row->sum = row->max + any(s, 1ull << 50);
	any_text(s, w->at.symbol, sizeof(w->at.symbol));
	any_text(s, w->at.instruction, sizeof(w->at.instruction));
	any_text(s, w->line, sizeof(w->line));
	any_text(s, w->what, sizeof(w->what));
}

static void any_counts(uint64_t *s, struct exit_counts *c)
{
	for (unsigned int i = 0; i < EXITS_REASONS; i++)
		c->user[i] = coin(s) ? 0 : any(s, 1ull << 40);
	c->has_halts = coin(s);
	for (unsigned int h = 0; c->has_halts && h < NR_KVM_HISTS; h++)
		for (unsigned int i = 0; i < KVM_HIST_BUCKETS; i++)
			c->halts.n[h][i] = coin(s) ? 0 : any(s, 1000);
}

void any_exits(uint64_t *s, struct result *r)
{
	struct result_exits *x = &r->exits;

	x->asked = coin(s);
	if (!x->asked)
		return;
	x->vcpus = calloc(r->nr_vcpus, sizeof(*x->vcpus));
	assert_non_null(x->vcpus);
	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		any_counts(s, &x->vcpus[i]);
	if (any(s, 4) == 0) {
		any_text(s, x->missing, sizeof(x->missing));
		return;
	}
	x->nr_events = any(s, 1ull << 40);
	x->lost = any(s, 3);
	x->nr_blocks = (unsigned int)any(s, 1000);
	x->blocks_tsc = any(s, 1ull << 40);
	x->all_tsc = x->blocks_tsc + any(s, 1ull << 40);
	x->p.nr = any(s, 1ull << 40);
	x->p.cut = any(s, 1000);
	x->p.sum = any(s, 1ull << 60);
	x->p.nr_rows = (unsigned int)any(s, EXITS_ROWS + 1);
	for (unsigned int i = 0; i < x->p.nr_rows; i++)
		any_row(s, &x->p.rows[i], &x->words[i]);
	x->p.other_rows = any(s, 3);
	x->p.other_nr = any(s, 1000);
	x->p.other_sum = any(s, 1ull << 40);
}
