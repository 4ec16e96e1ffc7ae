/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_instance.c - see trace_instance.h. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/trace_instance.h"
#include "vmm/host/tracefs.h"

#define INSTANCES "instances"
#define PREFIX	  "latvisor."
#define NAME_LEN  48
#define STAT_LEN  512

struct trace_instance {
	int instances; /* the folder that it is in */
	char name[NAME_LEN];
};

/*
 * When a process was started, in ticks since the boot: field 22 of proc(5),
 * "stat".  0: it is gone.
 */
static uint64_t started(long pid)
{
	char path[40], text[STAT_LEN], *at;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	at = strrchr(text, ')'); /* field 2 may have anything in it */
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) : 0;
}

/* Is it one of a latvisor that is no more? */
static bool is_stale(const char *name)
{
	const size_t len = sizeof(PREFIX) - 1;
	uint64_t start;
	char *end;
	long pid;

	if (strncmp(name, PREFIX, len) != 0 ||
	    !isdigit((unsigned char)name[len]))
		return false;
	pid = strtol(name + len, &end, 10);
	if (*end != '.' || !isdigit((unsigned char)end[1]))
		return false;
	start = strtoull(end + 1, &end, 10);
	return *end == '\0' && started(pid) != start;
}

static void remove_stale(int instances)
{
	int fd = openat(instances, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(d)))
		if (is_stale(e->d_name))
			unlinkat(instances, e->d_name, AT_REMOVEDIR);
	closedir(d);
}

static struct trace_instance *give_up(struct trace_instance *t, char *why,
				      size_t why_len, const char *what)
{
	snprintf(why, why_len, "%s: %s", what, strerror(errno));
	trace_instance_remove(t);
	return NULL;
}

struct trace_instance *trace_instance_make(int *dir, char *why, size_t why_len)
{
	struct trace_instance *t = calloc(1, sizeof(*t));
	int root = tracefs_dir();

	if (!t)
		die_errno("no memory for a trace instance");
	*dir = -1;
	t->instances = -1;
	snprintf(t->name, sizeof(t->name), PREFIX "%d.%" PRIu64, (int)getpid(),
		 started(getpid()));
	if (root < 0)
		return give_up(t, why, why_len, "there is no tracefs");
	t->instances =
		openat(root, INSTANCES, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (t->instances < 0)
		return give_up(t, why, why_len, "there are no trace instances");
	remove_stale(t->instances);
	if (mkdirat(t->instances, t->name, 0700) != 0)
		return give_up(t, why, why_len,
			       "no trace instance can be made");
	*dir = openat(t->instances, t->name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*dir < 0)
		return give_up(t, why, why_len,
			       "the trace instance cannot be opened");
	return t;
}

void trace_instance_remove(struct trace_instance *t)
{
	if (!t)
		return;
	if (t->instances >= 0) {
		if (unlinkat(t->instances, t->name, AT_REMOVEDIR) != 0 &&
		    errno != ENOENT)
			warn("the trace instance %s stays, the next run removes "
			     "it: %s",
			     t->name, strerror(errno));
		close(t->instances);
	}
	free(t);
}
