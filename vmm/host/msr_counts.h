/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msr_counts.h - KVM's own count of a vCPU's writes to its APIC, by kind.
 *
 * The events kvm:kvm_msr and kvm:kvm_apic (Documentation/trace/events.rst) with
 * a filter, counted by perf_event_open(2) for one thread.  What the hardware
 * does without KVM is not counted.  Opening them patches the kernel's code,
 * which takes tens of ms, and makes such a write dearer: only for windows that
 * ask for it.
 */
#ifndef VMM_HOST_MSR_COUNTS_H
#define VMM_HOST_MSR_COUNTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a guest does that costs exits; all but the last are MSR writes. */
enum exit_kind {
	KIND_TIMER, /* the TSC deadline, or the initial count */
	KIND_ICR,
	KIND_EOI,
	NR_MSR_KINDS,
	KIND_HALT = NR_MSR_KINDS,
	NR_KINDS,
};

struct msr_counts {
	uint64_t n[NR_MSR_KINDS];
};

/* The events of this host that count what this guest writes. */
struct msr_events {
	uint64_t id[NR_MSR_KINDS];
	const char *filter[NR_MSR_KINDS]; /* literal */
	char missing[160]; /* why there are none; empty: there are */
};

/* boot_flags: BOOT_*, they say where the guest's APIC is. */
void msr_events_find(struct msr_events *events, uint32_t boot_flags);

/* Of one thread. */
struct msr_counters {
	bool open;
	int fd[NR_MSR_KINDS];
};

/* Of that thread, by one that has the right to.  0, or -errno. */
int msr_counters_open(struct msr_counters *c, const struct msr_events *events,
		      pid_t tid);

/*
 * Counters that are open count from 0 on what the thread does from now on.  0,
 * or -errno.
 */
int msr_counters_start(const struct msr_counters *c);

/* Stops, and tells what it was.  0, or -errno. */
int msr_counters_stop(const struct msr_counters *c, struct msr_counts *counts);

/* Of counters that were never opened, or twice: does nothing. */
void msr_counters_close(struct msr_counters *c);

#endif
