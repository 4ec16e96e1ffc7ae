/* SPDX-License-Identifier: BSD-2-Clause */
/* break_options.c - --break-at and what goes with it: break_options.h. */
#include <string.h>

#include "guest-firmware/abi/hist.h"
#include "vmm/base/die.h"
#include "vmm/commands/break_options.h"
#include "vmm/commands/option_values.h"
#include "vmm/host/trace_mark.h"

static void set_continue(struct options *o, const char *arg)
{
	o->config.break_most =
		(uint32_t)parse_count("continue", arg, 2, HIST_NR_WORST);
}

static void set_mark(struct options *o, const char *arg)
{
	o->config.mark = arg;
}

static void set_on_break(struct options *o, const char *arg)
{
	o->config.output.on_break = arg;
}

static const struct command_option list[] = {
	{.name = "break-at",
	 .letter = 'b',
	 .arg = "TIME",
	 .help = "end the run at the first sample above it, as FAIL: 100us, "
		 "2500ns, 9000cycles",
	 .man = "Ends the run at the first sample above that time, as FAIL "
		"(status 1); the result says which sample it was, and has "
		"everything measured until then. A time, at most _1000s_, a "
		"plain number being us, or _9000cycles_. It costs the other "
		"samples nothing. Samples of the warm-up, and those that came "
		"too early, do not end a run. On a host whose clock counts "
		"instructions, _9000instructions_ as well.",
	 .set = parse_break_at},
	{.name = "continue",
	 .arg = "N",
	 .help = "with --break-at: go on, and end the run at the Nth such "
		 "sample",
	 .man = "With *--break-at*: goes on, and ends the run at the Nth such "
		"sample (2 to 16); the result has all of them. Telling of one "
		"is an exit, which the sample after it may have in it.",
	 .set = set_continue},
	{.name = "mark",
	 .arg = "INSTANCE",
	 .help = "with --break-at: write into the marker of your own trace "
		 "instance",
	 .man = "With *--break-at*: writes a line into _trace_marker_ of that "
		"instance of tracefs as soon as there is such a sample; _._ "
		"is the top one. The trace stays as it is, and whoever looks "
		"at it finds the place.",
	 .set = set_mark},
	{.name = "on-break",
	 .arg = "COMMAND",
	 .help = "with --break-at and --json: run a command then, with the "
		 "result's path",
	 .man = "With *--break-at* and *--json* _FILE_: when a run had such a "
		"sample and its result is written, the shell runs the command "
		"with the file's name behind it, outside of the sandbox and "
		"with the rights that latvisor was started with. How it ends "
		"changes nothing but a warning.",
	 .set = set_on_break},
};

const struct option_group break_options = {
	.title = "samples above a limit",
	.options = list,
	.nr = sizeof(list) / sizeof(*list),
};

void break_check(const struct config *c)
{
	const char *what = c->break_most	? "--continue"
			   : c->mark		? "--mark"
			   : c->output.on_break ? "--on-break"
						: NULL;

	if (what && !config_breaks(c))
		die("%s is about samples above --break-at, and there is none: "
		    "add --break-at TIME",
		    what);
	if (c->output.on_break &&
	    (!c->output.json || strcmp(c->output.json, "-") == 0))
		die("--on-break wants a result to hand over: add --json FILE");
}

void break_open_mark(struct config *c)
{
	if (!c->mark)
		return;
	c->mark_fd = trace_mark_open(c->mark);
	if (c->mark_fd < 0)
		die_errno("--mark %s wants a trace instance that it may write "
			  "to, or . for the top one",
			  c->mark);
}
