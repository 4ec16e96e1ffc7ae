/* SPDX-License-Identifier: BSD-2-Clause */
/* policies.h - would the host grant policies to several threads at once? */
#ifndef VMM_HOST_POLICIES_H
#define VMM_HOST_POLICIES_H

#include <stddef.h>

#include "vmm/host/policy.h"

/*
 * May threads on these CPUs have these policies, of SCHED_DEADLINE, all at
 * once?  Tries with a thread for each.  0, or -errno, and which.
 */
int policies_try(const struct policy *policies, const int *cpus, size_t nr,
		 size_t *refused);

#endif
