/* SPDX-License-Identifier: BSD-2-Clause */
/* machine_options.c - options that several commands have: command.h. */
#include "vmm/commands/command.h"
#include "vmm/commands/option_values.h"

static void set_vcpus(struct options *o, const char *arg)
{
	o->config.machine.nr_vcpus =
		(uint32_t)parse_count("vcpus", arg, 1, MAX_VCPUS);
}

static void set_prio(struct options *o, const char *arg)
{
	o->config.placement.prio =
		(int)parse_count("prio", arg, 0, VCPU_PRIO_MAX);
}

static void set_xapic(struct options *o, const char *arg)
{
	(void)arg;
	o->config.machine.xapic = true;
}

static void set_strict(struct options *o, const char *arg)
{
	(void)arg;
	o->config.strict = true;
}

static void set_overcommit(struct options *o, const char *arg)
{
	(void)arg;
	o->config.placement.overcommit = true;
}

static void set_no_sandbox(struct options *o, const char *arg)
{
	(void)arg;
	o->config.no_sandbox = true;
}

static void set_explain(struct options *o, const char *arg)
{
	(void)arg;
	o->config.explain = true;
}

static void set_quiet(struct options *o, const char *arg)
{
	(void)arg;
	o->config.output.quiet = true;
}

static const struct command_option machine_list[] = {
	{.name = "cpus",
	 .letter = 'a',
	 .arg = "LIST",
	 .help = "the CPU of each vCPU, in order: 2,3 or 4-7 or 0-7:1/2; auto: "
		 "choose the best ones, and say why",
	 .man = "The CPU of each vCPU, in order, in the kernel's form: _2,3_, "
		"_4-7_, _0-15:2/4_ (the first two of each four), _0-7/2_ (each "
		"second one), _N_ (the last one that is online), _all_. _auto_, "
		"or nothing: as few as possible, the worst first, of CPU 0, of "
		"those that are neither isolated nor nohz_full, of those that "
		"share a core, of NUMA nodes, of L3 caches; the highest numbers "
		"of those alike. _auto_ leaves those alone on which another "
		"latvisor measures, and has the result say why those were "
		"taken.",
	 .set = parse_cpus},
	{.name = "vcpus",
	 .arg = "N",
	 .help = "how many vCPUs (default: as many as --cpus, or what the "
		 "payload needs)",
	 .man = "How many vCPUs, 1 to 64. Default: as many as *--cpus* names, "
		"or what the payload needs.",
	 .set = set_vcpus},
	{.name = "prio",
	 .letter = 'p',
	 .arg = "N",
	 .help = "SCHED_FIFO priority of the vCPUs, 1 to 98 (default 80, or "
		 "below rcuc); 0: ordinary scheduling",
	 .man = "SCHED_FIFO priority of the vCPUs, 1 to 98; _0_: ordinary "
		"scheduling. Default: _80_, or, where threads of the kernel "
		"that their CPUs cannot do without (_rcuc_, _ktimers_, "
		"_ksoftirqd_) have a lower real-time priority than that, one "
		"below theirs: a vCPU that spins above them holds up the whole "
		"machine. The first line of the result says so.",
	 .set = set_prio},
	{.name = "sched",
	 .arg = "LIST",
	 .help = "policy of each vCPU, or one for all: fifo:80, rr:70, other, "
		 "deadline:400us/900us/1ms (default: fifo)",
	 .man = "By which rules the vCPUs' threads get their CPUs: one policy "
		"for each vCPU, parted by commas, or one for all. "
		"_fifo_[*:*_PRIO_] (the default), _rr_[*:*_PRIO_] and _other_ "
		"are SCHED_FIFO, SCHED_RR and SCHED_OTHER; without its own _PRIO_ "
		"one has that of *--prio*. _deadline:RUNTIME/DEADLINE/PERIOD_ "
		"is SCHED_DEADLINE, in whole us, _PERIOD_ 500ms at most: so "
		"much of each period, before any SCHED_FIFO thread, and then "
		"nothing until the next; without _DEADLINE_ that is the "
		"period. What a vCPU used up is counted, and a warning. Where "
		"the vCPUs' CPUs are all there are, _RUNTIME_ is 95 % of "
		"_PERIOD_ at most, so that the main thread can end them. The "
		"kernel gives SCHED_DEADLINE to a thread of one CPU only if "
		"*kernel.sched_rt_runtime_us* is -1, or that CPU is a cpuset "
		"partition of its own.",
	 .set = parse_sched},
	{.name = "housekeeping",
	 .arg = "LIST",
	 .help = "the CPUs of all other threads (default: what the vCPUs "
		 "leave)",
	 .man = "The CPUs of all threads but the vCPUs' and a device's that is "
		"to be on a vCPU's: the main thread's, and those that KVM "
		"starts, in the form of *--cpus*. Default: what the vCPUs "
		"leave of this process's. One that is a vCPU's is refused, but "
		"for *--allow-overcommit*: then the main thread runs above the "
		"vCPUs' priority. CPUs that are chosen for vCPUs are others.",
	 .set = parse_housekeeping},
	{.name = "dma-latency",
	 .arg = "TIME",
	 .help = "how long CPUs may take to wake up while it runs (default "
		 "5us); none: do not say",
	 .man = "How long CPUs of this machine may take to wake up while it "
		"runs: */dev/cpu_dma_latency* is held at that. A plain number "
		"is us. Default: _5us_, which leaves C1 and nothing deeper; at "
		"_0_ idle CPUs spin, as cyclictest has it. _none_: it is not "
		"held. The result says which it was, or why it could not be.",
	 .set = parse_dma_latency},
	{.name = "irqchip",
	 .arg = "KIND",
	 .help = "split (default), kernel or none: what of the interrupt "
		 "hardware is in the kernel",
	 .man = "What of the interrupt hardware is in the kernel: _split_ "
		"(default), the local APICs; _kernel_, PIC and I/O APIC too; "
		"_none_, nothing.",
	 .values = "split kernel none",
	 .set = parse_irqchip},
	{.name = "halt-poll",
	 .arg = "TIME",
	 .help = "KVM polls up to that long before a halted vCPU sleeps; 0: "
		 "never (default: the host's halt_poll_ns)",
	 .man = "How long KVM polls at most before a halted vCPU sleeps, for "
		"this VM; a plain number is ns, 0: never. Default: the host's "
		"*halt_poll_ns*. Refused where KVM cannot set it for a VM. Not "
		"for *bench*.",
	 .set = parse_halt_poll},
	{.name = "disable-exits",
	 .arg = "LIST",
	 .help = "instructions of the guest that do not exit: hlt, pause, "
		 "mwait, cstate",
	 .man = "Instructions of the guest that do not exit: *hlt*, *pause*, "
		"*mwait*, *cstate*, parted by commas. What this KVM does not "
		"offer is refused. Without exits of HLT, KVM sees no halts: "
		"they are not checked. Not for *bench*.",
	 .values = "hlt pause mwait cstate",
	 .set = parse_disable_exits},
	{.name = "xapic",
	 .help = "hide x2APIC: the APIC is at its address",
	 .man = "Hides x2APIC from the guest: the local APIC is used at its "
		"address. Not for *bench*.",
	 .set = set_xapic},
	{.name = "mem",
	 .arg = "SIZE",
	 .help = "guest memory, like 16M (default: what the payload needs)",
	 .man = "Guest memory, like _16M_, less than _1G_. Default: what the "
		"payload needs. Not for *bench*.",
	 .set = parse_mem},
	{.name = "page-size",
	 .arg = "SIZE",
	 .help = "pages behind guest memory: 4K (default), 2M or 1G",
	 .man = "Pages behind guest memory: _4K_ (default), _2M_ or _1G_. Huge "
		"pages have to be reserved; a message says how.",
	 .values = "4K 2M 1G",
	 .set = parse_page_size},
	{.name = "limit",
	 .arg = "TIME",
	 .help = "end a run after that time (default: from the payload and "
		 "its parameters)",
	 .man = "Ends a run after that time, _1ms_ to _8784h_; a plain number "
		"is seconds. Default: from the payload and its parameters.",
	 .set = parse_limit},
	{.name = "strict",
	 .help = "what would be a warning is a failure",
	 .man = "What would be a warning is a failure: without real-time "
		"scheduling nothing is run (status 2), any other warning makes "
		"the run a FAIL.",
	 .set = set_strict},
	{.name = "allow-overcommit",
	 .help = "several vCPUs may share a CPU, and --housekeeping one of "
		 "theirs",
	 .set = set_overcommit},
	{.name = "no-sandbox",
	 .help = "keep all rights while the guest runs: for debuggers, and to "
		 "see what the sandbox costs",
	 .man = "Keeps all rights while the guest runs, for debuggers, and to "
		"see what the sandbox costs. Without it every thread may make "
		"those system calls only that it needs, a vCPU's thread has no "
		"capability, and files can be made only where results go. The "
		"result says which of the two it was.",
	 .set = set_no_sandbox},
	{.name = "explain",
	 .help = "record what the host does meanwhile: the stages of a sample, "
		 "the causes of the worst",
	 .man = "Records what the host's kernel does meanwhile, in every second "
		"block of time, and shows the ways that samples took, the "
		"stages of each way, and what the host did in the worst ones. "
		"The percentiles are of the samples between the blocks, which "
		"nothing was recorded beside; what recording costs is shown. "
		"It wants tracefs with the clock _x86-tsc_, which is root's. "
		"Of several rounds it is told together; *sweep* and *bench* "
		"end with a line of it for each row.",
	 .set = set_explain},
	{.name = "quiet",
	 .letter = 'q',
	 .help = "no live line and no text of the guest",
	 .set = set_quiet},
};

