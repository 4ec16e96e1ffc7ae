/* SPDX-License-Identifier: BSD-2-Clause */
/* test_tune.c - a copy of a machine is tuned, and restored from the journal. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/unit.h"
#include "vmm/host/tree_write.h"
#include "vmm/host/tune.h"

#define THROTTLING "proc/sys/kernel/sched_rt_runtime_us"
#define THP	   "sys/kernel/mm/transparent_hugepage/enabled"
#define DEFAULT	   "proc/irq/default_smp_affinity"

static const int cpus[] = {2, 3};

struct told {
	unsigned int nr[NR_TUNE_EVENTS];
};

static void tell(void *arg, enum tune_event event, const char *path,
		 const char *what)
{
	struct told *t = arg;

	assert_true(*path && what);
	t->nr[event]++;
}

struct tuned {
	struct check_tree tree;
	struct check_host *host;
	struct tune_plan plan;
	struct tune_journal journal;
	struct told told;
	int held;
};

static struct tune_teller teller(struct tuned *t)
{
	return (struct tune_teller){tell, &t->told};
}

/* Of a machine with three of the files. */
static void tune(struct tuned *t)
{
	static const struct tune_wish wish = {.l3 = 0};
	char said[TUNE_SAID_LEN];
	struct tune_teller to = teller(t);

	memset(t, 0, sizeof(*t));
	check_tree_make(&t->tree);
	check_tree_write(&t->tree, THROTTLING, "950000\n");
	check_tree_write(&t->tree, THP, "[always] madvise never\n");
	check_tree_write(&t->tree, DEFAULT, "f\n");
	t->host = malloc(sizeof(*t->host));
	assert_non_null(t->host);
	check_tree_open(t->host, t->tree.root, cpus, 2);
	tune_plan_make(&t->plan, t->host, &wish);
	assert_int_equal(t->plan.nr, 3);
	assert_int_equal(
		tune_journal_open(&t->journal, &t->host->tree, true, said),
		TUNE_OPENED);
	assert_int_equal(tune_journal_begin(&t->journal), 0);
	assert_int_equal(tune_apply(&t->journal, &t->plan, &to, &t->held), 0);
	assert_int_equal(t->held, -1);
}

static void end(struct tuned *t)
{
	tune_journal_close(&t->journal, true);
	tune_plan_free(&t->plan);
	check_host_close(t->host);
	free(t->host);
	check_tree_remove(&t->tree);
}

/* Another process opens the journal of one that was killed. */
static void open_again(struct tuned *t)
{
	char said[TUNE_SAID_LEN];

	tune_journal_close(&t->journal, false);
	assert_int_equal(
		tune_journal_open(&t->journal, &t->host->tree, false, said),
		TUNE_OPENED);
	assert_true(t->journal.records.is_of_boot);
}

static void has(const struct tuned *t, const char *path, const char *wanted)
{
	char text[64], why[TREE_WHY_LEN];

	assert_int_equal(
		tree_read_raw(&t->host->tree, path, text, sizeof(text), why),
		0);
	assert_string_equal(text, wanted);
}

static void has_all(const struct tuned *t)
{
	has(t, THROTTLING, "950000\n");
	has(t, THP, "[always] madvise never\n");
	has(t, DEFAULT, "f\n");
}

TEST(a_host_is_tuned_and_restored)
{
	struct tuned t;
	struct tune_teller to;

	tune(&t);
	to = teller(&t);
	has(&t, THROTTLING, "-1\n");
	has(&t, THP, "always madvise [never]\n");
	has(&t, DEFAULT, "3\n");
	assert_true(tune_restore(&t.journal, &to));
	has_all(&t);
	assert_int_equal(t.told.nr[TUNE_RESTORED], 3);
	end(&t);
}

TEST(a_journal_of_a_tune_that_was_killed_restores)
{
	struct tuned t;
	struct tune_teller to;

	tune(&t);
	to = teller(&t);
	open_again(&t);
	assert_int_equal(t.journal.records.nr, 3);
	assert_true(tune_restore(&t.journal, &to));
	has_all(&t);
	/* Killed once more: the one that was last may not have been written. */
	open_again(&t);
	check_tree_write(&t.tree, DEFAULT, "7\n");
	check_tree_write(&t.tree, THP, "always madvise [never]\n");
	assert_true(tune_restore(&t.journal, &to));
	has(&t, DEFAULT, "f\n");
	has(&t, THP, "always madvise [never]\n");
	assert_int_equal(t.told.nr[TUNE_RESTORED], 3 + 1);
	end(&t);
}

