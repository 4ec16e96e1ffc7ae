/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.c - latvisor bench: the standard suite.  Above 300 lines: its options,
 * their help and their part of the manual page are in it.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/progress.h"
#include "vmm/base/stop_signals.h"
#include "vmm/base/text.h"
#include "vmm/base/verdict.h"
#include "vmm/commands/command.h"
#include "vmm/commands/option_values.h"
#include "vmm/commands/suite_setup.h"
#include "vmm/host/sandbox.h"
#include "vmm/report/output.h"
#include "vmm/report/report.h"
#include "vmm/report/score.h"
#include "vmm/run/round.h"
#include "vmm/run/tracer.h"
#include "vmm/setup/modes.h"
#include "vmm/setup/threshold_check.h"

#define NORMAL_S 60
#define QUICK_S	 15
#define ROUNDS	 5 /* but for --quick, which tells of one run only */

struct bench_options {
	bool quick;
	uint64_t long_s; /* about that long; 0: not said */
	const char *out; /* folder for the results; NULL: none */
};
_Static_assert(sizeof(struct bench_options) <= OPTIONS_OWN_LEN, "it fits");

static const struct bench_options *own_options(const struct options *o)
{
	return options_own(o);
}

static unsigned int nr_rounds(const struct options *o)
{
	return own_options(o)->quick ? 1 : ROUNDS;
}

/* Of the numbers in the suite, what a round gets. */
static double round_share(const struct options *o)
{
	const struct bench_options *own = own_options(o);
	double seconds = own->quick ? QUICK_S : NORMAL_S;

	if (own->long_s)
		seconds = (double)own->long_s;
	return seconds / SUITE_S / nr_rounds(o);
}

static void print_title(const struct suite_entry *e, const char *const *args,
			unsigned int nr)
{
	printf("\n== %s: %s", e->name, e->payload);
	for (unsigned int i = 0; i < nr; i++)
		printf(" %s", args[i]);
	printf("\n");
	fflush(stdout);
}

/* One entry of the suite, over all rounds. */
struct entry_run {
	const struct suite_entry *entry;
	struct suite_run *suite;
	struct suite_setup p;
	struct rounds rounds;
	bool reported;	     /* at once: the only round */
	const char *skipped; /* why; NULL: it is not */
	int status;
};

struct suite_run {
	const struct options *options;
	struct kvm kvm;
	FILE *summary; /* written to text */
	char *text;
	size_t len;
	FILE *explained; /* the same of --explain */
	char *explained_text;
	size_t explained_len;
	struct score score;
	uint32_t judged_set; /* thresholds that some run had metrics for */
	bool passed, interrupted;
	int status;
	struct entry_run *entries; /* nr_suite */
	struct suite_paths paths;
};

static void finish(struct suite_run *s);

static void take_entry(struct result *r, struct run_report *run, void *arg)
{
	struct entry_run *e = arg;
	struct suite_run *s = e->suite;

	if (!e->rounds.single)
		print_title(e->entry, e->p.args, e->p.nr);
	report_output(r, run, NULL);
	report_summary(r, e->entry->name, s->summary);
	report_explained_rows(r, e->entry->name, s->explained);
	score_take(&s->score, e->entry->name, r);
	suite_take_path(&s->paths, e->entry, r);
	s->judged_set |= r->judged_set;
	if (r->stuck) { /* the program ends after this */
		s->interrupted = true;
		e->rounds.all = NULL;
		finish(s);
	}
}

static void prepare_entry(const struct suite_run *s, struct entry_run *e)
{
	struct config config = s->options->config;

	/* Text of the guest would stand apart from its run. */
	if (nr_rounds(s->options) > 1)
		config.output.quiet = true;
	suite_prepare(&e->p, &config, e->entry, round_share(s->options),
		      own_options(s->options)->out);
}

/* Nor would one do that has a percentile that one of them cannot reach. */
static void check_percentiles(const struct suite_run *s)
{
	for (size_t i = 0; i < nr_suite; i++) {
		const struct run_setup *setup = &s->entries[i].p.setup;

		if (!s->entries[i].skipped &&
		    modes_offered(&s->kvm, &setup->image.note, setup->params))
			thresholds_check_row(setup, suite[i].name,
					     nr_rounds(s->options));
	}
}

