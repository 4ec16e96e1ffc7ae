/* SPDX-License-Identifier: BSD-2-Clause */
/* config.h - what the user asked for, checked, before any VM exists. */
#ifndef VMM_SETUP_CONFIG_H
#define VMM_SETUP_CONFIG_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "guest-firmware/abi/layout.h"
#include "vmm/base/ticks.h"
#include "vmm/host/placement.h"
#include "vmm/setup/threshold.h"

enum irqchip {
	IRQCHIP_SPLIT,	/* local APICs in KVM, nothing else */
	IRQCHIP_KERNEL, /* PIC and I/O APIC too */
	IRQCHIP_NONE,
};

/* What the VM is to be. */
struct machine_wish {
	enum irqchip irqchip;
	uint64_t page_len; /* bytes: 4 KiB, 2 MiB or 1 GiB */
	uint64_t mem_len;  /* bytes of guest RAM; 0: what the payload needs */
	uint32_t nr_vcpus; /* 0: the payload's default */
	int64_t halt_poll_ns;	/* KVM polls that long at a halt; -1: its choice
				 */
	bool halt_poll_wish;	/* 0 is the payload's wish, not a must */
	uint32_t disable_exits; /* KVM_X86_DISABLE_EXITS_* */
	bool xapic;		/* no x2APIC for the guest */
};

/* What a run leaves behind, and what it says. */
struct output_wish {
	bool quiet;	  /* no live line, no console text */
	bool timeline;	  /* tell where the time of start-up went */
	const char *json; /* result file; NULL: none */
	const char *raw;  /* where to write every sample; NULL: nowhere */
	/* What was recorded, for others to read; NULL: nowhere.  config.explain
	 * is set, too. */
	const char *perfetto, *events, *trace_dat;
	const char *on_break; /* run when a sample is too long; NULL: nothing */
	const char *dtb; /* where to write the device tree; NULL: nowhere */
};

struct trace_dat;

struct config {
	struct machine_wish machine;
	struct placement_wish placement;
	struct output_wish output;
	const char *command;	  /* as it was typed; NULL: not known */
	uint64_t limit_ms;	  /* of the run; 0: from the payload */
	uint64_t duration_ns;	  /* what the samples shall take; 0: not said */
	uint64_t break_at_ns;	  /* a sample above it ends the run; 0: none */
	uint64_t break_at_cycles; /* the same, when it was given in cycles */
	bool break_at_insns;	  /* or in instructions: the same number */
	uint32_t break_most;	  /* so many such samples end it; 0: one */
	const char *mark; /* a trace instance to mark them in; NULL: none */
	int mark_fd;	  /* its trace_marker */
	struct trace_dat *dat; /* vmm/run/trace_dat.h; NULL: not asked for */
	bool strict;	       /* what would be a warning is an error */
	bool no_sandbox;
	bool explain;	    /* record the host's events, tell causes */
	bool sync_clock;    /* set the guest's clock again and again */
	bool exits;	    /* record exits, tell which and where */
	struct ticks ticks; /* found, not asked for: what figures are here */
	unsigned int nr_thresholds;
	struct threshold thresholds[THRESHOLD_MAX]; /* --fail-if */
};

/* The host's events are recorded, and every sample with its time. */
static inline bool config_records(const struct config *c)
{
	return c->explain || c->exits;
}

/* A sample that is too long ends the run. */
static inline bool config_breaks(const struct config *c)
{
	return c->break_at_ns || c->break_at_cycles;
}

/* --explain is to have such a sample: its trace is never off. */
static inline bool config_watches(const struct config *c)
{
	return c->explain && config_breaks(c);
}

/* Where tables go: not where --json - does. */
FILE *config_out(const struct config *c);

/* "none", "split", "kernel". */
const char *irqchip_name(enum irqchip irqchip);

#endif
