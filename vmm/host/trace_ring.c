/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_ring.c - see trace_ring.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/trace_files.h"
#include "vmm/host/trace_format.h"
#include "vmm/host/trace_instance.h"
#include "vmm/host/trace_ring.h"

#define PAGE_ALIGN 4096
#define PATH_LEN   128
#define STATS_LEN  1024
#define CLOCK	   "x86-tsc" /* the TSC, as the guest reads it */
#define CPU_BITS   32	     /* of a word of a CPU mask in a file */
#define MASK_WORDS 256

struct ring_cpu {
	int cpu;
	int raw_fd, stats_fd;
};

/* on_exit(3) keeps it for good, the ring comes and goes. */
struct guard {
	struct trace_ring *ring; /* NULL: it was closed */
};

struct trace_ring {
	struct trace_instance *instance;
	struct guard *guard; /* NULL: nothing was made yet */
	int dir;	     /* the instance's */
	int on_fd;
	struct trace_formats *formats;
	uint64_t lacks;
	int enable_fd[NR_TRACE_KINDS]; /* -1: not asked for */
	struct ring_cpu *cpus;
	unsigned int nr_cpus, buffer_kb; /* of each CPU */
	void *page;
	struct trace_pages *pages;
};

/* "ffffffff,00000001": the highest CPUs first, as bitmap_parse() reads it. */
static int set_cpus(struct trace_ring *ring)
{
	uint32_t words[MASK_WORDS] = {0};
	char text[MASK_WORDS * 9 + 1];
	unsigned int nr = 1;
	size_t at = 0;

	for (unsigned int i = 0; i < ring->nr_cpus; i++) {
		unsigned int cpu = (unsigned int)ring->cpus[i].cpu;

		if (cpu / CPU_BITS >= MASK_WORDS)
			return -EINVAL;
		words[cpu / CPU_BITS] |= 1u << cpu % CPU_BITS;
		if (cpu / CPU_BITS >= nr)
			nr = cpu / CPU_BITS + 1;
	}
	while (nr-- > 0)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%08x%s",
				       words[nr], nr ? "," : "");
	return trace_write_in(ring->dir, "tracing_cpumask", text);
}

static int open_cpu(struct trace_ring *ring, struct ring_cpu *c,
		    unsigned int buffer_kb)
{
	char name[PATH_LEN], text[16];
	int err;

	snprintf(name, sizeof(name), "per_cpu/cpu%d/buffer_size_kb", c->cpu);
	snprintf(text, sizeof(text), "%u", buffer_kb);
	err = trace_write_in(ring->dir, name, text);
	if (err)
		return err;
	c->raw_fd = trace_open_in(ring->dir, O_RDONLY | O_NONBLOCK,
				  "per_cpu/cpu%d/trace_pipe_raw", c->cpu);
	if (c->raw_fd < 0)
		return -errno;
	c->stats_fd = trace_open_in(ring->dir, O_RDONLY, "per_cpu/cpu%d/stats",
				    c->cpu);
	return c->stats_fd < 0 ? -errno : 0;
}

/* A kind that this kernel has not is no error: trace_ring_lacks(). */
static void open_kinds(struct trace_ring *ring, uint64_t kinds)
{
	for (unsigned int i = 0; i < NR_TRACE_KINDS; i++) {
		int fd = -1;

		if (!(kinds & TRACE_BIT(i)))
			continue;
		if (trace_formats_has(ring->formats, i))
			fd = trace_open_in(
				ring->dir, O_WRONLY, "events/%s/%s/enable",
				trace_kinds[i].group, trace_kinds[i].name);
		ring->enable_fd[i] = fd;
		if (fd < 0)
			ring->lacks |= TRACE_BIT(i);
	}
}

/* 0, or -errno; what: what it was about. */
static int fill(struct trace_ring *ring, const struct trace_ring_wish *wish,
		const char **what)
{
	int err;

	*what = "its clock " CLOCK;
	err = trace_write_in(ring->dir, "trace_clock", CLOCK);
	if (err)
		return err;
	*what = "to be off";
	ring->on_fd = trace_open_in(ring->dir, O_WRONLY, "tracing_on");
	err = ring->on_fd < 0 ? -errno : trace_write_fd(ring->on_fd, "0");
	if (err)
		return err;
	*what = "its CPUs";
	err = set_cpus(ring);
	if (err)
		return err;
	*what = "its buffers";
	for (unsigned int i = 0; i < ring->nr_cpus && !err; i++)
		err = open_cpu(ring, &ring->cpus[i], wish->buffer_kb);
	if (err)
		return err;
	*what = "the layout of its pages";
	ring->formats = trace_formats_read(trace_read, NULL);
	if (!ring->formats)
		return -errno;
	open_kinds(ring, wish->kinds);
	return 0;
}

static struct trace_ring *ring_new(const struct trace_ring_wish *wish)
{
	struct trace_ring *ring = calloc(1, sizeof(*ring));