/* What is wrong with one of them is said before the first. */
static void prepare_suite(struct suite_run *s)
{
	for (size_t i = 0; i < nr_suite; i++) {
		struct entry_run *e = &s->entries[i];

		*e = (struct entry_run){.entry = &suite[i], .suite = s};
		e->rounds.take = take_entry;
		e->rounds.arg = e;
		if (suite_lacks_vcpus(&s->options->config, &suite[i]))
			e->skipped = "needs a second CPU";
		else
			prepare_entry(s, e);
		e->rounds.single = nr_rounds(s->options) == 1;
	}
	suite_check_thresholds(&s->options->config);
}

/* One round of one of them, unless an earlier one was the last. */
static void run_entry(struct suite_run *s, struct entry_run *e)
{
	struct run_outcome outcome;

	if (e->skipped || (e->rounds.all && rounds_are_over(&e->rounds)))
		return;
	e->status = verdict_status(VERDICT_SKIP);
	if (!modes_offered(&s->kvm, &e->p.setup.image.note,
			   e->p.setup.params)) {
		e->skipped = "this KVM does not offer it";
		return;
	}
	progress_show(s->options->config.output.quiet, "%s ", e->entry->name);
	if (e->rounds.single) /* what it says belongs below its title */
		print_title(e->entry, e->p.args, e->p.nr);
	outcome = run_round(&e->p.setup, &e->rounds);
	s->interrupted |= outcome.interrupted;
	if (!e->rounds.all)
		e->skipped = "its run says why";
}

/* Once, and nothing of one that never ran. */
static void report_entry(struct suite_run *s, struct entry_run *e)
{
	if (e->reported || (!e->rounds.all && !e->skipped))
		return;
	e->reported = true;
	if (e->rounds.all)
		e->status = rounds_finish(&e->p.setup, &e->rounds);
	else
		report_summary_why(e->entry->name, VERDICT_SKIP, e->skipped, 0,
				   s->summary);
	s->passed |= !e->skipped && e->status == verdict_status(VERDICT_PASS);
	s->status = verdict_worse_status(s->status, e->status);
}

/* All entries once, unless the user ends it. */
static void run_suite_round(struct suite_run *s, bool is_only)
{
	for (size_t i = 0; i < nr_suite; i++) {
		s->interrupted |= stop_signals_came();
		if (s->interrupted)
			return;
		if (ferror(stdout) && !own_options(s->options)->out)
			die("cannot write to standard output: nobody would see "
			    "the rest");
		run_entry(s, &s->entries[i]);
		if (is_only)
			report_entry(s, &s->entries[i]);
	}
}

/* What drifts hits all entries alike. */
static void run_suite(struct suite_run *s)
{
	unsigned int nr = nr_rounds(s->options);

	for (unsigned int k = 0; k < nr && !s->interrupted; k++) {
		if (nr > 1)
			printf("round %u of %u\n", k + 1, nr);
		fflush(stdout);
		run_suite_round(s, nr == 1);
	}
	progress_clear(s->options->config.output.quiet);
}

static void check_options(const struct options *o)
{
	const struct config *c = &o->config;

	if (o->nr_args)
		die("it takes options only, got '%s'", o->args[0]);
	if (c->machine.halt_poll_ns >= 0 || c->machine.disable_exits ||
	    c->machine.xapic)
		die("it runs through the modes by itself, --halt-poll, "
		    "--disable-exits and --xapic are for run and sweep");
	if (c->machine.mem_len)
		die("it gives each payload the memory that it needs, --mem "
		    "is for run and sweep");
	if (own_options(o)->quick && own_options(o)->long_s)
		die("--quick and --long contradict each other: say one of "
		    "them");
	if (own_options(o)->out && mkdir(own_options(o)->out, 0777) != 0 &&
	    errno != EEXIST)
		die_errno("cannot create --out %s", own_options(o)->out);
}

/* What no run had a metric for was not kept by any. */
static void judge_rest(struct suite_run *s)
{
	const struct config *c = &s->options->config;

	for (unsigned int i = 0; i < c->nr_thresholds; i++) {
		if (s->judged_set >> i & 1)
			continue;
		printf("threshold not judged: '%s': no run measured it\n",
		       c->thresholds[i].text);
		s->status = verdict_worse_status(s->status,
						 verdict_status(VERDICT_FAIL));
	}
}

