/* SPDX-License-Identifier: BSD-2-Clause */
/* exits.c - --exits for people: text.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/machine/crash.h"
#include "vmm/report/text.h"

#define SHOWN	    16 /* rows, and of halts; the file has more */
#define SHOWN_HALTS 4
#define INDENT	    7
#define LINE_LEN    (79 - INDENT)
#define PATH_LEN    38 /* of a line; a longer one loses its begin */
#define NS_PER_MS   1e6

static const char *grouped(char text[TEXT_GROUPED_LEN], uint64_t value)
{
	return report_grouped(text, TEXT_GROUPED_LEN, (double)value);
}

/* How much of the run it is of. */
static void print_head(const struct result *r, FILE *out)
{
	const struct result_exits *x = &r->exits;
	char nr[TEXT_GROUPED_LEN], cut[TEXT_GROUPED_LEN];

	fprintf(out, "exits: %s recorded in ", grouped(nr, x->p.nr));
	if (result_insns(r))
		fprintf(out, "%u block%s", x->nr_blocks, plural(x->nr_blocks));
	else
		fprintf(out, "%.0f of %.0f ms",
			result_ns(r, (int64_t)x->blocks_tsc) / NS_PER_MS,
			result_ns(r, (int64_t)x->all_tsc) / NS_PER_MS);
	fprintf(out, ", %s cut, %ju events lost\n", grouped(cut, x->p.cut),
		(uintmax_t)x->lost);
	fprintf(out, "%10s %10s %11s %5s  exit to entry, in %s\n", "exits",
		"p50", "max", "%", result_unit(r));
}

/* Who had it: KVM, or the program as well. */
static void print_user(const struct exit_row *row, FILE *out)
{
	if (row->nr_user == row->nr && row->nr) {
		fprintf(out, ", to latvisor");
	} else if (row->nr_user) {
		char text[TEXT_GROUPED_LEN];

		fprintf(out, ", %s to latvisor", grouped(text, row->nr_user));
	}
}

/* "payloads/x.c:12 in main+0x10: hlt", as much as fits. */
static void print_place(const struct exit_words *w, FILE *out)
{
	const struct result_place *at = &w->at;
	size_t len = strlen(w->line);
	char text[2 * sizeof(*at)];

	snprintf(text, sizeof(text), "%s%s%.32s: %s",
		 len > PATH_LEN ? w->line + len - PATH_LEN : w->line,
		 len ? " in " : "", at->symbol,
		 at->instruction[0] ? at->instruction : "no code there");
	fprintf(out, "%*s%.*s\n", INDENT, "", LINE_LEN, text);
}

static void print_row(const struct result *r, const struct exit_row *row,
		      const struct exit_words *w, FILE *out)
{
	char name[EXIT_REASON_LEN];
	bool halt = exit_reason_is_halt(row->isa, row->reason);

	exit_reason_text(row->isa, row->reason, name);
	report_cell(out, 9, (double)row->nr);
	report_cell(out, 10, result_value(r, (int64_t)row->p50));
	report_cell(out, 11, result_value(r, (int64_t)row->max));
	if (halt || r->exits.p.sum == 0)
		fprintf(out, " %5s", "-");
	else
		fprintf(out, " %5.1f",
			100.0 * (double)row->sum / (double)r->exits.p.sum);
	fprintf(out, "  %s%s", name, halt ? ", with its sleep" : "");
	print_user(row, out);
	fputc('\n', out);
	if (w->what[0])
		fprintf(out, "%*s%s\n", INDENT, "", w->what);
	print_place(w, out);
}

static void print_profile(const struct result *r, FILE *out)
{
	const struct exit_profile *p = &r->exits.p;
	uint64_t more = p->other_rows, nr = p->other_nr;
	unsigned int shown[2] = {0};

	print_head(r, out);
	for (unsigned int i = 0; i < p->nr_rows; i++) {
		const struct exit_row *row = &p->rows[i];
		bool halt = exit_reason_is_halt(row->isa, row->reason);

		if (shown[halt]++ < (halt ? SHOWN_HALTS : SHOWN)) {
			print_row(r, row, &r->exits.words[i], out);
			continue;
		}
		more++;
		nr += row->nr;
	}
	if (more) {
		char rows[TEXT_GROUPED_LEN], exits[TEXT_GROUPED_LEN];

		fprintf(out, "  %s more row%s, of %s exit%s\n",
			grouped(rows, more), plural(more), grouped(exits, nr),
			plural(nr));
	}
}

static void print_count(const char *who, const char *name, uint64_t n,
			FILE *out)
{
	if (n) {
		char text[TEXT_GROUPED_LEN];

		fprintf(out, "  %-9s %-30s %14s\n", who, name,
			grouped(text, n));
	}
}

static bool all_orderly(const struct result *r)
{
	for (uint32_t v = 0; v < r->nr_vcpus; v++)
		if (!r->vcpus[v].orderly)
			return false;
	return true;
}

static bool is_exits(const char *name)
{
	size_t len = strlen(name);

	return len >= 5 && strcmp(name + len - 5, "exits") == 0;
}

/* Where none was recorded: who counts them by what. */
static void print_counts(const struct result *r, FILE *out)
{
	bool known = all_orderly(r);

	fprintf(out, "exits, not recorded but counted: all vCPUs, whole run\n");
	if (!known)
		fprintf(out, "  KVM's are not known: not every vCPU came to "
			     "its end\n");
	for (unsigned int i = 0; i < r->nr_stats && known; i++) {
		uint64_t n = 0;

		for (uint32_t v = 0; v < r->nr_vcpus; v++)
			n += r->vcpus[v].run.kvm.value[i];
		if (is_exits(r->stats[i]))
			print_count("KVM", r->stats[i], n, out);
	}
	for (unsigned int k = 0; k < EXITS_REASONS; k++) {
		uint64_t n = 0;

		for (uint32_t v = 0; v < r->nr_vcpus; v++)
			n += r->exits.vcpus[v].user[k];
		print_count("latvisor", vcpu_exit_name(k), n, out);
	}
}

/* KVM's own histograms, of all vCPUs. */
static void print_halts(const struct result *r, FILE *out)
{
	bool any = false;

	for (unsigned int i = 0; i < KVM_HIST_BUCKETS; i++) {
		uint64_t n[NR_KVM_HISTS] = {0};

		for (uint32_t v = 0; v < r->nr_vcpus; v++)
			for (unsigned int h = 0; h < NR_KVM_HISTS; h++)
				n[h] += r->exits.vcpus[v].halts.n[h][i];
		if (!n[KVM_HIST_POLLED] && !n[KVM_HIST_FAILED] &&
		    !n[KVM_HIST_WAITED])
			continue;
		if (!any)
			fprintf(out,
				"halts by KVM, from so many ns: %11s %14s "
				"%14s\n",
				"polled", "poll failed", "slept");
		any = true;
		report_cell(out, 30, (double)kvm_hist_low(i));
		report_cell(out, 11, (double)n[KVM_HIST_POLLED]);
		report_cell(out, 14, (double)n[KVM_HIST_FAILED]);
		report_cell(out, 14, (double)n[KVM_HIST_WAITED]);
		fputc('\n', out);
	}
}

void report_exits(const struct result *r, FILE *out)
{
	if (!r->exits.asked)
		return;
	if (r->exits.missing[0])
		print_counts(r, out);
	else
		print_profile(r, out);
	/* Its ns are no figure where the clock counts instructions. */
	if (!result_insns(r))
		print_halts(r, out);
}
