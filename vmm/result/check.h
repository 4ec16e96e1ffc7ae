/* SPDX-License-Identifier: BSD-2-Clause */
/* check.h - the guest's own counts against the host's. */
#ifndef VMM_RESULT_CHECK_H
#define VMM_RESULT_CHECK_H

#include "vmm/result/result.h"

struct check_pair {
	uint64_t guest, host;
};

/* What makes a difference between the two an ERROR. */
enum check_rule {
	CHECK_NONE,    /* nothing: it is shown */
	CHECK_AT_MOST, /* the host counted more */
	CHECK_EQUAL,
};

/* One more of them; metric: its index, -1: of the whole run. */
void result_check_add(struct result *r, const char *what, uint32_t vcpu,
		      int metric, struct check_pair c, enum check_rule rule);

/*
 * Is it one of those that a report counts?  Required, and not two sides that
 * are equal by construction: 0 = 0, or 1 = 1 exits to userspace, which is the
 * one that ended the counting.  They are compared all the same.
 */
bool result_check_tells(const struct result_check *c);

/* All that windows and vCPUs counted. */
void result_check_counts(struct result *r);

/* What else ran on the vCPUs' CPUs while they measured: a warning. */
void result_check_disturbed(struct result *r);

#endif