const struct option_group machine_options = {
	.title = "machine",
	.options = machine_list,
	.nr = sizeof(machine_list) / sizeof(*machine_list),
};

static const struct command_option fail_if_list[] = {
	{.name = "fail-if",
	 .arg = "EXPR",
	 .help = "FAIL if it is so: [METRIC:]STAT OP VALUE, like 'p99.9>20us', "
		 "'lateness:max>=1ms' or 'missed>0'; may be repeated",
	 .man = "The run is a FAIL (status 1) if _EXPR_ is true of what was "
		"measured: _METRIC_*:*_STAT_ _OP_ _VALUE_, as in *--fail-if* "
		"'lateness:max>=1ms', or without a metric, for each of them, as "
		"in *--fail-if* 'p99.9>20us'. May be given up to 16 times; each "
		"vCPU is judged by itself.\n"
		"\n"
		"_STAT_ is a time, *min*, *mean*, *max* or a percentile, *p50* "
		"to *p99.999* with up to three decimals, and _VALUE_ then is a "
		"number with its unit: *ns*, *us*, *ms*, *s*, *m*, *h* or "
		"*cycles*. Or it is a count, *missed*, *early*, *samples* or "
		"*out_of_range*, and _VALUE_ a whole number. _OP_ is *>*, *>=*, "
		"*<* or *<=*. Blanks between them do not matter. On a host "
		"whose clock counts instructions a time is refused, and "
		"*instructions* is the unit; on all others that is refused.\n"
		"\n"
		"A _METRIC_ that the payload does not have is refused, and a "
		"percentile that takes more samples than are asked for. What "
		"cannot be judged after the run is a FAIL too, like a metric "
		"that this host skips. *bench* wants each _METRIC_ in one of "
		"its runs at least.",
	 .set = parse_fail_if},
};

const struct option_group fail_if_options = {
	.title = "verdict",
	.options = fail_if_list,
	.nr = sizeof(fail_if_list) / sizeof(*fail_if_list),
};
