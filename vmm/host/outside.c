/* SPDX-License-Identifier: BSD-2-Clause */
/* outside.c - see outside.h. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/outside.h"
#include "vmm/host/smi.h"

#define STAT_LEN     65536 /* a line a CPU, and they come first */
#define STEAL_COLUMN 8	   /* behind user nice system idle iowait irq softirq */
#define NS_PER_S     1000000000ull

struct outside_cpu {
	int cpu, msr_fd;
	bool steal_known;
	uint64_t steal, smis;		/* at the begin */
	uint64_t more_steal, more_smis; /* in all that was counted */
};

struct outside {
	int stat_fd;
	char stat[STAT_LEN];
	const char *no_smis;
	uint64_t ticks_per_s;
	unsigned int nr;
	struct outside_cpu cpus[];
};

struct outside *outside_open(const int *cpus, unsigned int nr)
{
	struct outside *o = calloc(1, sizeof(*o) + nr * sizeof(o->cpus[0]));

	if (!o)
		die_errno("no memory for counts of the host");
	o->stat_fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
	o->ticks_per_s = (uint64_t)sysconf(_SC_CLK_TCK);
	o->nr = nr;
	for (unsigned int i = 0; i < nr; i++)
		o->cpus[i] = (struct outside_cpu){.cpu = cpus[i],
						  .msr_fd = smi_open(cpus[i]),
						  .steal_known = true};
	return o;
}

bool outside_steal(const char *stat, int cpu, uint64_t *ticks)
{
	char label[16];
	const char *at;
	char *end;

	snprintf(label, sizeof(label), "\ncpu%d ", cpu);
	at = strstr(stat, label);
	if (!at)
		return false;
	at += strlen(label);
	for (unsigned int i = 0; i < STEAL_COLUMN; i++) {
		*ticks = strtoull(at, &end, 10);
		/* A line of an older kernel ends before it. */
		if (end == at || memchr(at, '\n', (size_t)(end - at)))
			return false;
		at = end;
	}
	return true;
}

static void read_stat(struct outside *o)
{
	ssize_t n = pread(o->stat_fd, o->stat, STAT_LEN - 1, 0);

	o->stat[n > 0 ? n : 0] = '\0';
}

void outside_begin(struct outside *o)
{
	read_stat(o);
	for (unsigned int i = 0; i < o->nr; i++) {
		struct outside_cpu *c = &o->cpus[i];
		const char *no_smis = smi_read(c->msr_fd, &c->smis);

		c->steal_known &= outside_steal(o->stat, c->cpu, &c->steal);
		if (no_smis)
			o->no_smis = no_smis;
	}
}

void outside_end(struct outside *o)
{
	read_stat(o);
	for (unsigned int i = 0; i < o->nr; i++) {
		struct outside_cpu *c = &o->cpus[i];
		uint64_t steal = c->steal, smis = c->smis;
		const char *no_smis = smi_read(c->msr_fd, &smis);

		c->steal_known &= outside_steal(o->stat, c->cpu, &steal);
		/* It has gone backwards on some kernels. */
		if (steal > c->steal)
			c->more_steal += steal - c->steal;
		c->more_smis += (uint32_t)(smis - c->smis);
		if (no_smis)
			o->no_smis = no_smis;
	}
}

struct outside_counts outside_counts(const struct outside *o)
{
	struct outside_counts n = {.steal_known = true, .no_smis = o->no_smis};

	for (unsigned int i = 0; i < o->nr; i++) {
		const struct outside_cpu *c = &o->cpus[i];

		n.steal_known &= c->steal_known;
		n.steal_ns += c->more_steal * (NS_PER_S / o->ticks_per_s);
		if (c->more_smis > n.smis)
			n.smis = c->more_smis;
	}
	return n;
}

void outside_close(struct outside *o)
{
	if (!o)
		return;
	for (unsigned int i = 0; i < o->nr; i++)
		if (o->cpus[i].msr_fd >= 0)
			close(o->cpus[i].msr_fd);
	if (o->stat_fd >= 0)
		close(o->stat_fd);
	free(o);
}
