/* SPDX-License-Identifier: BSD-2-Clause */
/* options.c - see options.h.  The only user of argp. */
#include <argp.h>
#include <stdint.h>
#include <string.h>

#include "guest-firmware/abi/payload.h"
#include "vmm/base/die.h"
#include "vmm/base/verdict.h"
#include "vmm/commands/option_values.h"
#include "vmm/commands/options.h"

enum {
	OPT_CPUS = 256,
	OPT_VCPUS,
	OPT_PRIO,
	OPT_IRQCHIP,
	OPT_MEM,
	OPT_PAGE_SIZE,
	OPT_LIMIT,
	OPT_JSON,
	OPT_DUMP_DTB,
	OPT_STRICT,
	OPT_OVERCOMMIT,
	OPT_TIMELINE,
	OPT_QUICK,
	OPT_OUT,
	OPT_HALT_POLL,
	OPT_DISABLE_EXITS,
	OPT_XAPIC,
	OPT_ROUNDS,
	OPT_LONG,
	OPT_METRIC,
	OPT_FAIL_IF,
	OPT_BREAK_AT,
	OPT_RAW,
};

static const struct argp_option machine_options[] = {
	{"cpus", OPT_CPUS, "LIST", 0,
	 "the CPU of each vCPU, in order: 2,3 or 4-7", 0},
	{"vcpus", OPT_VCPUS, "N", 0,
	 "how many vCPUs (default: as many as --cpus, or what the payload "
	 "needs)",
	 0},
	{"prio", OPT_PRIO, "N", 0,
	 "SCHED_FIFO priority of the vCPUs, 1 to 98 (default 80); 0: ordinary "
	 "scheduling",
	 0},
	{"irqchip", OPT_IRQCHIP, "KIND", 0,
	 "split (default), kernel or none: what of the interrupt hardware is "
	 "in the kernel",
	 0},
	{"halt-poll", OPT_HALT_POLL, "TIME", 0,
	 "KVM polls up to that long before a halted vCPU sleeps; 0: never "
	 "(default: the host's halt_poll_ns)",
	 0},
	{"disable-exits", OPT_DISABLE_EXITS, "LIST", 0,
	 "instructions of the guest that do not exit: hlt, pause, mwait, "
	 "cstate",
	 0},
	{"xapic", OPT_XAPIC, NULL, 0, "hide x2APIC: the APIC is at its address",
	 0},
	{"mem", OPT_MEM, "SIZE", 0,
	 "guest memory, like 16M (default: what the payload needs)", 0},
	{"page-size", OPT_PAGE_SIZE, "SIZE", 0,
	 "pages behind guest memory: 4K (default), 2M or 1G", 0},
	{"limit", OPT_LIMIT, "TIME", 0,
	 "end a run after that time (default: from the payload and its "
	 "parameters)",
	 0},
	{"strict", OPT_STRICT, NULL, 0, "what would be a warning is a failure",
	 0},
	{"allow-overcommit", OPT_OVERCOMMIT, NULL, 0,
	 "several vCPUs may share a CPU", 0},
	{"quiet", 'q', NULL, 0, "no live line and no text of the guest", 0},
	{0},
};

/* Of run and bench. */
#define FAIL_IF_OPTION                                                      \
	{                                                                   \
		"fail-if", OPT_FAIL_IF, "EXPR", 0,                          \
			"FAIL if it is so: [METRIC:]STAT OP VALUE, like "   \
			"'p99.9>20us', 'lateness:max>=1ms' or 'missed>0'; " \
			"may be repeated",                                  \
			0                                                   \
	}

static const struct argp_option run_options[] = {
	{"json", OPT_JSON, "FILE", 0,
	 "write the whole result; - is standard output", 0},
	{"break-at", OPT_BREAK_AT, "TIME", 0,
	 "end the run at the first sample above it, as FAIL: 100us, 2500ns, "
	 "9000cycles",
	 0},
	FAIL_IF_OPTION,
	{"raw", OPT_RAW, "FILE", 0,
	 "write every sample: as CSV if the name ends in .csv, else binary", 0},
	{"dump-dtb", OPT_DUMP_DTB, "FILE", 0,
	 "write the device tree that the guest gets", 0},
	{"timeline", OPT_TIMELINE, NULL, 0,
	 "tell where the time of start-up goes", 0},
	{0},
};

static const struct argp_option sweep_options[] = {
	{"rounds", OPT_ROUNDS, "N", 0,
	 "share the samples of each row among N rounds (default 5)", 0},
	{"metric", OPT_METRIC, "NAME", 0,
	 "whose samples are shown (default: the payload's first)", 0},
	{"json", OPT_JSON, "FILE", 0, "write all rows; - is standard output",
	 0},
	{0},
};

static const struct argp_option bench_options[] = {
	{"quick", OPT_QUICK, NULL, 0, "fewer samples, 15 seconds at most", 0},
	{"long", OPT_LONG, "SECONDS", 0,
	 "more samples, about that long: 60 to 31622400", 0},
	{"out", OPT_OUT, "DIR", 0, "write a result file for each run there", 0},
	FAIL_IF_OPTION,
	{0},
};

static const struct argp_option no_options[] = {{0}};

