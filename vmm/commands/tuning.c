/* SPDX-License-Identifier: BSD-2-Clause */
/* tuning.c - see tuning.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/commands/tuning.h"
#include "vmm/report/tune.h"

uint64_t tuning_l3(const char *arg)
{
	size_t prefix = strncmp(arg, "0x", 2) == 0 ? 2 : 0;
	size_t digits = strspn(arg + prefix, "0123456789abcdefABCDEF");
	uint64_t mask = strtoull(arg, NULL, 16);

	if (digits == 0 || digits > 16 || arg[prefix + digits] || mask == 0)
		die("--l3 wants a mask of the cache's parts like f0, got '%s'",
		    arg);
	return mask;
}

/* A copy that is this machine would get text where it wants commands. */
static void check_root(const char *root)
{
	struct stat top, st;

	if (root && stat("/", &top) == 0 && stat(root, &st) == 0 &&
	    top.st_dev == st.st_dev && top.st_ino == st.st_ino)
		die("--root %s is this machine: leave it out", root);
}

static struct check_host *open_host(const struct tuning *t)
{
	struct check_host *h = malloc(sizeof(*h));
	char why[CHECK_WHY_LEN];

	if (!h)
		die_errno("no memory");
	check_root(t->root);
	if (!check_host_open(h, t->root, t->cpus, t->nr_cpus, why))
		die("%s", why);
	tree_mount_debugfs(&h->tree);
	if (cpumask_count(&h->others) == 0)
		die("--cpus has every CPU: leave one for the rest");
	return h;
}

static void close_host(struct check_host *h)
{
	check_host_close(h);
	free(h);
}

static struct tune_wish wish_of(const struct tuning *t)
{
	return (struct tune_wish){
		.l3 = t->l3, .command = t->work, .holds = t->holds};
}

int tuning_plan(const struct tuning *t)
{
	struct check_host *h = open_host(t);
	struct tune_wish wish = wish_of(t);
	struct tune_plan p;

	tune_plan_make(&p, h, &wish);
	tune_text(&p, stdout);
	tune_plan_free(&p);
	close_host(h);
	return 0;
}

/* False: there is none. */
static bool open_journal(struct tune_journal *j, const struct tree *tree,
			 bool make)
{
	char said[TUNE_SAID_LEN];
	enum tune_opened how = tune_journal_open(j, tree, make, said);

	if (how == TUNE_WRONG || how == TUNE_IN_USE)
		die("%s", said);
	return how == TUNE_OPENED;
}

/* 0, or the status for what could not be. */
static int restore(struct tune_journal *j, FILE *out)
{
	struct tune_told told = {.out = out};
	const struct tune_teller teller = {tune_tell, &told};
	bool all = tune_restore(j, &teller);

	tune_told_text(&told);
	return all ? 0 : STATUS_USAGE;
}

/* Of a tune that was killed; dies when it cannot be undone. */
static void restore_earlier(struct tune_journal *j, FILE *out)
{
	if (j->records.nr == 0)
		return;
	if (!j->records.is_of_boot) {
		fprintf(out, "An earlier tune's values are gone with the boot "
			     "that they were of.\n");
		return;
	}
	fprintf(out, "An earlier tune ended without restoring:\n");
	if (restore(j, out) != 0)
		die("it cannot be undone: restore those values by hand, and "
		    "remove " TUNE_JOURNAL_FOLDER "/" TUNE_JOURNAL_FILE);
}

/* Between the first change and the last one that is undone nothing dies. */
static int run_tuned(const struct tuning *t, struct tune_journal *j,
		     const struct tune_plan *p)
{
	struct tune_told told = {.out = t->out};
	const struct tune_teller teller = {tune_tell, &told};
	sigset_t before;
	int status = 0, held, err, left;

	tuned_hold_signals(&before);
	err = tune_apply(j, p, &teller, &held);
	if (err) {
		warn("cannot write the journal: %s", strerror(-err));
		status = STATUS_USAGE;
	} else if (t->work) {
		fflush(t->out);
		status = tuned_run(j, &before, t->work, t->arg);
	} else {
		fprintf(t->out, "Ctrl-C restores all of it.\n");
		fflush(t->out);
		tuned_wait();
	}
	if (held >= 0)
		close(held);
	left = restore(j, t->out);
	tune_journal_close(j, left == 0);
	return left ? left : status;
}

int tuning_run(const struct tuning *t)
{
	struct check_host *h = open_host(t);
	struct tune_wish wish = wish_of(t);
	struct tune_journal j;
	struct tune_plan p;
	int status, err;

	if (!t->root && geteuid() != 0)
		die("only root may change this machine: see --dry-run");
	open_journal(&j, &h->tree, true);
	restore_earlier(&j, t->out);
	err = tune_journal_begin(&j);
	if (err)
		die("cannot write the journal: %s", strerror(-err));
	tune_plan_make(&p, h, &wish);
	tune_text(&p, t->out);
	status = run_tuned(t, &j, &p);
	tune_plan_free(&p);
	close_host(h);
	return status;
}

int tuning_restore(const struct tuning *t)
{
	struct tune_journal j;
	struct tree tree;
	bool some;
	int err;

	check_root(t->root);
	err = tree_open(&tree, t->root);
	if (err)
		die("--root wants a folder with proc and sys in it, %s: %s",
		    t->root, strerror(-err));
	if (!t->root && geteuid() != 0)
		die("only root may change this machine");
	tree_mount_debugfs(&tree);
	some = open_journal(&j, &tree, false);
	if (some && j.records.nr)
		restore_earlier(&j, t->out);
	else
		fprintf(t->out, "There is nothing to restore.\n");
	tune_journal_close(&j, some);
	tree_close(&tree);
	return 0;
}

struct around {
	const struct options *o;
	int (*run)(const struct options *o);
};

static int run_around(const void *arg)
{
	const struct around *a = arg;

	return a->run(a->o);
}

int tuning_around(const struct options *o, int (*run)(const struct options *o))
{
	struct around a = {.o = o, .run = run};
	struct tuning t = {
		.cpus = o->config.placement.cpus,
		.nr_cpus = o->config.placement.nr_cpus,
		.holds = true,
		.out = stderr,
		.work = run_around,
		.arg = &a,
	};

	if (t.nr_cpus == 0)
		die("--tune wants --cpus LIST, the CPUs that vCPUs run on");
	if (o->nr_args < 1)
		die("it wants a payload: see 'latvisor list'");
	return tuning_run(&t);
}
