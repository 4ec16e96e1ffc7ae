/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor.c - latvisor doctor: is this host fit for real-time guests? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/commands/command.h"
#include "vmm/commands/option_values.h"
#include "vmm/host/check.h"
#include "vmm/report/doctor.h"
#include "vmm/report/doctor_format.h"

struct doctor_options {
	const char *cpus; /* NULL: not said */
	const char *root;
	const char *format; /* NULL: text */
	bool all, markdown;
};
_Static_assert(sizeof(struct doctor_options) <= OPTIONS_OWN_LEN, "it fits");

/* Of which machine it is a list is known when all options are. */
static void set_cpus(struct options *o, const char *arg)
{
	struct doctor_options *own = options_own(o);

	own->cpus = strcmp(arg, "auto") == 0 ? NULL : arg;
}

static void set_root(struct options *o, const char *arg)
{
	struct doctor_options *own = options_own(o);

	own->root = arg;
}

static void set_all(struct options *o, const char *arg)
{
	struct doctor_options *own = options_own(o);

	(void)arg;
	own->all = true;
}

static void set_format(struct options *o, const char *arg)
{
	struct doctor_options *own = options_own(o);

	if (!doctor_has_format(arg))
		die("--format wants one of " DOCTOR_FORMATS ", got '%s'", arg);
	own->format = arg;
}

static void set_markdown(struct options *o, const char *arg)
{
	struct doctor_options *own = options_own(o);

	(void)arg;
	own->markdown = true;
}

/* 0: it is fit. */
static int examine(const struct options *o, const struct check_host *h)
{
	const struct doctor_options *own = options_own(o);
	const char *json = o->config.output.json;
	struct doctor d = {.host = h, .root = own->root, .nr = checks_count()};
	struct check_found *found = checks_look(h);
	struct check_sum sum = checks_sum(found, d.nr);
	int err;

	d.found = found;
	if (!own->format)
		doctor_text(&d, own->all, config_out(&o->config));
	else
		doctor_format(&d, own->format, config_out(&o->config));
	err = json ? doctor_json(&d, json) : 0;
	if (err)
		die("cannot write %s: %s", json, strerror(-err));
	free(found);
	return own->format || checks_fit(&sum) ? 0 : 1;
}

/* A tree that cannot be opened is check_host_open()'s to tell. */
static void take_list(struct placement_wish *wish,
		      const struct doctor_options *own)
{
	struct tree tree;

	if (!own->cpus || tree_open(&tree, own->root) != 0)
		return;
	take_cpus(wish, &tree, own->cpus);
	tree_close(&tree);
}

static int doctor(const struct options *o)
{
	const struct doctor_options *own = options_own(o);
	struct placement_wish wish = {.nr_cpus = 0};
	struct check_host *h;
	char why[CHECK_WHY_LEN];
	struct measured m;
	int status;

	if (o->nr_args)
		die("it wants options only, got '%s'", o->args[0]);
	if (own->markdown) {
		doctor_markdown(stdout);
		return 0;
	}
	h = malloc(sizeof(*h));
	if (!h)
		die_errno("no memory");
	take_list(&wish, own);
	if (!check_host_open(h, own->root, wish.cpus, wish.nr_cpus, why))
		die("%s", why);
	tree_mount_debugfs(&h->tree);
	if (!own->root) {
		measured_take(&m, &h->vcpus, h->prio, MEASURED_NS);
		h->measured = &m;
	}
	status = examine(o, h);
	check_host_close(h);
	free(h);
	return status;
}

OPTION_GROUP(
	doctor_group, "doctor",
	{.name = "cpus",
	 .letter = 'a',
	 .arg = "LIST",
	 .help = "the CPUs that vCPUs are to run on: 2,3 or 4-7; auto "
		 "(default): the isolated ones, or the one that run would take",
	 .set = set_cpus},
	{.name = "all",
	 .help = "every check by group, not the failures alone",
	 .set = set_all},
	{.name = "json",
	 .arg = "FILE",
	 .help = "write what was found to a file; -: standard output",
	 .values = "FILE",
	 .set = parse_json},
	{.name = "root",
	 .arg = "DIR",
	 .help = "look at a copy of a machine's /proc and /sys, and measure "
		 "nothing",
	 .man = "Looks at the folders _proc_ and _sys_ in a folder, a copy of "
		"another machine's. Nothing of this machine is read, and what "
		"has to be measured is UNKNOWN.",
	 .values = "DIR",
	 .set = set_root},
	{.name = "format",
	 .arg = "TOOL",
	 .help = "print what mends it as another tool takes it: tuned, libvirt, "
		 "cmdline, grub or ansible",
	 .man = "Prints what mends that which fails or warns, for the vCPUs' "
		"CPUs, as another tool takes it: a profile of _tuned_, a domain "
		"of _libvirt_, the kernel's command line (_cmdline_), a file "
		"of _grub_'s, a playbook of _ansible_. What such a tool cannot "
		"do stands in it as a comment. Nothing is changed, and the "
		"exit status is 0.",
	 .values = DOCTOR_FORMATS,
	 .set = set_format},
	{.name = "markdown",
	 .help = "print docs/host-setup.md: every check and what mends it",
	 .set = set_markdown});

COMMAND(doctor, .order = 45, .args = "", .takes = ARGS_NONE,
	.summary = "is this host fit for real-time guests?",
	.help = "Checks whether this host is fit for real-time guests: what is "
		"wrong, why that matters, and what mends it.",
	.more = "It takes a second, in which the vCPUs' CPUs are kept busy. "
		"Exit status 1: it is not fit, or that cannot be told.",
	.man = "Checks whether this host is fit for real-time guests: how "
	       "kernel, processors and KVM are set up, and what a thread sees "
	       "that spins on the vCPUs' CPUs for a second. One screen has the "
	       "checks that fail, those of most weight first, each with the "
	       "value that was found, the good one, why it matters, and the "
	       "command or boot parameter that mends it. Nothing is changed. "
	       "What could not be read is UNKNOWN. The exit status is 0 when no "
	       "check fails and those are known that decide, else 1.",
	.groups = {&doctor_group}, .run = doctor);
