/* SPDX-License-Identifier: BSD-2-Clause */
/* tune.c - latvisor tune: makes a host fit, and what it was again. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/commands/command.h"
#include "vmm/commands/option_values.h"
#include "vmm/commands/tuning.h"

struct tune_options {
	const char *root;
	uint64_t l3;
	bool dry_run, restore;
};
_Static_assert(sizeof(struct tune_options) <= OPTIONS_OWN_LEN, "it fits");

static void set_root(struct options *o, const char *arg)
{
	struct tune_options *own = options_own(o);

	own->root = arg;
}

static void set_dry_run(struct options *o, const char *arg)
{
	struct tune_options *own = options_own(o);

	(void)arg;
	own->dry_run = true;
}

static void set_restore(struct options *o, const char *arg)
{
	struct tune_options *own = options_own(o);

	(void)arg;
	own->restore = true;
}

static void set_l3(struct options *o, const char *arg)
{
	struct tune_options *own = options_own(o);

	own->l3 = tuning_l3(arg);
}

static int start_command(const void *arg)
{
	char *const *argv = arg;
	int err;

	signal(SIGXFSZ, SIG_DFL);
	execvp(argv[0], argv);
	err = errno;
	warn("cannot run %s: %s", argv[0], strerror(err));
	return err == ENOENT ? 127 : 126; /* as a shell has it */
}

static int tune(const struct options *o)
{
	const struct tune_options *own = options_own(o);
	struct tuning t = {
		.root = own->root,
		.cpus = o->config.placement.cpus,
		.nr_cpus = o->config.placement.nr_cpus,
		.l3 = own->l3,
		/* What runs may have a use for standard output. */
		.out = o->nr_args ? stderr : stdout,
		.work = o->nr_args ? start_command : NULL,
		.arg = o->args,
	};

	if (own->restore && (own->dry_run || o->nr_args || t.nr_cpus))
		die("--restore goes with --root alone");
	if (own->restore)
		return tuning_restore(&t);
	if (t.nr_cpus == 0)
		die("it wants --cpus LIST: the CPUs that vCPUs are to run on");
	return own->dry_run ? tuning_plan(&t) : tuning_run(&t);
}

OPTION_GROUP(
	tune_group, "tune",
	{.name = "cpus",
	 .letter = 'a',
	 .arg = "LIST",
	 .help = "the CPUs that vCPUs are to run on: 2,3 or 4-7",
	 .set = parse_cpus},
	{.name = "dry-run",
	 .help = "print what it would change, change nothing",
	 .set = set_dry_run},
	{.name = "restore",
	 .help = "undo what a tune left that was killed",
	 .man = "Restores what a *tune* changed that ended without doing so: it "
		"was killed by SIGKILL. The next *tune* does that, too.",
	 .set = set_restore},
	{.name = "l3",
	 .arg = "MASK",
	 .help = "these bits of the last cache for the vCPUs' CPUs alone, in "
		 "hexadecimal",
	 .man = "Gives the vCPUs' CPUs these bits of the last cache, in "
		"hexadecimal, and takes them from everybody else's class "
		"(resctrl). Without it the cache is left as it is.",
	 .set = set_l3},
	{.name = "root",
	 .arg = "DIR",
	 .help = "tune a copy of a machine's /proc and /sys",
	 .man = "Changes files of the folders _proc_ and _sys_ in a folder, a "
		"copy of a machine's, as its kernel would show them. A command "
		"runs, but is not moved anywhere.",
	 .values = "DIR",
	 .set = set_root});

COMMAND(tune, .order = 47, .args = "[-- COMMAND...]", .takes = ARGS_FILES,
	.summary = "make a host fit, for a while",
	.help = "Changes what makes this host unfit for real-time guests on some "
		"CPUs, runs a command or waits for Ctrl-C, and restores "
		"everything.",
	.more = "Each change is in /run/latvisor/tune.journal before it is made: "
		"what was killed is undone by 'latvisor tune --restore'.",
	.man = "Changes what makes this host unfit for real-time guests on some "
	       "CPUs, as far as it can be changed back: what *latvisor doctor* "
	       "marks with (tune). It prints each change, runs the command in a "
	       "cgroup that has these CPUs and returns its status, or waits for "
	       "a signal, and restores every value that nobody else has changed "
	       "meanwhile. Each change is in _/run/latvisor/tune.journal_ "
	       "before it is made. It touches nothing else.",
	.groups = {&tune_group}, .run = tune);
