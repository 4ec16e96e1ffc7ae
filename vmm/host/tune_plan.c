/* SPDX-License-Identifier: BSD-2-Clause */
/* tune_plan.c - see tune_plan.h. */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/room.h"
#include "vmm/host/knob_value.h"
#include "vmm/host/tune_plan.h"

#define MARK_CPU "{cpu}"

void tune_plan_add(struct tune_plan *p, const struct knob *k,
		   const struct knob_file *file, const char *path,
		   const char *old, const char *value)
{
	struct tune_change *c;

	if (p->nr == p->room) {
		p->room = p->room ? 2 * p->room : 64;
		p->list = reallocarray(p->list, p->room, sizeof(*p->list));
		if (!p->list)
			die_errno("no memory for a plan");
	}
	c = &p->list[p->nr++];
	c->knob = k;
	c->file = file;
	snprintf(c->path, sizeof(c->path), "%s", path);
	snprintf(c->old, sizeof(c->old), "%s", old);
	snprintf(c->value, sizeof(c->value), "%s", value);
}

void tune_plan_why(struct tune_plan *p, const char *fmt, ...)
{
	va_list ap;

	if (p->why[0])
		return;
	va_start(ap, fmt);
	vsnprintf(p->why, sizeof(p->why), fmt, ap);
	va_end(ap);
}

/* One file, whose name is known. */
static void plan_file(const struct knob *k, const struct knob_file *file,
		      struct tune_plan *p, const char *path)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	char old[KNOB_VALUE_LEN], value[KNOB_VALUE_LEN];

	if (file->op == KNOB_HOLD) {
		if (p->wish->holds)
			tune_plan_why(p, "the run holds it by itself");
		else if (tree_has(&p->host->tree, path))
			tune_plan_add(p, k, file, path, "", file->value);
		return;
	}
	if (tree_read(&p->host->tree, path, text, sizeof(text), why) != 0) {
		tune_plan_why(p, "%s", why);
		return;
	}
	if (!knob_value_take(file->kind, text, old) ||
	    (!file->value &&
	     !knob_value_without(file->kind, p->host, old, value))) {
		tune_plan_why(p, "/%s: no such value as a kernel has there",
			      path);
		return;
	}
	p->nr_files++;
	if (file->value)
		snprintf(value, sizeof(value), "%s", file->value);
	if (!knob_value_same(file->kind, old, value) &&
	    (!k->wants || k->wants(p->host, path, old)))
		tune_plan_add(p, k, file, path, old, value);
}

/* The names of a folder that begin with some letters, in order. */
struct names {
	const char *prefix;
	size_t nr, room;
	char (*list)[NAME_MAX + 1];
};

static void note_name(void *arg, const char *name)
{
	struct names *n = arg;

	if (strncmp(name, n->prefix, strlen(n->prefix)) != 0 ||
	    name[strlen(n->prefix)] == '\0')
		return;
	if (n->nr == n->room) {
		n->room = n->room ? 2 * n->room : 64;
		n->list = reallocarray(n->list, n->room, sizeof(*n->list));
		if (!n->list)
			die_errno("no memory for a plan");
	}
	snprintf(n->list[n->nr++], sizeof(*n->list), "%s", name);
}

static int by_version(const void *a, const void *b)
{
	return strverscmp(a, b);
}

static void plan_files(const struct knob *k, const struct knob_file *file,
		       struct tune_plan *p, const char *path);

/* star: in path; each name of the folder in its place. */
static void plan_names(const struct knob *k, const struct knob_file *file,
		       struct tune_plan *p, const char *path, const char *star)
{
	const char *slash = star;
	char folder[CHECK_PATH_LEN], prefix[CHECK_PATH_LEN];
	char full[2 * CHECK_PATH_LEN];
	struct names n = {.prefix = prefix};

	while (*slash != '/')
		slash--;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	snprintf(prefix, sizeof(prefix), "%.*s", (int)(star - slash - 1),
		 slash + 1);
	tree_list(&p->host->tree, folder, note_name, &n);
	if (n.nr)
		qsort(n.list, n.nr, sizeof(*n.list), by_version);
	for (size_t i = 0; i < n.nr; i++) {
		snprintf(full, sizeof(full), "%s/%.180s%s", folder, n.list[i],
			 star + 1);
		if (strlen(full) < CHECK_PATH_LEN)
			plan_files(k, file, p, full);
	}
	free(n.list);
}

static void plan_cpus(const struct knob *k, const struct knob_file *file,
		      struct tune_plan *p, const char *path, const char *mark)
{
	const struct cpumask *m = &p->host->vcpus;
	char full[2 * CHECK_PATH_LEN];

	for (int cpu = cpumask_next(m, 0); cpu >= 0;
	     cpu = cpumask_next(m, cpu + 1)) {
		snprintf(full, sizeof(full), "%.*s%d%s", (int)(mark - path),
			 path, cpu, mark + strlen(MARK_CPU));
		plan_files(k, file, p, full);
	}
}

/* The first mark of path becomes what there is. */
static void plan_files(const struct knob *k, const struct knob_file *file,
		       struct tune_plan *p, const char *path)
{
	const char *mark = strstr(path, MARK_CPU), *star = strchr(path, '*');

	if (mark && (!star || mark < star))
		plan_cpus(k, file, p, path, mark);
	else if (star)
		plan_names(k, file, p, path, star);
	else
		plan_file(k, file, p, path);
}

void tune_plan_files(const struct knob *k, struct tune_plan *p)
{
	for (size_t i = 0; i < KNOB_MAX_FILES && k->files[i].path; i++)
		plan_files(k, &k->files[i], p, k->files[i].path);
}

/* What is there is told of a knob, not that something else is not. */
static void plan_knob(const struct knob *k, struct tune_plan *p)
{
	struct tune_rest *r;
	size_t before = p->nr;

	p->nr_files = 0;
	p->why[0] = '\0';
	if (k->plan)
		k->plan(k, p);
	else
		tune_plan_files(k, p);
	if (p->nr != before)
		return;
	r = &p->rest[p->nr_rest++];
	r->knob = k;
	r->is_good = p->nr_files > 0;
	tune_plan_why(p, "not in this kernel or machine");
	memcpy(r->why, p->why, sizeof(r->why));
}

void tune_plan_make(struct tune_plan *p, const struct check_host *h,
		    const struct tune_wish *wish)
{
	const struct knob_group *groups[KNOB_MAX_GROUPS];
	unsigned int nr = knob_groups(groups);
	size_t all = 0;

	*p = (struct tune_plan){.host = h, .wish = wish};
	for (unsigned int i = 0; i < nr; i++)
		all += groups[i]->nr;
	p->rest = room_for(all, sizeof(*p->rest), "for a plan");
	for (unsigned int i = 0; i < nr; i++)
		for (size_t k = 0; k < groups[i]->nr; k++)
			plan_knob(&groups[i]->list[k], p);
}

void tune_plan_free(struct tune_plan *p)
{
	free(p->list);
	free(p->rest);
}
