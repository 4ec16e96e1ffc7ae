/* SPDX-License-Identifier: BSD-2-Clause */
/* tune.c - see tune.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/dma_latency.h"
#include "vmm/host/knob_value.h"
#include "vmm/host/tree_write.h"
#include "vmm/host/tune.h"

#define PROCS "/cgroup.procs"
/* Of a cgroup whose last process is about to be gone. */
#define REMOVE_TRIES 100
#define REMOVE_US    10000
#define MOVE_ROUNDS  64

static void tell(const struct tune_teller *t, enum tune_event event,
		 const char *path, const char *what)
{
	t->tell(t->arg, event, path, what);
}

/* A file's text and value; "": it has none.  0, or -errno. */
static int read_value(const struct tree *tree, enum knob_kind kind,
		      const char *path, char text[CHECK_TEXT_LEN],
		      char value[KNOB_VALUE_LEN])
{
	char why[TREE_WHY_LEN];
	int err = tree_read_raw(tree, path, text, CHECK_TEXT_LEN, why);

	value[0] = '\0';
	if (!err && !knob_value_take(kind, text, value))
		value[0] = '\0';
	return err;
}

/* text: what the file has now. */
static int write_value(const struct tree *tree, enum knob_kind kind,
		       const char *path, const char *text, const char *value,
		       bool make)
{
	char all[KNOB_TEXT_LEN];

	knob_value_text(kind, tree->is_machine, text, value, all);
	if (!tree->is_machine && strcmp(all, text) == 0)
		return 0;
	return tree_write(tree, path, all, make);
}

/* What came of a change, into the journal, and told. */
static int end(struct tune_journal *j, const struct tune_change *c, int err,
	       const struct tune_teller *t)
{
	char became[KNOB_VALUE_LEN] = "";

	if (err) {
		tell(t, TUNE_REFUSED, c->path, strerror(-err));
		return tune_journal_end(j, NULL);
	}
	if (c->file->op != KNOB_MAKE) {
		char text[CHECK_TEXT_LEN];

		read_value(j->tree, c->file->kind, c->path, text, became);
		if (!knob_value_same(c->file->kind, became, c->value))
			tell(t, TUNE_BECAME, c->path, became);
	}
	return tune_journal_end(j, became);
}

static int set_one(struct tune_journal *j, const struct tune_change *c,
		   const struct tune_teller *t)
{
	char text[CHECK_TEXT_LEN], old[KNOB_VALUE_LEN];
	enum knob_kind kind = c->file->kind;
	int err = read_value(j->tree, kind, c->path, text, old);

	if (err) {
		tell(t, TUNE_REFUSED, c->path, strerror(-err));
		return 0;
	}
	/* What it was planned from may be over. */
	if (!*old || knob_value_same(kind, old, c->value))
		return 0;
	err = tune_journal_add(j, c->knob, c->file, c->path, old, c->value);
	if (err)
		return err;
	err = write_value(j->tree, kind, c->path, text, c->value, false);
	return end(j, c, err, t);
}

static int make_one(struct tune_journal *j, const struct tune_change *c,
		    const struct tune_teller *t)
{
	int err = tune_journal_add(j, c->knob, c->file, c->path, "", c->value);

	if (err)
		return err;
	if (c->file->op == KNOB_MAKE)
		err = tree_make_folder(j->tree, c->path, 0755);
	else
		err = write_value(j->tree, c->file->kind, c->path, "", c->value,
				  true);
	return end(j, c, err, t);
}

static void hold(const struct tune_journal *j, const struct tune_change *c,
		 const struct tune_teller *t, int *held)
{
	struct dma_latency d;

	if (!j->tree->is_machine)
		return;
	*held = dma_latency_hold(&d, DMA_LATENCY_DEFAULT_US);
	if (*held < 0)
		tell(t, TUNE_REFUSED, c->path, d.reason);
}

int tune_apply(struct tune_journal *j, const struct tune_plan *p,
	       const struct tune_teller *t, int *held)
{
	int err = 0;

	*held = -1;
	for (size_t i = 0; i < p->nr && !err; i++) {
		const struct tune_change *c = &p->list[i];

		if (c->file->op == KNOB_HOLD)
			hold(j, c, t, held);
		else if (c->file->op == KNOB_SET)
			err = set_one(j, c, t);
		else
			err = make_one(j, c, t);
	}
	return err;
}

