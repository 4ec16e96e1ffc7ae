/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sweep.c - latvisor sweep: one payload with every combination of some
 * parameters' values, in rounds: each round runs all rows in another order, so
 * that what drifts on the host hits all rows alike.  Above 300 lines: its
 * options, their help and their part of the manual page are in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/progress.h"
#include "vmm/base/room.h"
#include "vmm/base/stop_signals.h"
#include "vmm/base/verdict.h"
#include "vmm/commands/command.h"
#include "vmm/commands/grid_parse.h"
#include "vmm/commands/option_values.h"
#include "vmm/host/sandbox.h"
#include "vmm/payload/catalog.h"
#include "vmm/report/report.h"
#include "vmm/report/sweep.h"
#include "vmm/result/rounds.h"
#include "vmm/run/run.h"
#include "vmm/run/tracer.h"
#include "vmm/setup/modes.h"

/* Shorter rounds would measure the start of a VM more than anything else. */
#define LEAST_SAMPLES 10

#define ROUNDS 5

struct sweep_options {
	unsigned int rounds; /* 0: ROUNDS */
	const char *metric;  /* NULL: the payload's first */
};
_Static_assert(sizeof(struct sweep_options) <= OPTIONS_OWN_LEN, "it fits");

/* What a run of a row is for. */
struct taker {
	struct sweep *sweep;
	struct sweep_row *row;
	const struct options *options;
};

static int finish(const struct sweep *s, const struct options *o);

/* A name that the payload does not know would sweep for nothing. */
static void check_metric(const struct sweep *s, const struct result *r)
{
	char list[256];

	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (strcmp(r->metrics[i].name, s->metric) == 0)
			return;
	if (r->verdict != VERDICT_PASS)
		return;
	result_list_metrics(r, s->metric, list, sizeof(list));
	die("--metric %s: %s measured %s", s->metric, s->note->name,
	    *list ? list : "nothing");
}

/* The first metric with samples stands for the payload, if none was named. */
static void choose_metric(struct sweep *s, const struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics && !s->metric[0]; i++)
		if (metric_has_samples(&r->metrics[i]))
			snprintf(s->metric, sizeof(s->metric), "%s",
				 r->metrics[i].name);
	if (s->metric[0])
		check_metric(s, r);
	if (s->metric[0] && !s->others[0])
		result_list_metrics(r, s->metric, s->others, sizeof(s->others));
}

static void take_row(struct result *r, struct run_report *run, void *arg)
{
	struct taker *t = arg;
	struct sweep *s = t->sweep;
	struct sweep_row *row = t->row;
	int status = result_status(r);

	(void)run;
	s->tsc_khz = r->machine.tsc_khz;
	s->host = r->host;
	s->placed = r->machine.placed;
	s->nr_vcpus = r->nr_vcpus;
	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		s->host_cpu[i] = r->vcpus[i].host_cpu;
	if (r->interrupted) /* half a row is none */
		goto out;
	choose_metric(s, r);
	if (!row->path)
		row->path = report_path_text(r);
	sweep_row_add(row, r, s->metric, s->rounds + 1);
	if (status && !row->reason[0])
		snprintf(row->reason, sizeof(row->reason), "%s", r->reason);
	row->status = verdict_worse_status(row->status, status);
out:
	if (r->stuck) { /* the program ends after this */
		s->stuck = true;
		finish(s, t->options);
	}
}

/* A round's share of a row's samples. */
static void share_samples(const struct sweep *s, struct run_setup *setup)
{
	int i = params_find_role(&setup->image.note, PARAM_ROLE_COUNT);
	uint64_t least, share;

	if (i < 0)
		return;
	least = setup->image.note.params[i].min;
	share = setup->params[i].lo / s->rounds_want;
	if (share < LEAST_SAMPLES && share < setup->params[i].lo)
		share = setup->params[i].lo < LEAST_SAMPLES
				? setup->params[i].lo
				: LEAST_SAMPLES;
	if (share < least)
		share = least;
	setup->params[i].lo = setup->params[i].hi = share;
}

static void prepare_row(const struct sweep *s, const struct options *o,
			unsigned int row, struct run_setup *setup)
{
	const char *args[PAYLOAD_MAX_PARAMS];
	struct config config = o->config;

	for (unsigned int i = 0; i < s->grid.nr_axes; i++)
		args[i] = s->grid.axes[i]
				  .assignments[grid_value(&s->grid, row, i)];
	config.output.json = NULL;
	config.output.quiet = true;
	setup_prepare(setup, &config, o->args[0], args, (int)s->grid.nr_axes);
	share_samples(s, setup);
}

/* Every row, before the first VM: what is wrong with one ends the sweep. */
static void check_rows(const struct sweep *s, const struct options *o,
		       const struct kvm *kvm)
{
	for (unsigned int i = 0; i < s->grid.nr_rows; i++) {
		struct run_setup setup;

		prepare_row(s, o, i, &setup);
		modes_settle(kvm, &setup.config, &setup.image.note,
			     setup.params);
		setup_free(&setup);
	}
}

/* A permutation that is another one each round, and the same each time. */
static void shuffle(unsigned int *order, unsigned int nr, uint64_t *state)
{
	for (unsigned int i = 0; i < nr; i++)
		order[i] = i;
	for (unsigned int i = nr; i > 1; i--) {
		unsigned int k, swap;

		*state = *state * 6364136223846793005u + 1442695040888963407u;
		k = (unsigned int)((*state >> 33) % i);
		swap = order[i - 1];
		order[i - 1] = order[k];
		order[k] = swap;
	}
}