static void print_explained(struct suite_run *s)
{
	const char *out = own_options(s->options)->out;

	fclose(s->explained);
	if (*s->explained_text) {
		printf("\n== explained\n");
		report_explained_head(&s->options->config.ticks, stdout);
		fputs(s->explained_text, stdout);
		printf("all of a row: above%s\n",
		       out ? ", and 'latvisor report' of its file" : "");
	}
	free(s->explained_text);
}

/* The summary and the scorecard. */
static void finish(struct suite_run *s)
{
	for (size_t i = 0; i < nr_suite; i++)
		report_entry(s, &s->entries[i]);
	fclose(s->summary);
	printf("\n== summary\n");
	if (*s->text)
		report_summary_head(&s->options->config.ticks, stdout);
	fputs(*s->text ? s->text : "no run has ended\n", stdout);
	free(s->text);
	suite_print_paths(&s->paths, stdout);
	print_explained(s);
	printf("\n== scorecard\n");
	score_print(&s->score, &s->options->config.ticks, stdout);
	if (!s->interrupted) /* else there are runs that were never made */
		judge_rest(s);
	if (own_options(s->options)->out) {
		char out[PATH_MAX];

		snprintf(out, sizeof(out), "%s", own_options(s->options)->out);
		text_line(out);
		printf("\nresult files: %s/\n", out);
	}
}

static int bench(const struct options *o)
{
	struct options settled = *o;
	struct suite_run s = {.options = &settled};

	s.summary = open_memstream(&s.text, &s.len);
	s.explained = open_memstream(&s.explained_text, &s.explained_len);
	if (!s.summary || !s.explained)
		die_errno("no memory for the summary");
	check_options(o);
	tracer_settle(&settled.config);
	s.entries = calloc(nr_suite, sizeof(*s.entries));
	if (!s.entries)
		die_errno("no memory for the suite");
	prepare_suite(&s);
	kvm_open(&s.kvm);
	check_percentiles(&s);
	ticks_announce(&o->config.ticks, stdout);
	/* Ctrl-C between two runs must not lose what they measured. */
	stop_signals_hold();
	run_suite(&s);
	close(s.kvm.fd);
	sandbox_files_only();
	finish(&s);
	for (size_t i = 0; i < nr_suite; i++)
		setup_free(&s.entries[i].p.setup);
	suite_free_paths(&s.paths);
	free(s.entries);
	return verdict_whole_status(s.status, s.passed, s.interrupted);
}

static void set_quick(struct options *o, const char *arg)
{
	struct bench_options *own = options_own(o);

	(void)arg;
	own->quick = true;
}

static void set_long(struct options *o, const char *arg)
{
	struct bench_options *own = options_own(o);

	own->long_s = parse_seconds("long", arg, NORMAL_S, RUN_MAX_S);
}

static void set_out(struct options *o, const char *arg)
{
	struct bench_options *own = options_own(o);

	own->out = arg;
}

OPTION_GROUP(
	bench_group, "bench",
	{.name = "quick",
	 .help = "fewer samples, 15 seconds at most",
	 .set = set_quick},
	{.name = "long",
	 .arg = "TIME",
	 .help = "more samples, about that long: 60s to 8784h",
	 .man = "More samples, so many that it takes about that long: _60s_ "
		"to _8784h_; a plain number is seconds.",
	 .set = set_long},
	{.name = "out",
	 .arg = "DIR",
	 .help = "write a result file for each run there",
	 .man = "Writes a result file for each run there. The folder is made "
		"if its parent is there.",
	 .values = "DIR",
	 .set = set_out});

COMMAND(bench, .order = 30, .args = "", .summary = "run the standard suite",
	.help = "Runs the standard suite in about a minute and ends with a "
		"scorecard: what was published beside what was measured.",
	.man = "Runs the standard suite in about a minute and ends with a "
	       "summary and a scorecard: published figures beside those measured "
	       "here, as far as they are alike. What this host does not offer is "
	       "a SKIP. The exit status is that of the most severe verdict.",
	.groups = {&bench_group, &fail_if_options, &machine_options},
	.run = bench);
