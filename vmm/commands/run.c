/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run.c - latvisor run: one payload, once or in rounds.  Above 300 lines: its
 * options, their help and their part of the manual page are in it.
 */
#include "vmm/base/die.h"
#include "vmm/base/stop_signals.h"
#include "vmm/base/timeline.h"
#include "vmm/commands/break_options.h"
#include "vmm/commands/command.h"
#include "vmm/commands/option_values.h"
#include "vmm/commands/tuning.h"
#include "vmm/host/sandbox.h"
#include "vmm/report/output.h"
#include "vmm/result/rounds.h"
#include "vmm/run/beside.h"
#include "vmm/run/hook.h"
#include "vmm/run/round.h"
#include "vmm/run/trace_dat.h"
#include "vmm/setup/setup.h"
#include "vmm/setup/threshold_check.h"

struct run_options {
	unsigned int rounds; /* 0: not said, a single run */
	bool tune;
	const char *stress; /* NULL: none */
};
_Static_assert(sizeof(struct run_options) <= OPTIONS_OWN_LEN, "it fits");

static void set_rounds(struct options *o, const char *arg)
{
	struct run_options *own = options_own(o);

	own->rounds = (unsigned int)parse_count("rounds", arg, 1, ROUNDS_MAX);
}

static void set_tune(struct options *o, const char *arg)
{
	struct run_options *own = options_own(o);

	(void)arg;
	own->tune = true;
}

/* Of a few rounds each, where nobody says how many. */
static void set_stress(struct options *o, const char *arg)
{
	struct run_options *own = options_own(o);

	own->stress = arg;
	if (!own->rounds)
		own->rounds = BESIDE_ROUNDS;
}

static void set_raw(struct options *o, const char *arg)
{
	o->config.output.raw = arg;
}

static void set_perfetto(struct options *o, const char *arg)
{
	o->config.output.perfetto = arg;
	o->config.explain = true;
}

static void set_events(struct options *o, const char *arg)
{
	o->config.output.events = arg;
	o->config.explain = true;
}

static void set_trace_dat(struct options *o, const char *arg)
{
	o->config.output.trace_dat = arg;
	o->config.explain = true;
}

static void set_exits(struct options *o, const char *arg)
{
	(void)arg;
	o->config.exits = true;
}

static void set_dump_dtb(struct options *o, const char *arg)
{
	o->config.output.dtb = arg;
}

static void set_timeline(struct options *o, const char *arg)
{
	(void)arg;
	o->config.output.timeline = true;
}

