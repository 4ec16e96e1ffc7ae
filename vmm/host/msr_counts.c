/* SPDX-License-Identifier: BSD-2-Clause */
/* msr_counts.c - see msr_counts.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest-firmware/abi/boot.h"
#include "vmm/host/msr_counts.h"
#include "vmm/host/tracepoint.h"

/* MSRs: SDM vol 3 11.5.4.1 and table 11-6; registers: table 11-1. */
#define MSR_WRITE(which)  "kvm_msr", "write == 1 && (" which ")"
#define APIC_WRITE(which) "kvm_apic", "rw == 1 && reg == " which

struct source {
	const char *event, *filter;
};

static struct source source_of(enum exit_kind kind, uint32_t boot_flags)
{
	static const struct source x2apic[NR_MSR_KINDS] = {
		[KIND_TIMER] = {MSR_WRITE("ecx == 0x6e0 || ecx == 0x838")},
		[KIND_ICR] = {MSR_WRITE("ecx == 0x830")},
		[KIND_EOI] = {MSR_WRITE("ecx == 0x80b")},
	};
	static const struct source xapic[NR_MSR_KINDS] = {
		[KIND_TIMER] = {APIC_WRITE("0x380")},
		[KIND_ICR] = {APIC_WRITE("0x300")},
		[KIND_EOI] = {APIC_WRITE("0xb0")},
	};
	static const struct source deadline = {MSR_WRITE("ecx == 0x6e0")};

	if (boot_flags & BOOT_X2APIC)
		return x2apic[kind];
	if (kind == KIND_TIMER && boot_flags & BOOT_TSC_DEADLINE)
		return deadline;
	return xapic[kind];
}

void msr_events_find(struct msr_events *events, uint32_t boot_flags)
{
	memset(events, 0, sizeof(*events));
	for (int kind = 0; kind < NR_MSR_KINDS; kind++) {
		struct source s = source_of((enum exit_kind)kind, boot_flags);
		int err = tracepoint_id(s.event, &events->id[kind]);

		events->filter[kind] = s.filter;
		if (err == 0)
			continue;
		snprintf(events->missing, sizeof(events->missing),
			 "no kvm:%s in tracefs: %s%s", s.event, strerror(err),
			 err == EPERM || err == EACCES ? ": be root" : "");
		return;
	}
}

int msr_counters_open(struct msr_counters *c, const struct msr_events *events,
		      pid_t tid)
{
	if (*events->missing)
		return -ENOENT;

	for (int kind = 0; kind < NR_MSR_KINDS; kind++) {
		c->fd[kind] = tracepoint_open(events->id[kind],
					      events->filter[kind], tid);
		if (c->fd[kind] >= 0)
			continue;
		for (int k = 0; k < kind; k++)
			close(c->fd[k]);
		return c->fd[kind];
	}
	c->open = true;
	return 0;
}

int msr_counters_start(const struct msr_counters *c)
{
	for (int kind = 0; kind < NR_MSR_KINDS; kind++) {
		int err = tracepoint_start(c->fd[kind]);

		if (err)
			return err;
	}
	return 0;
}

int msr_counters_stop(const struct msr_counters *c, struct msr_counts *counts)
{
	int err = 0;

	*counts = (struct msr_counts){.n = {0}};
	for (int kind = 0; kind < NR_MSR_KINDS && c->open && !err; kind++)
		err = tracepoint_stop(c->fd[kind], &counts->n[kind]);
	return err;
}

void msr_counters_close(struct msr_counters *c)
{
	for (int kind = 0; kind < NR_MSR_KINDS && c->open; kind++)
		close(c->fd[kind]);
	c->open = false;
}
