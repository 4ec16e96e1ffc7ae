/* SPDX-License-Identifier: BSD-2-Clause */
/* exits_take.c - see exits_take.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/base/text.h"
#include "vmm/machine/vcpu.h"
#include "vmm/payload/lines.h"
#include "vmm/result/exit_profile.h"
#include "vmm/result/exits_take.h"
#include "vmm/result/take.h"

_Static_assert(EXITS_REASONS == VCPU_EXIT_REASONS, "of one array");
_Static_assert(EXITS_LINE_LEN == LINES_TEXT_LEN, "a line fits");

/* NULL: the range is no device's. */
static const char *device_at(const struct vm *vm, const struct exit_access *a)
{
	static const enum device_bus bus[NR_ACCESS_KINDS] = {
		[ACCESS_MSR] = BUS_MSR,
		[ACCESS_PORT] = BUS_PIO,
		[ACCESS_MEMORY] = BUS_MMIO,
	};
	const struct device *d;

	if (a->kind != ACCESS_MSR && a->kind != ACCESS_PORT &&
	    a->kind != ACCESS_MEMORY)
		return NULL;
	/* An MSR has a length of one in its bus. */
	d = bus_find(&vm->bus[bus[a->kind]], a->at, a->len ? a->len : 1);
	return d ? d->name : NULL;
}

/* Where its rows were, and what they were about. */
static void take_words(struct result_exits *x, const struct vm *vm)
{
	struct lines *lines = lines_open(vm->image);

	for (unsigned int i = 0; i < x->p.nr_rows; i++) {
		const struct exit_row *row = &x->p.rows[i];
		struct exit_words *w = &x->words[i];
		unsigned char code[TAKE_CODE_LEN];
		unsigned int len = take_code(vm, row->rip, code);

		w->at.rip = row->rip;
		take_place(&w->at, vm, code, len);
		if (lines)
			lines_find(lines, row->rip, w->line);
		exit_access_text(&row->access, device_at(vm, &row->access),
				 w->what);
	}
	lines_close(lines);
}

static void take_times(struct result_exits *x, const struct blocks *b)
{
	for (size_t i = 0; i < b->nr; i++) {
		const struct block *k = &b->list[i];

		if (!k->traced || k->lossy)
			continue;
		x->nr_blocks++;
		x->blocks_tsc += k->end - k->begin;
	}
	if (b->nr)
		x->all_tsc = b->list[b->nr - 1].end - b->list[0].begin;
}

/* Also of a vCPU that never came to its end. */
static void take_counts(struct result_exits *x, const struct vm *vm)
{
	x->vcpus = room_for(vm->nr_vcpus, sizeof(*x->vcpus),
			    "for what --exits found");
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		const struct vcpu *v = &vm->vcpus[i];
		struct exit_counts *to = &x->vcpus[i];

		if (v->exits_by_reason)
			memcpy(to->user, v->exits_by_reason, sizeof(to->user));
		to->has_halts = kvm_hists_read(&to->halts, v->stats_fd);
	}
}

/* Why there is nothing to be profiled; false: there is. */
static bool is_missing(struct result_exits *x, const struct ended_run *run,
		       const char *kvm)
{
	const struct explain_trace *t = run->trace;
	size_t len = sizeof(x->missing);

	if (!t)
		snprintf(x->missing, len, "%s", run->no_trace);
	else if (t->err)
		snprintf(x->missing, len,
			 "events cannot be switched on and off: %s",
			 strerror(-t->err));
	else if (x->p.nr + x->p.cut == 0)
		snprintf(x->missing, len,
			 "%.40s recorded no kvm_exit of a vCPU, in %u block%s "
			 "of time",
			 kvm, x->nr_blocks, plural(x->nr_blocks));
	return x->missing[0] != '\0';
}

static void take_profile(struct result_exits *x, const struct explain_trace *t)
{
	x->nr_events = t->log->nr;
	x->lost = t->lost;
	take_times(x, t->blocks);
	exit_profile(&x->p, t->log, t->blocks, t->threads, t->nr_threads);
}

void result_exits(struct result *r, const struct ended_run *run)
{
	struct result_exits *x = &r->exits;

	x->asked = true;
	take_counts(x, run->vm);
	if (run->trace && !run->trace->err)
		take_profile(x, run->trace);
	if (is_missing(x, run, r->host.kvm_module)) {
		result_warn(r,
			    "--exits: %s: KVM's and latvisor's own counts are "
			    "shown instead",
			    x->missing);
		return;
	}
	take_words(x, run->vm);
}