OPTION_GROUP(
	run_options, "run",
	{.name = "json",
	 .arg = "FILE",
	 .help = "write the whole result; - is standard output",
	 .man = "Writes the whole result; _-_ is standard output, and the table "
		"then goes to standard error. The file is written whole or not "
		"at all, where its name leads to: a link stays one. A FIFO, a "
		"device and _/dev/fd/N_ are written to. *latvisor report* shows what it says.",
	 .values = "FILE",
	 .set = parse_json},
	{.name = "rounds",
	 .arg = "N",
	 .help = "run it N times, each in a fresh VM, and show what holds for "
		 "this host",
	 .man = "Runs it that many times (1 to 100), each in a fresh VM and "
		"with as many samples as without the option, and shows all of "
		"them as one result. From 5 rounds on the intervals of the "
		"percentiles are those of the host: they allow for what "
		"differs from run to run, which no single run can show. Two "
		"hosts, or kernels, can be told apart by those only.",
	 .set = set_rounds},
	{.name = "tune",
	 .help = "tune the host around the run, as 'latvisor tune' does",
	 .man = "Does what *latvisor tune* does with the CPUs of *--cpus* "
		"around the run, and tells it on standard error.",
	 .set = set_tune},
	{.name = "stress",
	 .arg = "LIST",
	 .help = "rounds beside disturbances on the other CPUs, and quiet ones "
		 "in between",
	 .man = "Makes disturbances on the CPUs that no vCPU has, each in "
		"rounds of its own, quiet ones in between (*--rounds* N of "
		"each, 3), and shows in one table what each does to every "
		"metric. _LIST_ has their names, parted by commas: load is "
		"*cpu*, *mem*, *cache*, *irq*, *timer*, *ipi*, *fork*, *poll* "
		"and *swap*; *freq*, *hotplug*, *module*, *clocksource*, "
		"*kvmclock* and *cgroup* change the host and give it back. "
		"*cpu+mem* is both at once. They are ordinary processes and end with "
		"latvisor, however that ends.",
	 .set = set_stress},
	{.name = "duration",
	 .letter = 'D',
	 .arg = "TIME",
	 .help = "measure about that long, like 30s or 10m, instead of a number "
		 "of samples",
	 .man = "Measures about that long, instead of a number of samples: by "
		"the payload's *duration_s* if it has one, else by as many "
		"samples as its periods make of it.",
	 .set = parse_duration},
	{.name = "raw",
	 .arg = "FILE",
	 .help = "write every sample: as CSV if the name ends in .csv, else "
		 "binary",
	 .man = "Writes every sample with its time: as CSV if the name ends in "
		"_.csv_, else binary. The file is written after the run, whole "
		"or not at all; until then the samples are in a file without a "
		"name beside it. A sample that comes too fast is counted as "
		"lost.",
	 .values = "FILE",
	 .set = set_raw},
	{.name = "perfetto",
	 .arg = "FILE",
	 .help = "--explain, and write what was recorded as a trace for "
		 "ui.perfetto.dev",
	 .man = "As *--explain*, and writes what was recorded as a trace, "
		"which _ui.perfetto.dev_ and others open that read Chrome's "
		"JSON: what each CPU ran, samples with their stages, and what "
		"leads from the one to the other. Of a long run it has as many "
		"blocks of time as a viewer has room for, those of the worst "
		"samples among them.",
	 .values = "FILE",
	 .set = set_perfetto},
	{.name = "events",
	 .arg = "FILE",
	 .help = "--explain, and write every event and sample that was "
		 "recorded, as text",
	 .man = "As *--explain*, and writes every event and every sample that "
		"was recorded as text, a line each: what it takes to explain "
		"the samples again elsewhere.",
	 .values = "FILE",
	 .set = set_events},
	{.name = "trace-dat",
	 .arg = "FILE",
	 .help = "--explain, and have trace-cmd write what was recorded, for "
		 "KernelShark",
	 .man = "As *--explain*, and has *trace-cmd*(1) write the kernel's "
		"own pages of what was recorded as a trace.dat, which it and "
		"KernelShark open: 256 MiB of pages at most. It runs outside "
		"of the sandbox. The clock is the TSC: *trace-cmd report -t* shows it with a point before "
		"its last nine digits.",
	 .values = "FILE",
	 .set = set_trace_dat},
	{.name = "exits",
	 .help = "record which exits there are, where in the guest, how long "
		 "they take",
	 .man = "Records each exit of the guest and the entry behind it, in "
		"every second block of time as *--explain* does, and shows "
		"them by reason, instruction, source line and what they were "
		"about, and KVM's histograms of halts. Where exits cannot be "
		"recorded it shows KVM's counts and those to latvisor. Not "
		"with *--rounds*.",
	 .set = set_exits},
	{.name = "dump-dtb",
	 .arg = "FILE",
	 .help = "write the device tree that the guest gets",
	 .values = "FILE",
	 .set = set_dump_dtb},
	{.name = "timeline",
	 .help = "tell where the time of start-up goes",
	 .man = "Tells on standard error where the time of start-up goes.",
	 .set = set_timeline});

/* What is of one run only. */
static void check_rounds(const struct options *o, const char *option)
{
	const struct output_wish *out = &o->config.output;
	const struct {
		const char *name, *file, *what;
	} one[] = {
		{"--raw", out->raw, "a file of samples is"},
		{"--perfetto", out->perfetto, "a trace is"},
		{"--events", out->events, "they are"},
		{"--trace-dat", out->trace_dat, "a trace is"},
		{"--exits", o->config.exits ? "" : NULL, "it is"},
		{"--dump-dtb", out->dtb, "it is"},
	};

	for (size_t i = 0; i < sizeof(one) / sizeof(*one); i++)
		if (one[i].file)
			die("%s%s%s: %s of one run, leave %s out", one[i].name,
			    *one[i].file ? " " : "", one[i].file, one[i].what,
			    option);
}

