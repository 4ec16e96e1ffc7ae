/* SPDX-License-Identifier: BSD-2-Clause */
/* write_exits.c - see write_parts.h: what --exits found out. */
#include "vmm/machine/crash.h"
#include "vmm/result/write_parts.h"

static json_t *took(const struct result *r, uint64_t tsc)
{
	return time_value(r, (int64_t)tsc);
}

static json_t *access_to(const struct exit_access *a)
{
	json_t *o = json_object();

	set_text(o, "kind", exit_access_name(a->kind));
	set(o, "at", write_hex(a->at));
	set(o, "bytes", number(a->len));
	set(o, "write", json_boolean(a->is_write));
	return o;
}

static json_t *row(const struct result *r, const struct exit_row *row,
		   const struct exit_words *w)
{
	json_t *o = json_object();
	char name[EXIT_REASON_LEN];

	exit_reason_text(row->isa, row->reason, name);
	set_text(o, "isa", exit_isa_name(row->isa));
	set(o, "reason", number(row->reason));
	set_text(o, "name", name);
	write_place(o, &w->at);
	if (w->line[0])
		set_text(o, "line", w->line);
	if (w->what[0])
		set_text(o, "what", w->what);
	if (row->access.kind != ACCESS_NONE)
		set(o, "access", access_to(&row->access));
	set(o, "halt",
	    json_boolean(exit_reason_is_halt(row->isa, row->reason)));
	set(o, "exits", number(row->nr));
	set(o, "to_userspace", number(row->nr_user));
	set(o, "p50", took(r, row->p50));
	set(o, "max", took(r, row->max));
	set(o, "sum", took(r, row->sum));
	return o;
}

static json_t *hist(const uint64_t *n)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < KVM_HIST_BUCKETS; i++)
		if (n[i])
			json_array_append_new(
				a,
				json_pack("[I, I]", (json_int_t)kvm_hist_low(i),
					  (json_int_t)n[i]));
	return a;
}

static json_t *vcpu(const struct exit_counts *c)
{
	json_t *o = json_object(), *user = json_array(), *halts = json_object();

	for (unsigned int i = 0; i < EXITS_REASONS; i++)
		if (c->user[i])
			json_array_append_new(
				user,
				json_pack("{s:i, s:s, s:I}", "reason", (int)i,
					  "name", vcpu_exit_name(i), "exits",
					  (json_int_t)c->user[i]));
	set(o, "to_userspace", user);
	for (unsigned int i = 0; c->has_halts && i < NR_KVM_HISTS; i++)
		set(halts, kvm_hist_name(i), hist(c->halts.n[i]));
	if (c->has_halts)
		set(o, "halts", halts);
	else
		json_decref(halts);
	return o;
}

static json_t *others(const struct result *r, const struct exit_profile *p)
{
	json_t *o = json_object();

	set(o, "rows", number(p->other_rows));
	set(o, "exits", number(p->other_nr));
	set(o, "sum", took(r, p->other_sum));
	return o;
}

json_t *write_exits(const struct result *r)
{
	const struct result_exits *x = &r->exits;
	json_t *o = json_object(), *rows = json_array(), *vcpus = json_array();

	if (x->missing[0])
		set_text(o, "missing", x->missing);
	set(o, "events", number(x->nr_events));
	set(o, "lost", number(x->lost));
	set(o, "blocks", number(x->nr_blocks));
	set(o, "recorded", took(r, x->blocks_tsc));
	set(o, "all", took(r, x->all_tsc));
	set(o, "exits", number(x->p.nr));
	set(o, "cut", number(x->p.cut));
	set(o, "sum", took(r, x->p.sum));
	for (unsigned int i = 0; i < x->p.nr_rows; i++)
		json_array_append_new(rows,
				      row(r, &x->p.rows[i], &x->words[i]));
	set(o, "rows", rows);
	set(o, "others", others(r, &x->p));
	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		json_array_append_new(vcpus, vcpu(&x->vcpus[i]));
	set(o, "vcpus", vcpus);
	return o;
}