static bool run_round(struct sweep *s, const struct options *o,
		      unsigned int round, const unsigned int *order)
{
	for (unsigned int i = 0; i < s->grid.nr_rows; i++) {
		struct taker t = {
			.sweep = s, .row = &s->rows[order[i]], .options = o};
		struct run_outcome outcome;
		struct run_setup setup;

		if (stop_signals_came())
			return false;
		progress_show(o->config.output.quiet,
			      "round %u of %u, row %u of %u", round + 1,
			      s->rounds_want, i + 1, s->grid.nr_rows);
		prepare_row(s, o, order[i], &setup);
		setup.again = round || i;
		setup.more = true;
		setup.later = o->config.output.json;
		outcome = run_payload(&setup, take_row, &t);
		setup_free(&setup);
		if (outcome.status == verdict_status(VERDICT_SKIP))
			t.row->status = outcome.status;
		if (outcome.interrupted)
			return false;
	}
	s->rounds++;
	return true;
}

static void run_rounds(struct sweep *s, const struct options *o)
{
	unsigned int order[GRID_MAX_ROWS] = {0};
	uint64_t state = 1;

	for (unsigned int i = 0; i < s->rounds_want && !s->interrupted; i++) {
		shuffle(order, s->grid.nr_rows, &state);
		s->interrupted = !run_round(s, o, i, order);
	}
	progress_clear(o->config.output.quiet);
}

static int finish(const struct sweep *s, const struct options *o)
{
	bool passed = false;
	int status = 0;

	sweep_rows_end(s->rows, s->grid.nr_rows);
	report_sweep(s, config_out(&o->config));
	if (o->config.output.json) {
		int err = report_json_sweep(s, o->config.output.json);

		if (err)
			die("cannot write the result to %s: %s",
			    o->config.output.json, strerror(-err));
	}
	for (unsigned int i = 0; i < s->grid.nr_rows; i++) {
		status = verdict_worse_status(status, s->rows[i].status);
		passed |= s->rows[i].rounds && s->rows[i].status == 0;
	}
	return verdict_whole_status(status, passed, s->interrupted);
}

static int sweep(const struct options *o)
{
	const struct sweep_options *own = options_own(o);
	struct sweep *s = room_for(1, sizeof(*s), "for the sweep");
	struct options settled = *o;
	struct run_setup *setup = room_for(1, sizeof(*setup), "for the sweep");
	const char *wrong;
	struct kvm kvm;
	int status;

	if (o->nr_args < 1)
		die("it wants a payload and key=a,b,c: see 'latvisor list'");
	s->rounds_want = own->rounds ? own->rounds : ROUNDS;
	/* The payload's note; its defaults always fit. */
	setup_prepare(setup, &o->config, o->args[0], NULL, 0);
	kvm_open(&kvm);
	wrong = grid_parse(&s->grid, &kvm, &setup->image.note,
			   (const char *const *)o->args + 1, o->nr_args - 1);
	if (wrong)
		die("%s; see 'latvisor list %s'", wrong,
		    setup->image.note.name);
	if (own->metric)
		snprintf(s->metric, sizeof(s->metric), "%s", own->metric);
	check_rows(s, o, &kvm);
	close(kvm.fd);
	s->note = &setup->image.note;
	s->ticks = o->config.ticks;
	s->rows = calloc(s->grid.nr_rows, sizeof(*s->rows));
	if (!s->rows)
		die_errno("no memory for the sweep");
	ticks_announce(&s->ticks, config_out(&o->config));
	tracer_settle(&settled.config);
	/* Ctrl-C between two runs must not lose what they measured. */
	stop_signals_hold();
	run_rounds(s, &settled);
	sandbox_files_only();
	status = finish(s, o);
	sweep_rows_free(s->rows, s->grid.nr_rows);
	free(s->rows);
	grid_free(&s->grid);
	free(s);
	setup_free(setup);
	free(setup);
	return status;
}

static void set_rounds(struct options *o, const char *arg)
{
	struct sweep_options *own = options_own(o);

	own->rounds = (unsigned int)parse_count("rounds", arg, 1, ROUNDS_MAX);
}

static void set_metric(struct options *o, const char *arg)
{
	struct sweep_options *own = options_own(o);

	own->metric = arg;
}

OPTION_GROUP(
	sweep_group, "sweep",
	{.name = "rounds",
	 .arg = "N",
	 .help = "share the samples of each row among N rounds (default 5)",
	 .man = "Shares the samples of each row among that many rounds, 1 to "
		"100 (5).",
	 .set = set_rounds},
	{.name = "metric",
	 .arg = "NAME",
	 .help = "whose samples are shown (default: the payload's first)",
	 .man = "Whose samples are shown. Default: the payload's first "
		"metric.",
	 .set = set_metric},
	{.name = "json",
	 .arg = "FILE",
	 .help = "write all rows; - is standard output",
	 .values = "FILE",
	 .set = parse_json});

COMMAND(sweep, .order = 20, .args = "PAYLOAD KEY=A,B,C...",
	.takes = ARGS_PAYLOAD,
	.summary = "run it with each combination of values",
	.help = "Runs a payload with every combination of the values, all of them "
		"in each of several rounds, and shows one table and one plot.",
	.more = "A value 'all' stands for every choice that this host offers.",
	.man = "Runs a payload with every combination of the values, all of them "
	       "in each of several rounds and in another order each time, and "
	       "shows one table and one plot. The value *all* stands for every "
	       "choice that this host offers.",
	.groups = {&sweep_group, &machine_options}, .run = sweep);