TEST(somebody_else_s_value_is_left_alone)
{
	struct tuned t;
	struct tune_teller to;

	tune(&t);
	to = teller(&t);
	check_tree_write(&t.tree, THROTTLING, "500000\n");
	check_tree_write(&t.tree, DEFAULT, "00000003\n");
	assert_true(tune_restore(&t.journal, &to));
	has(&t, THROTTLING, "500000\n");
	has(&t, DEFAULT, "f\n");
	assert_int_equal(t.told.nr[TUNE_FOREIGN], 1);
	assert_int_equal(t.told.nr[TUNE_RESTORED], 2);
	end(&t);
}

TEST(what_was_begun_and_not_ended_is_restored)
{
	struct tuned t;
	struct tune_teller to;
	struct tune_entry *last;

	tune(&t);
	to = teller(&t);
	last = &t.journal.records.list[t.journal.records.nr - 1];
	last->state = TUNE_BEGUN;
	check_tree_write(&t.tree, last->path, "neither\n");
	/* What the kernel refused is not. */
	t.journal.records.list[0].state = TUNE_NOT;
	assert_true(tune_restore(&t.journal, &to));
	assert_int_equal(t.told.nr[TUNE_FOREIGN], 0);
	assert_int_equal(t.told.nr[TUNE_RESTORED], 2);
	end(&t);
}

TEST(a_file_that_is_gone_has_nothing_to_restore)
{
	struct tuned t;
	struct tune_teller to;

	tune(&t);
	to = teller(&t);
	assert_int_equal(tree_remove(&t.host->tree, THROTTLING), 0);
	assert_true(tune_restore(&t.journal, &to));
	assert_int_equal(t.told.nr[TUNE_GONE], 1);
	assert_int_equal(t.told.nr[TUNE_RESTORED], 2);
	end(&t);
}

TEST(a_value_that_changed_since_the_plan_is_the_one_to_restore)
{
	struct tuned t;
	struct tune_teller to;
	int held;

	tune(&t);
	to = teller(&t);
	assert_true(tune_restore(&t.journal, &to));
	assert_int_equal(tune_journal_begin(&t.journal), 0);
	check_tree_write(&t.tree, THROTTLING, "900000\n");
	check_tree_write(&t.tree, DEFAULT, "0003\n");
	assert_int_equal(tune_apply(&t.journal, &t.plan, &to, &held), 0);
	/* Where it is right already nothing is done. */
	assert_int_equal(t.journal.records.nr, 2);
	assert_true(tune_restore(&t.journal, &to));
	has(&t, THROTTLING, "900000\n");
	has(&t, DEFAULT, "0003\n");
	end(&t);
}

static off_t len_of(const struct tuned *t)
{
	struct stat st;

	assert_int_equal(fstat(t->journal.fd, &st), 0);
	return st.st_size;
}

TEST(a_record_that_does_not_fit_leaves_nothing_of_itself)
{
	const struct tune_change *c;
	struct rlimit before, limit;
	struct tuned t;
	off_t len;

	tune(&t);
	c = &t.plan.list[0];
	len = len_of(&t);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = (rlim_t)len + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_true(tune_journal_add(&t.journal, c->knob, c->file, c->path, "f",
				     "3") < 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(len_of(&t), len);
	assert_int_equal(t.journal.records.nr, 3);
	end(&t);
}

TEST(a_copy_that_is_live_is_not_written_to)
{
	struct tree proc;

	assert_int_equal(tree_open(&proc, "/proc"), 0);
	assert_int_equal(tree_write(&proc, "self/comm", "tuned\n", false),
			 -EXDEV);
	assert_int_equal(tree_make_folder(&proc, "self/x", 0700), -EXDEV);
	assert_int_equal(tree_remove(&proc, "self/comm"), -EXDEV);
	tree_close(&proc);
}