static void run_hook(struct hook *hook, const struct config *c)
{
	int status;

	fflush(NULL); /* in the order in which it happened */
	status = hook_run(hook, c->output.json);
	if (status)
		warn("--on-break: the command ended with status %d", status);
}

static struct run_outcome run_rounds(struct run_setup *setup, unsigned int nr)
{
	struct rounds x = {.take = report_output};
	struct run_outcome outcome;

	/* Ctrl-C between two of them must not lose what they measured. */
	stop_signals_hold();
	do {
		outcome = run_round(setup, &x);
		if (x.all && stop_signals_came())
			x.all->interrupted = true;
	} while (!rounds_are_over(&x) && x.all->nr_rounds < nr);
	sandbox_files_only();
	if (x.all) {
		outcome.broke = x.all->nr_broke > 0;
		outcome.status = rounds_finish(setup, &x);
	}
	return outcome;
}

/* Not by a filter, and with no memory locked. */
static struct stress_keeper *start_stress(const char *list,
					  struct stress_plan *plan,
					  const struct run_setup *setup)
{
	char text[256];
	const char *wrong = stress_parse(plan, list, text, sizeof(text));

	if (wrong)
		die("--stress %s: %s", list, wrong);
	return stress_start(plan, &setup->placement,
			    setup->config.machine.nr_vcpus);
}

static int run_once(const struct options *o)
{
	const struct run_options *own = options_own(o);
	struct stress_keeper *keeper = NULL;
	struct stress_plan plan;
	struct run_setup setup;
	struct run_outcome outcome;
	struct hook *hook = NULL;

	timeline_enable(o->config.output.timeline);
	if (o->nr_args < 1)
		die("it wants a payload: see 'latvisor list'");
	if (own->rounds)
		check_rounds(o, own->stress ? "--stress" : "--rounds");
	break_check(&o->config);
	if (o->config.output.on_break)
		hook = hook_start(o->config.output.on_break);
	setup_prepare(&setup, &o->config, o->args[0],
		      (const char *const *)o->args + 1, o->nr_args - 1);
	thresholds_check(&setup, own->rounds ? own->rounds : 1);
	if (own->stress)
		keeper = start_stress(own->stress, &plan, &setup);
	break_open_mark(&setup.config);
	if (o->config.output.trace_dat)
		setup.config.dat = trace_dat_start(o->config.output.trace_dat,
						   TRACE_PAGES_MOST);
	timeline_mark("payload read");
	ticks_announce(&o->config.ticks, config_out(&o->config));
	if (keeper)
		outcome = run_beside(&setup, &plan, keeper, own->rounds,
				     report_output);
	else if (own->rounds)
		outcome = run_rounds(&setup, own->rounds);
	else
		outcome = run_payload(&setup, report_output, NULL);
	if (hook && outcome.broke)
		run_hook(hook, &o->config);
	hook_end(hook);
	stress_close(keeper);
	trace_dat_end(setup.config.dat);
	setup_free(&setup);
	timeline_print();
	return outcome.status;
}

static int run(const struct options *o)
{
	const struct run_options *own = options_own(o);

	return own->tune ? tuning_around(o, run_once) : run_once(o);
}

COMMAND(run, .order = 10, .args = "PAYLOAD [KEY=VALUE...]",
	.takes = ARGS_PAYLOAD,
	.summary = "run one payload, show what it measured",
	.help = "Runs one payload, by name or by the path of its ELF file, and "
		"shows what it measured.",
	.more = "'latvisor list PAYLOAD' shows its parameters.",
	.man = "Runs one payload and shows what it measured. _PAYLOAD_ is a name "
	       "out of *latvisor list*, or the path of an ELF file if it has a "
	       "slash in it.",
	.groups = {&run_options, &break_options, &fail_if_options,
		   &machine_options},
	.run = run);
