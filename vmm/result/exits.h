/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exits.h - what --exits found out, as a part of the result: why, where and how
 * often the vCPUs left the guest, and how long until they were in it again.
 *
 * Times are ticks of the TSC.
 */
#ifndef VMM_RESULT_EXITS_H
#define VMM_RESULT_EXITS_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/host/exit_reason.h"
#include "vmm/host/kvm_hists.h"
#include "vmm/result/place.h"

#define EXITS_ROWS     64 /* the dearest; the others are added up */
#define EXITS_WHAT_LEN 64
#define EXITS_LINE_LEN 128
#define EXITS_REASONS  48 /* of exits to userspace, KVM_EXIT_* */

/* What an exit was about. */
enum exit_access_kind {
	ACCESS_NONE,
	ACCESS_MSR,
	ACCESS_PORT,
	ACCESS_MEMORY, /* of no RAM: a device, the APIC */
	ACCESS_PAGE,   /* a page that the guest's RAM lacked */
	ACCESS_CALL,   /* a hypercall */
	ACCESS_APIC,   /* a register of a virtualized APIC */
	NR_ACCESS_KINDS
};

struct exit_access {
	enum exit_access_kind kind;
	bool is_write;
	uint32_t len; /* bytes; 0: not known, or it has one length only */
	uint64_t at;  /* number or address; of a page: 0 */
};

/* Exits of one reason, at one instruction, about one thing. */
struct exit_row {
	uint32_t isa, reason; /* exit_reason.h */
	uint64_t rip;
	struct exit_access access;
	uint64_t nr, nr_user; /* exits; of these, to userspace */
	uint64_t sum, p50, max;
};

/* A row in words. */
struct exit_words {
	struct result_place at;
	char line[EXITS_LINE_LEN]; /* of its source; "": not known */
	char what[EXITS_WHAT_LEN]; /* it was about; "": it has no name */
};

struct exit_profile {
	uint64_t nr;  /* exits, of all rows and others */
	uint64_t cut; /* exits without an entry of theirs */
	uint64_t sum; /* of all that are no halts */
	unsigned int nr_rows;
	struct exit_row rows[EXITS_ROWS]; /* the dearest first, halts last */
	uint64_t other_rows, other_nr, other_sum;
};

/* What the vCPU's thread and KVM count, recorded or not. */
struct exit_counts {
	uint64_t user[EXITS_REASONS]; /* by KVM_EXIT_*; the last: all above */
	bool has_halts;
	struct kvm_hists halts;
};

/* --exits, in the result. */
struct result_exits {
	bool asked;
	char missing[160]; /* why no exit was recorded; "": they were */
	uint64_t nr_events, lost;
	unsigned int nr_blocks; /* in which they were recorded, whole */
	uint64_t blocks_tsc;	/* how long those were */
	uint64_t all_tsc;	/* and all of the time */
	struct exit_profile p;
	struct exit_words words[EXITS_ROWS];
	struct exit_counts *vcpus; /* of each; NULL: it was not asked */
};

/* "msr", ...; the kind was checked. */
const char *exit_access_name(enum exit_access_kind kind);

/* "vmx", "svm", or "0" where it is neither. */
const char *exit_isa_name(uint32_t isa);

#endif
