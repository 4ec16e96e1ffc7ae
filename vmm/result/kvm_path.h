/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kvm_path.h - which of KVM's paths a run took: the parameters of its modules,
 * what this VM makes of them, and KVM's own counts where they tell more.
 */
#ifndef VMM_RESULT_KVM_PATH_H
#define VMM_RESULT_KVM_PATH_H

#include "vmm/result/result.h"

enum known {
	UNKNOWN = -1,
	OFF,
	ON,
	IN_PART, /* KVM had to do some of it itself */
};

struct kvm_path {
	bool is_amd;
	enum known apicv; /* of AMD: AVIC */
	enum known ipiv;  /* IPI virtualization */
	enum known preemption_timer, posted_timers;
	enum known timer_advance; /* where its length is not known */
	int64_t advance_ns;	  /* for all vCPUs, by parameter; -1: unknown */
	int64_t halt_poll_ns;	  /* at most, in this VM; -1: unknown, none */
	bool polled; /* false: KVM counts halts, and polled at none */
};

struct kvm_path kvm_path(const struct result *r);

#endif
