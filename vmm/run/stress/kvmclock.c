/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kvmclock.c - the clock of this guest set to what it is (KVM_SET_CLOCK): each
 * vCPU leaves the guest and has its clock updated, as by KVM's own periodic
 * synchronization (kvmclock_periodic_sync), but more often.  Only who made the
 * VM can.
 */
#include "vmm/run/stress.h"

STRESS(kvmclock, .what = "KVM_SET_CLOCK each 10 ms, by latvisor's main thread",
       .syncs_clock = true);
