/* SPDX-License-Identifier: BSD-2-Clause */
/* read_exits.c - see read_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/result/read_parts.h"

static void read_isa(struct reader *rd, const json_t *o, uint32_t *isa)
{
	char word[8];

	read_text(rd, o, "isa", word, sizeof(word));
	for (*isa = 0; *isa <= EXIT_SVM; ++*isa)
		if (strcmp(word, exit_isa_name(*isa)) == 0)
			return;
	*isa = 0;
	reader_fail(rd, "isa", "wanted vmx, svm or 0, got '%s'", word);
}

static void read_access(struct reader *rd, const json_t *o,
			struct exit_access *a)
{
	unsigned int kind = 0;
	char word[16];

	read_text(rd, o, "kind", word, sizeof(word));
	while (kind < NR_ACCESS_KINDS &&
	       strcmp(word, exit_access_name(kind)) != 0)
		kind++;
	if (kind == NR_ACCESS_KINDS) {
		reader_fail(rd, "kind", "'%s' is unknown", word);
		return;
	}
	a->kind = (enum exit_access_kind)kind;
	a->at = take_hex(rd, json_object_get(o, "at"), "at");
	a->len = (uint32_t)read_int(rd, o, "bytes", 0, UINT32_MAX);
	a->is_write = read_bool(rd, o, "write");
}

static void read_row(struct reader *rd, const json_t *o, struct exit_row *row,
		     struct exit_words *w)
{
	const json_t *access = maybe_object(rd, o, "access");

	read_isa(rd, o, &row->isa);
	row->reason = (uint32_t)read_int(rd, o, "reason", 0, UINT32_MAX);
	read_place(rd, o, &w->at);
	row->rip = w->at.rip;
	maybe_text(rd, o, "line", w->line, sizeof(w->line));
	maybe_text(rd, o, "what", w->what, sizeof(w->what));
	if (access)
		read_access(rd, access, &row->access);
	row->nr = read_count(rd, o, "exits");
	row->nr_user = read_count(rd, o, "to_userspace");
	row->p50 = read_ticks(rd, o, "p50");
	row->max = read_ticks(rd, o, "max");
	row->sum = read_ticks(rd, o, "sum");
}

/* [lowest ns, halts] of a bucket. */
static void read_bucket(struct reader *rd, const json_t *pair, const char *key,
			uint64_t n[KVM_HIST_BUCKETS])
{
	const json_t *low = json_array_get(pair, 0);
	const json_t *count = json_array_get(pair, 1);
	unsigned int i = 0;

	while (i < KVM_HIST_BUCKETS &&
	       (!json_is_integer(low) ||
		json_integer_value(low) != (json_int_t)kvm_hist_low(i)))
		i++;
	if (json_array_size(pair) != 2 || i == KVM_HIST_BUCKETS ||
	    !json_is_integer(count) || json_integer_value(count) < 0) {
		reader_fail(rd, key, "wanted [a bucket's lowest ns, halts]");
		return;
	}
	n[i] = (uint64_t)json_integer_value(count);
}

static void read_vcpu(struct reader *rd, const json_t *o, struct exit_counts *c)
{
	const json_t *a = read_array(rd, o, "to_userspace", EXITS_REASONS), *v;
	const json_t *halts = maybe_object(rd, o, "halts");
	size_t i;

	json_array_foreach (a, i, v)
		c->user[read_int(rd, v, "reason", 0, EXITS_REASONS - 1)] =
			read_count(rd, v, "exits");
	c->has_halts = halts != NULL;
	for (unsigned int h = 0; halts && h < NR_KVM_HISTS; h++) {
		a = read_array(rd, halts, kvm_hist_name(h), KVM_HIST_BUCKETS);
		json_array_foreach (a, i, v)
			read_bucket(rd, v, kvm_hist_name(h), c->halts.n[h]);
	}
}

static void read_profile(struct reader *rd, const json_t *o,
			 struct result_exits *x)
{
	const json_t *others = read_object(rd, o, "others"), *a, *v;
	size_t i;

	x->p.nr = read_count(rd, o, "exits");
	x->p.cut = read_count(rd, o, "cut");
	x->p.sum = read_ticks(rd, o, "sum");
	x->p.other_rows = read_count(rd, others, "rows");
	x->p.other_nr = read_count(rd, others, "exits");
	x->p.other_sum = read_ticks(rd, others, "sum");
	a = read_array(rd, o, "rows", EXITS_ROWS);
	json_array_foreach (a, i, v) {
		reader_at(rd, "exits.rows[", (unsigned int)i);
		read_row(rd, v, &x->p.rows[i], &x->words[i]);
		x->p.nr_rows++;
	}
}

void read_exits(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *o = maybe_object(rd, file, "exits"), *a, *v;
	struct result_exits *x = &r->exits;
	size_t i;

	if (!o)
		return;
	x->asked = true;
	x->vcpus = calloc(r->nr_vcpus, sizeof(*x->vcpus));
	if (!x->vcpus)
		die_errno("no memory for what --exits found");
	reader_at(rd, "exits", 0);
	maybe_text(rd, o, "missing", x->missing, sizeof(x->missing));
	x->nr_events = read_count(rd, o, "events");
	x->lost = read_count(rd, o, "lost");
	x->nr_blocks = (unsigned int)read_int(rd, o, "blocks", 0, UINT32_MAX);
	x->blocks_tsc = read_ticks(rd, o, "recorded");
	x->all_tsc = read_ticks(rd, o, "all");
	read_profile(rd, o, x);
	reader_at(rd, "exits", 0);
	a = read_array(rd, o, "vcpus", r->nr_vcpus);
	json_array_foreach (a, i, v) {
		reader_at(rd, "exits.vcpus[", (unsigned int)i);
		read_vcpu(rd, v, &x->vcpus[i]);
	}
	reader_at(rd, NULL, 0);
}
