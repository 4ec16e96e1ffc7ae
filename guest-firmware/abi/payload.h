/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload.h - the ELF notes that say what a payload is, needs and measures.
 * Plain data without pointers: the vmm reads and checks it before any VM
 * exists.
 */
#ifndef ABI_PAYLOAD_H
#define ABI_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

#define PAYLOAD_NOTE_NAME  "latvisor"
#define PAYLOAD_NOTE_TYPE  1 /* struct payload_note, once */
#define METRIC_NOTE_TYPE   2 /* struct metric_desc, one a name of a metric */
#define PAYLOAD_MAX_PARAMS 12

#define RUN_MAX_S 31622400 /* the longest run: 366 days */

#define PAYLOAD_NEEDS_LAPIC (1u << 0) /* SKIP with --irqchip none */
#define PAYLOAD_MSR_DEVICE  (1u << 1) /* devices on the MSR bus are there */
#define PAYLOAD_COUNTS_MSRS (1u << 2) /* counts.timers and .eois are kept */
/* Samples of METRIC_TIMER are due at what their vCPU wrote to the TSC deadline,
   if it writes that. */
#define PAYLOAD_ARMS	   (1u << 3)
#define PAYLOAD_PULSE	   (1u << 4) /* interrupts by the host's timer */
#define PAYLOAD_RIVAL	   (1u << 5) /* a rival for the last vCPU's CPU */
#define PAYLOAD_HOST_NOISE (1u << 6) /* windows say what the host did */
#define PAYLOAD_SLOW_PATH  (1u << 7) /* a register that is handled elsewhere */

enum param_kind {
	PARAM_END,   /* an unused entry */
	PARAM_U64,   /* one number */
	PARAM_RANGE, /* a..b, or one number for both */
	PARAM_ENUM,  /* one word of choices; the value is its index */
	NR_PARAM_KINDS,
};

/* What a parameter says about the run: how long it will be, what it needs. */
enum param_role {
	PARAM_ROLE_NONE,
	PARAM_ROLE_COUNT,    /* that many samples ... */
	PARAM_ROLE_PERIOD,   /* ... each taking all of these us at most */
	PARAM_ROLE_DURATION, /* seconds; may be 0: instead of a count */
	PARAM_ROLE_WARMUP,   /* samples that are not recorded */
	PARAM_ROLE_STAGGER,  /* us that each vCPU begins after the one before */
	/* What sets the VM up, see modes.h. */
	PARAM_ROLE_IDLE,     /* enum idle_mode */
	PARAM_ROLE_POLL_NS,  /* how long IDLE_*_POLL polls */
	PARAM_ROLE_DELIVERY, /* enum delivery */
	PARAM_ROLE_PAGE,     /* 4K, 2M, 1G: --page-size */
	NR_PARAM_ROLES,
};

/* The unit is the end of the name (_ns, _us, _ms, _s); none: a count. */
struct param_desc {
	char name[24];
	char help[72];
	char choices[56]; /* PARAM_ENUM: words parted by '|' */
	uint32_t kind;	  /* enum param_kind */
	uint32_t role;	  /* enum param_role */
	uint64_t min, max;
	uint64_t def, def_hi; /* def_hi: PARAM_RANGE only */
};

struct payload_note {
	uint32_t abi_version;
	uint32_t flags; /* PAYLOAD_* */
	char name[32];
	char summary[96];
	uint32_t min_vcpus;	 /* 0: 1 */
	uint32_t max_vcpus;	 /* 0: min_vcpus */
	uint64_t limit_ms;	 /* what the parameters do not explain */
	uint64_t hists;		 /* histograms on the heap ... */
	uint64_t hists_per_vcpu; /* ... and for every vCPU */
	uint64_t lazy_len;	 /* bytes of RAM at LAYOUT_LAZY */
	uint32_t def_vcpus; /* where there are CPUs for them; 0: min_vcpus */
	/* For the limit: what PARAM_ROLE_COUNT stands for. */
	uint32_t sample_us;    /* beyond the periods, each; 0: 1000 */
	uint32_t work_percent; /* samples that 100 of it take; 0: 100 */
	uint32_t work_extra;   /* and those there are whatever it is */
	struct param_desc params[PAYLOAD_MAX_PARAMS];
};

/* How many samples a metric can have. */
enum metric_most {
	METRIC_MOST_COUNT, /* not more than PARAM_ROLE_COUNT says */
	METRIC_MOST_ANY,
	NR_METRIC_MOST,
};

/* A payload that has one of these has one for each name it may give. */
struct metric_desc {
	char name[32]; /* as struct metric's */
	uint64_t most; /* enum metric_most */
};

_Static_assert(sizeof(struct metric_desc) == 40, "note layout");
_Static_assert(sizeof(struct param_desc) == 192, "note layout");
_Static_assert(offsetof(struct payload_note, params) == 192, "note layout");

#endif
