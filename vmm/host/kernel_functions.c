/* SPDX-License-Identifier: BSD-2-Clause */
/* kernel_functions.c - see kernel_functions.h. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/host/kernel_functions.h"

#define LINE_LEN 1024 /* a symbol has 512 at most, KSYM_NAME_LEN */

struct function {
	uint64_t address;
	uint32_t text; /* of the log; 0: not found yet */
};

struct functions {
	struct function *list; /* by address */
	size_t nr;
};

FILE *kernel_functions_open(void)
{
	return fopen("/proc/kallsyms", "re");
}

static bool has_function(const struct trace_event *e)
{
	return trace_kinds[e->kind].has_function;
}

/* The first one at that address or behind it: an index, at most nr. */
static size_t place_of(const struct functions *all, uint64_t address)
{
	size_t low = 0, high = all->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all->list[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* NULL: it is not among them. */
static struct function *find(const struct functions *all, uint64_t address)
{
	size_t i = place_of(all, address);

	return i < all->nr && all->list[i].address == address ? &all->list[i]
							      : NULL;
}

static void add(struct functions *all, uint64_t address)
{
	size_t i = place_of(all, address);

	if (find(all, address) || all->nr == KERNEL_FUNCTIONS_MOST)
		return;
	memmove(&all->list[i + 1], &all->list[i],
		(all->nr - i) * sizeof(*all->list));
	all->list[i] = (struct function){.address = address};
	all->nr++;
}

/*
 * "ffffffff8141e4b0 t hrtimer_wakeup", of a module with "\t[kvm]" behind it.
 * Who may not see addresses sees zeroes.
 */
static void take_line(const struct functions *all, char *line,
		      struct trace_log *log)
{
	char *at;
	uint64_t address = strtoull(line, &at, 16);
	struct function *f = address ? find(all, address) : NULL;

	/* Text, or weak text; of several names the first. */
	if (!f || f->text || at[0] != ' ' || !strchr("tTwW", at[1]) ||
	    at[1] == '\0' || at[2] != ' ')
		return;
	f->text = trace_log_intern(log, at + 3, strcspn(at + 3, " \t\n"));
}

void kernel_functions_name(FILE *f, struct trace_log *log)
{
	struct functions all = {.nr = 0};
	char line[LINE_LEN];

	if (!f)
		return;
	all.list = room_for(KERNEL_FUNCTIONS_MOST, sizeof(*all.list),
			    "for the kernel's functions");
	for (size_t i = 0; i < log->nr; i++)
		if (has_function(&log->events[i]))
			add(&all, log->events[i].a);
	while (all.nr && fgets(line, sizeof(line), f))
		take_line(&all, line, log);
	for (size_t i = 0; i < log->nr; i++) {
		struct function *of = has_function(&log->events[i])
					      ? find(&all, log->events[i].a)
					      : NULL;

		if (of)
			log->events[i].text = of->text;
	}
	free(all.list);
}