/* Its value is the one that was set, or the one that came of it. */
static bool is_ours(const struct tune_entry *e, const char *value)
{
	enum knob_kind kind = e->file->kind;

	return e->state == TUNE_BEGUN || e->state == TUNE_UNDOING ||
	       knob_value_same(kind, value, e->value) ||
	       (e->became && knob_value_same(kind, value, e->became));
}

static bool restore_value(struct tune_journal *j, size_t nr,
			  const struct tune_teller *t)
{
	const struct tune_entry *e = &j->records.list[nr];
	char text[CHECK_TEXT_LEN], value[KNOB_VALUE_LEN];
	enum knob_kind kind = e->file->kind;
	int err = read_value(j->tree, kind, e->path, text, value);
	bool is_old = knob_value_same(kind, value, e->old);

	if (err) {
		tell(t, TUNE_GONE, e->path, strerror(-err));
		return true;
	}
	if (!is_old && !is_ours(e, value)) {
		tell(t, TUNE_FOREIGN, e->path, value);
		return true;
	}
	/* Of a copy its last byte, too. */
	if (is_old && j->tree->is_machine)
		return true;
	if (!is_old)
		tune_journal_undo(j, nr);
	err = write_value(j->tree, kind, e->path, text, e->old, false);
	read_value(j->tree, kind, e->path, text, value);
	if (err || !knob_value_same(kind, value, e->old)) {
		tell(t, TUNE_FAILED, e->path, err ? strerror(-err) : value);
		return false;
	}
	if (!is_old)
		tell(t, TUNE_RESTORED, e->path, e->old);
	return true;
}

/* Processes that are left in a cgroup go to the one above. */
static void move_out(const struct tree *tree, const char *path)
{
	char procs[CHECK_PATH_LEN], above[CHECK_PATH_LEN];
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	const char *slash = strrchr(path, '/');

	snprintf(procs, sizeof(procs), "%s" PROCS, path);
	snprintf(above, sizeof(above), "%.*s" PROCS, (int)(slash - path), path);
	for (int i = 0; i < MOVE_ROUNDS; i++) {
		char *next = text, *pid;

		if (tree_read(tree, procs, text, sizeof(text), why) != 0 ||
		    !*text)
			return;
		while ((pid = strsep(&next, "\n")) != NULL)
			tree_write(tree, above, pid, false);
	}
}

static bool remove_folder(const struct tune_journal *j,
			  const struct tune_entry *e,
			  const struct tune_teller *t)
{
	int err, tries = REMOVE_TRIES;

	if (j->tree->is_machine)
		move_out(j->tree, e->path);
	while ((err = tree_remove_folder(j->tree, e->path)) == -EBUSY &&
	       tries-- > 0)
		usleep(REMOVE_US);
	if (!err)
		tell(t, TUNE_RESTORED, e->path, "");
	else if (err != -ENOENT)
		tell(t, TUNE_FAILED, e->path, strerror(-err));
	return !err || err == -ENOENT;
}

bool tune_restore(struct tune_journal *j, const struct tune_teller *t)
{
	bool all = true;

	for (size_t i = j->records.nr; i-- > 0;) {
		const struct tune_entry *e = &j->records.list[i];

		if (e->state == TUNE_NOT || e->state == TUNE_UNDONE)
			continue;
		if (e->file->op == KNOB_SET)
			all &= restore_value(j, i, t);
		else if (e->file->op == KNOB_MAKE)
			all &= remove_folder(j, e, t);
		else if (!j->tree->is_machine)
			tree_remove(j->tree, e->path);
	}
	return all;
}

void tune_enter(const struct tune_journal *j)
{
	bool made = false;
	int err = 0;

	for (size_t i = 0; i < j->records.nr; i++)
		made |= strcmp(j->records.list[i].path, TUNE_CGROUP) == 0 &&
			j->records.list[i].state == TUNE_DID;
	if (made && j->tree->is_machine)
		err = tree_write(j->tree, TUNE_CGROUP PROCS, "0", false);
	if (err)
		warn("cannot enter /" TUNE_CGROUP ": %s", strerror(-err));
}
