/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_pages.c - see trace_pages.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/nameless.h"
#include "vmm/host/trace_pages.h"

#define FIRST_ROOM 256
#define PAGE_MOST  (1u << 20) /* buffer_subbuf_size_kb is far below it */

/* Of the list in the file. */
struct page_place {
	uint32_t cpu, slot;
};

struct kept_page {
	struct page_place place;
	uint64_t begin, end; /* TSC of its first and last event */
};

/* A slot is as long as a page. */
struct trace_pages {
	int fd;
	uint64_t most; /* bytes */
	size_t page_len;
	struct kept_page *list; /* nr of them, each CPU's in order */
	uint32_t *empty;	/* slots, nr_empty of them */
	size_t nr, nr_empty, room;
	uint32_t nr_slots;
	uint64_t lost;
	int err; /* -errno: a page could not be written */
};

struct trace_pages *trace_pages_new(uint64_t most)
{
	struct trace_pages *p = calloc(1, sizeof(*p));

	if (p)
		p->fd = memfd_create("latvisor-trace", MFD_CLOEXEC);
	if (!p || p->fd < 0)
		die_errno("no memory for a trace");
	p->most = most;
	return p;
}

/* Both lists are as long as there may be slots. */
static void make_room(struct trace_pages *p)
{
	if (p->nr < p->room)
		return;
	p->room = p->room ? 2 * p->room : FIRST_ROOM;
	p->list = reallocarray(p->list, p->room, sizeof(*p->list));
	p->empty = reallocarray(p->empty, p->room, sizeof(*p->empty));
	if (!p->list || !p->empty)
		die_errno("no memory for a trace");
}

/* The time of an event; of a page whose events have no room in the log, any. */
static struct kept_page page_of(unsigned int cpu, const struct trace_log *log,
				size_t before)
{
	struct kept_page page = {.place.cpu = cpu, .end = UINT64_MAX};

	if (log->nr > before) {
		page.begin = log->events[before].tsc;
		page.end = log->events[log->nr - 1].tsc;
	}
	return page;
}

/* 0, or -errno.  A write may be cut short, as by a limit. */
static int write_at(int fd, const void *data, size_t len, uint64_t at)
{
	const char *from = data;

	while (len) {
		ssize_t n = pwrite(fd, from, len, (off_t)at);

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		from += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

void trace_pages_add(struct trace_pages *p, unsigned int cpu, const void *page,
		     size_t len, const struct trace_log *log, size_t before)
{
	struct kept_page kept = page_of(cpu, log, before);

	if (!p || p->err)
		return;
	p->page_len = len;
	if (p->nr_empty) {
		kept.place.slot = p->empty[--p->nr_empty];
	} else if ((p->nr_slots + 1ull) * len <= p->most) {
		kept.place.slot = p->nr_slots++;
	} else {
		p->lost++;
		return;
	}
	make_room(p);
	p->list[p->nr++] = kept;
	p->err = write_at(p->fd, page, len, (uint64_t)kept.place.slot * len);
}

static bool is_within(const struct kept_page *page,
		      const struct trace_span *spans, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (page->begin <= spans[i].end && page->end >= spans[i].begin)
			return true;
	return false;
}

void trace_pages_forget(struct trace_pages *p, uint64_t since,
			const struct trace_span *spans, size_t nr)
{
	size_t kept = 0;

	for (size_t i = 0; p && i < p->nr; i++) {
		const struct kept_page page = p->list[i];

		if (page.end >= since || is_within(&page, spans, nr))
			p->list[kept++] = page;
		else
			p->empty[p->nr_empty++] = page.place.slot;
	}
	if (p)
		p->nr = kept;
}

uint64_t trace_pages_lost(const struct trace_pages *p)
{
	return p->lost;
}

int trace_pages_fd(const struct trace_pages *p)
{
	return p->fd;
}

int trace_pages_end(struct trace_pages *p, struct trace_pages_sum *sum)
{
	*sum = (struct trace_pages_sum){
		.nr = p->nr,
		.page_len = p->page_len,
		.index = (uint64_t)p->nr_slots * p->page_len,
	};
	for (size_t i = 0; i < p->nr && !p->err; i++)
		p->err = write_at(p->fd, &p->list[i].place,
				  sizeof(struct page_place),
				  sum->index + i * sizeof(struct page_place));
	return p->err;
}

/* 0, or -errno: also where the file ends before. */
static int read_at(int fd, void *data, size_t len, uint64_t at)
{
	ssize_t n = pread(fd, data, len, (off_t)at);

	if (n == (ssize_t)len)
		return 0;
	return n < 0 ? -errno : -EINVAL;
}

/* Page number i of the list, and whose it is; 0, or -errno. */
static int read_page(int fd, const struct trace_pages_sum *sum, uint64_t i,
		     struct page_place *at, void *page)
{
	int err = read_at(fd, at, sizeof(*at), sum->index + i * sizeof(*at));

	if (err)
		return err;
	return read_at(fd, page, sum->page_len, at->slot * sum->page_len);
}

static int append(int *file, const char *beside, const void *page, size_t len)
{
	off_t end;

	if (*file < 0)
		*file = nameless_open(beside);
	end = *file < 0 ? -1 : lseek(*file, 0, SEEK_END);
	return end < 0 ? -errno : write_at(*file, page, len, (uint64_t)end);
}

int trace_pages_split(int fd, const struct trace_pages_sum *sum,
		      const char *beside, int *files, unsigned int most)
{
	bool sane = sum->page_len <= PAGE_MOST && sum->nr <= TRACE_PAGES_MOST;
	char *page = sane ? malloc(sum->page_len + 1) : NULL;
	int err = !sane ? -EINVAL : page ? 0 : -ENOMEM;
	unsigned int nr_cpus = 0;

	for (unsigned int i = 0; i < most; i++)
		files[i] = -1;
	for (uint64_t i = 0; !err && i < sum->nr; i++) {
		struct page_place at;

		err = read_page(fd, sum, i, &at, page);
		if (!err && at.cpu >= most)
			err = -EINVAL;
		if (err)
			break;
		if (at.cpu >= nr_cpus)
			nr_cpus = at.cpu + 1;
		err = append(&files[at.cpu], beside, page, sum->page_len);
	}
	free(page);
	return err ? err : (int)nr_cpus;
}

void trace_pages_free(struct trace_pages *p)
{
	if (!p)
		return;
	close(p->fd);
	free(p->list);
	free(p->empty);
	free(p);
}