	if (ring)
		ring->cpus = calloc(wish->nr_cpus, sizeof(*ring->cpus));
	if (!ring || !ring->cpus)
		die_errno("no memory for a trace");
	ring->dir = ring->on_fd = -1;
	ring->nr_cpus = wish->nr_cpus;
	ring->buffer_kb = wish->buffer_kb;
	ring->pages = wish->pages;
	for (unsigned int i = 0; i < wish->nr_cpus; i++)
		ring->cpus[i] = (struct ring_cpu){
			.cpu = wish->cpus[i], .raw_fd = -1, .stats_fd = -1};
	for (unsigned int i = 0; i < NR_TRACE_KINDS; i++)
		ring->enable_fd[i] = -1;
	return ring;
}

/* All of them: while one is open the instance cannot go. */
static void close_files(struct trace_ring *ring)
{
	for (unsigned int i = 0; i < NR_TRACE_KINDS; i++)
		trace_close(ring->enable_fd[i]);
	for (unsigned int i = 0; i < ring->nr_cpus; i++) {
		trace_close(ring->cpus[i].raw_fd);
		trace_close(ring->cpus[i].stats_fd);
	}
	trace_close(ring->on_fd);
	trace_close(ring->dir);
}

static void ring_free(struct trace_ring *ring)
{
	if (ring->guard)
		ring->guard->ring = NULL;
	close_files(ring);
	trace_instance_remove(ring->instance);
	trace_formats_free(ring->formats);
	free(ring->page);
	free(ring->cpus);
	free(ring);
}

static void at_exit(int status, void *arg)
{
	struct guard *guard = arg;

	(void)status;
	trace_ring_close(guard->ring);
}

static void remove_at_exit(struct trace_ring *ring)
{
	ring->guard = calloc(1, sizeof(*ring->guard));
	if (!ring->guard || on_exit(at_exit, ring->guard) != 0)
		die_errno("no memory for a trace");
	ring->guard->ring = ring;
}

struct trace_ring *trace_ring_open(const struct trace_ring_wish *wish,
				   char *why, size_t why_len)
{
	struct trace_ring *ring = ring_new(wish);
	const char *what = "";
	int err;

	ring->instance = trace_instance_make(&ring->dir, why, why_len);
	if (!ring->instance) {
		ring_free(ring);
		return NULL;
	}
	remove_at_exit(ring);
	err = fill(ring, wish, &what);
	if (err) {
		snprintf(why, why_len, "the trace instance was refused %s: %s",
			 what, strerror(-err));
		ring_free(ring);
		return NULL;
	}
	ring->page = aligned_alloc(PAGE_ALIGN,
				   trace_formats_page_len(ring->formats));
	if (!ring->page)
		die_errno("no memory for a trace");
	return ring;
}

uint64_t trace_ring_lacks(const struct trace_ring *ring)
{
	return ring->lacks;
}

/*
 * The events first when it begins, and last when it ends: what switching them
 * does is not recorded.
 */
int trace_ring_switch(struct trace_ring *ring, bool on)
{
	const char *state = on ? "1" : "0";
	int err = on ? 0 : trace_write_fd(ring->on_fd, state);

	for (unsigned int i = 0; i < NR_TRACE_KINDS && !err; i++)
		if (ring->enable_fd[i] >= 0)
			err = trace_write_fd(ring->enable_fd[i], state);
	if (!err && on)
		err = trace_write_fd(ring->on_fd, state);
	return err;
}

/* At most what it holds: one that is still on gets more by being read. */
void trace_ring_drain(struct trace_ring *ring, struct trace_log *log)
{
	size_t len = trace_formats_page_len(ring->formats);

	for (unsigned int i = 0; i < ring->nr_cpus; i++) {
		unsigned int cpu = (unsigned int)ring->cpus[i].cpu;
		int fd = ring->cpus[i].raw_fd;

		for (size_t nr = ring->buffer_kb * 1024ul / len + 1;
		     nr && read(fd, ring->page, len) == (ssize_t)len; nr--) {
			size_t before = log->nr;

			trace_formats_take(ring->formats, ring->page, cpu, log);
			trace_pages_add(ring->pages, cpu, ring->page, len, log,
					before);
		}
	}
}

/* "overrun: 12" (no "commit overrun") of a CPU's figures; 0: not there. */
static uint64_t stat_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

uint64_t trace_ring_lost(struct trace_ring *ring)
{
	uint64_t lost = 0;

	for (unsigned int i = 0; i < ring->nr_cpus; i++) {
		char text[STATS_LEN];
		ssize_t n = pread(ring->cpus[i].stats_fd, text,
				  sizeof(text) - 1, 0);

		text[n > 0 ? n : 0] = '\0';
		/* Not to know is to have lost one, perhaps. */
		lost += (n <= 0) + stat_of(text, "\noverrun: ") +
			stat_of(text, "dropped events: ");
	}
	return lost;
}

void trace_ring_close(struct trace_ring *ring)
{
	if (ring)
		ring_free(ring);
}