static error_t parse_machine(int key, char *arg, struct argp_state *state)
{
	struct config *c = &((struct options *)state->input)->config;

	switch (key) {
	case OPT_CPUS:
		parse_cpus(c, arg);
		return 0;
	case OPT_VCPUS:
		c->nr_vcpus = (uint32_t)parse_count("vcpus", arg, 1, MAX_VCPUS);
		return 0;
	case OPT_PRIO:
		c->placement.prio =
			(int)parse_count("prio", arg, 0, VCPU_PRIO_MAX);
		return 0;
	case OPT_IRQCHIP:
		parse_irqchip(c, arg);
		return 0;
	case OPT_HALT_POLL:
		parse_halt_poll(c, arg);
		return 0;
	case OPT_DISABLE_EXITS:
		parse_disable_exits(c, arg);
		return 0;
	case OPT_XAPIC:
		c->xapic = true;
		return 0;
	case OPT_MEM:
		parse_mem(c, arg);
		return 0;
	case OPT_PAGE_SIZE:
		parse_page_size(c, arg);
		return 0;
	case OPT_LIMIT:
		parse_limit(c, arg);
		return 0;
	case OPT_STRICT:
		c->strict = true;
		return 0;
	case OPT_OVERCOMMIT:
		c->placement.overcommit = true;
		return 0;
	case 'q':
		c->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_command(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = o; /* for parse_machine() */
		return 0;
	case OPT_JSON:
		o->config.json = arg;
		return 0;
	case OPT_RAW:
		o->config.raw = arg;
		return 0;
	case OPT_BREAK_AT:
		parse_break_at(&o->config, arg);
		return 0;
	case OPT_DUMP_DTB:
		o->config.dtb = arg;
		return 0;
	case OPT_TIMELINE:
		o->config.timeline = true;
		return 0;
	case OPT_ROUNDS:
		o->rounds = (unsigned int)parse_count("rounds", arg, 1,
						      SWEEP_MAX_ROUNDS);
		return 0;
	case OPT_METRIC:
		o->metric = arg;
		return 0;
	case OPT_QUICK:
		o->quick = true;
		return 0;
	case OPT_LONG:
		o->long_s = parse_count("long", arg, 60, RUN_MAX_S);
		return 0;
	case OPT_FAIL_IF:
		parse_fail_if(&o->config, arg);
		return 0;
	case OPT_OUT:
		o->out = arg;
		return 0;
	case ARGP_KEY_ARGS:
		o->args = state->argv + state->next;
		o->nr_args = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_list(int key, char *arg, struct argp_state *state)
{
	return key == ARGP_KEY_ARGS ? parse_command(key, arg, state)
				    : ARGP_ERR_UNKNOWN;
}

static const struct argp machine_argp = {
	machine_options, parse_machine, NULL, NULL, NULL, NULL, NULL};
static const struct argp_child children[] = {{&machine_argp, 0, NULL, 0}, {0}};

static const struct command {
	const char *name;
	const char *title;
	struct argp argp;
} commands[] = {
	{"run",
	 "latvisor run",
	 {run_options, parse_command, "PAYLOAD [KEY=VALUE...]",
	  "Runs one payload, by name or by the path of its ELF file, and shows "
	  "what it measured.\v'latvisor list PAYLOAD' shows its parameters.",
	  children, NULL, NULL}},
	{"sweep",
	 "latvisor sweep",
	 {sweep_options, parse_command, "PAYLOAD KEY=A,B,C...",
	  "Runs a payload with every combination of the values, all of them in "
	  "each of several rounds, and shows one table and one plot.\vA value "
	  "'all' stands for every choice that this host offers.",
	  children, NULL, NULL}},
	{"bench",
	 "latvisor bench",
	 {bench_options, parse_command, "",
	  "Runs the standard suite in 60 seconds at most and ends with a "
	  "scorecard: what was published beside what was measured.",
	  children, NULL, NULL}},
	{"report",
	 "latvisor report",
	 {no_options, parse_list, "FILE...",
	  "Shows what result files say, as the runs that wrote them have shown "
	  "it; - is standard input.",
	  NULL, NULL, NULL}},
	{"list",
	 "latvisor list",
	 {no_options, parse_list, "[PAYLOAD]",
	  "Lists the payloads, or one payload's parameters.", NULL, NULL,
	  NULL}},
};

void options_parse(struct options *o, const char *command, int argc,
		   char **argv)
{
	*o = (struct options){
		.config = {.page_len = 4096,
			   .placement.prio = VCPU_PRIO_DEFAULT,
			   .halt_poll_ns = -1},
	};
	argp_err_exit_status = STATUS_USAGE;
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(commands[i].name, command) != 0)
			continue;
		/* What argp's messages begin with; it only reads it. */
		argv[0] = (char *)(uintptr_t)commands[i].title;
		if (argp_parse(&commands[i].argp, argc, argv, 0, NULL, o) != 0)
			die("cannot understand the arguments");
		return;
	}
}

void options_help(void)
{
	puts("Usage: latvisor COMMAND [OPTION...]\n"
	     "Measures what KVM costs a real-time guest.\n"
	     "\n"
	     "  run PAYLOAD [KEY=VALUE...]  run one payload, show what it "
	     "measured\n"
	     "  sweep PAYLOAD KEY=A,B...    run it with each combination of "
	     "values\n"
	     "  bench                       run the standard suite\n"
	     "  list [PAYLOAD]              list payloads, or one's "
	     "parameters\n"
	     "  report FILE...              show what result files say\n"
	     "\n"
	     "  --help                      this, or a command's options: "
	     "latvisor run --help\n"
	     "  --version                   version, result schema\n"
	     "\n"
	     "Exit status: 0 PASS, 1 FAIL, 2 bad input, 3 CRASH, 77 SKIP, 99 "
	     "ERROR,\n"
	     "124 TIMEOUT, 130 interrupted with what was measured so far.");
}
