/* SPDX-License-Identifier: BSD-2-Clause */
/* kinds.h - what a sample is made of: writes of the APIC, and halts. */
#ifndef VMM_RESULT_KINDS_H
#define VMM_RESULT_KINDS_H

#include "vmm/result/result.h"

/*
 * What the window of a METRIC_COUNTED metric counted, on all vCPUs, by enum
 * exit_kind.
 */
struct result_kinds {
	uint64_t guest[NR_KINDS], kvm[NR_KINDS];
	int error; /* why kvm is not known, -errno; 0: it is.  Not of halts */
};
void result_kinds(const struct result *r, const struct result_metric *m,
		  struct result_kinds *k);

/* Why KVM's count is not known, a few words; NULL: it is. */
const char *result_kinds_unknown(const struct result *r,
				 const struct result_kinds *k);

#endif
