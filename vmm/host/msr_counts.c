/* SPDX-License-Identifier: BSD-2-Clause */
/* msr_counts.c - see msr_counts.h. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest-firmware/abi/boot.h"
#include "vmm/host/msr_counts.h"
#include "vmm/host/tracefs.h"

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

/* 0, or an errno. */
static int read_id(const char *event, uint64_t *id)
{
	char name[64], text[24], *end;
	bool got;
	FILE *f;

	snprintf(name, sizeof(name), "events/kvm/%s/id", event);
	f = tracefs_open(name);
	if (!f)
		return errno;
	got = fgets(text, sizeof(text), f) != NULL;
	fclose(f);
	if (!got)
		return EIO;
	*id = strtoull(text, &end, 10);
	return end == text ? EINVAL : 0;
}

void msr_events_find(struct msr_events *events, uint32_t boot_flags)
{
	memset(events, 0, sizeof(*events));
	for (int kind = 0; kind < NR_MSR_KINDS; kind++) {
		struct source s = source_of((enum exit_kind)kind, boot_flags);
		int err = read_id(s.event, &events->id[kind]);

		events->filter[kind] = s.filter;
		if (err == 0)
			continue;
		snprintf(events->missing, sizeof(events->missing),
			 "no kvm:%s in tracefs: %s%s", s.event, strerror(err),
			 err == EPERM || err == EACCES ? ": be root" : "");
		return;
	}
}

static int open_one(uint64_t id, const char *filter)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = id,
		.disabled = 1,
	};
	/* This thread, wherever it runs; no memory mapped, so no records. */
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1,
			      PERF_FLAG_FD_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	if (ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

static int open_all(struct msr_counters *c, const struct msr_events *events)
{
	for (int kind = 0; kind < NR_MSR_KINDS; kind++) {
		c->fd[kind] = open_one(events->id[kind], events->filter[kind]);
		if (c->fd[kind] >= 0)
			continue;
		for (int k = 0; k < kind; k++)
			close(c->fd[k]);
		return c->fd[kind];
	}
	c->open = true;
	return 0;
}

int msr_counters_start(struct msr_counters *c, const struct msr_events *events)
{
	if (!c->open) {
		int err = open_all(c, events);

		if (err)
			return err;
	}
	for (int kind = 0; kind < NR_MSR_KINDS; kind++)
		if (ioctl(c->fd[kind], PERF_EVENT_IOC_RESET, 0) != 0 ||
		    ioctl(c->fd[kind], PERF_EVENT_IOC_ENABLE, 0) != 0)
			return -errno;
	return 0;
}

struct msr_counts msr_counters_stop(const struct msr_counters *c)
{
	struct msr_counts counts = {.n = {0}};

	for (int kind = 0; kind < NR_MSR_KINDS && c->open; kind++) {
		uint64_t n;

		ioctl(c->fd[kind], PERF_EVENT_IOC_DISABLE, 0);
		if (read(c->fd[kind], &n, sizeof(n)) == (ssize_t)sizeof(n))
			counts.n[kind] = n;
	}
	return counts;
}

void msr_counters_close(struct msr_counters *c)
{
	for (int kind = 0; kind < NR_MSR_KINDS && c->open; kind++)
		close(c->fd[kind]);
	c->open = false;
}
