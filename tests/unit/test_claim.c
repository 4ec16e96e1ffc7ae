/* SPDX-License-Identifier: BSD-2-Clause */
/* test_claim.c - two that measure on one CPU notice each other. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/host/claim.h"

/*
 * A number that no machine has and no other run of these tests, so that nobody
 * has claimed it; n: below 4.  A child has its parent's.
 */
static int cpu(int n)
{
	static int first;

	if (first == 0)
		first = 1000000 + 4 * getpid();
	return first + n;
}

static void claim_some(struct claim *c)
{
	claim_cpus(c, -1, (int[]){cpu(1), cpu(2), cpu(1)}, 3);
}

static void claim_others(struct claim *c)
{
	claim_cpus(c, -1, (int[]){cpu(3), cpu(2)}, 2);
}

TEST(claim_of_one_alone_is_not_contested)
{
	struct claim c;

	claim_some(&c);
	assert_int_equal(c.nr, 2);
	assert_true(c.cpus[0].fd >= 0);
	assert_int_equal(claim_contested(&c), -1);
	claim_release(&c);
	/* Given up, it is free. */
	claim_some(&c);
	assert_int_equal(claim_contested(&c), -1);
	claim_release(&c);
	assert_int_equal(claim_contested(&c), -1);
}

TEST(claim_of_two_tells_both)
{
	struct claim a, b;

	claim_some(&a);
	claim_others(&b);
	assert_int_equal(claim_contested(&a), cpu(2));
	assert_int_equal(claim_contested(&b), cpu(2));
	claim_release(&b);
	/* It was, however soon the other went. */
	assert_int_equal(claim_contested(&a), cpu(2));
	claim_release(&a);
	claim_others(&b);
	assert_int_equal(claim_contested(&b), -1);
	claim_release(&b);
}

/* A process of that user claims others until it is told to end; its id. */
static pid_t claim_as(uid_t uid, int *ready)
{
	struct claim c;
	pid_t pid;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	cpu(0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setresuid(uid, uid, uid) == 0)
			claim_others(&c);
		/* It ends with whoever waits for it, also by a failure. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (write(fd[1], "", 1) == 1)
			pause();
		_exit(0);
	}
	close(fd[1]);
	*ready = fd[0];
	return pid;
}

static void end_claims(pid_t pid, int ready)
{
	close(ready);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* What anybody may do is no reason for a warning, and keeps none away. */
TEST(claim_of_another_user_counts_if_that_is_root)
{
	struct claim a, b;
	char byte;
	pid_t pid;
	int ready;

	if (geteuid() != 0)
		skip();
	pid = claim_as(65534, &ready);
	assert_int_equal(read(ready, &byte, 1), 1);
	claim_some(&a);
	assert_int_equal(claim_contested(&a), -1);
	claim_others(&b);
	assert_int_equal(claim_contested(&a), cpu(2));
	assert_int_equal(claim_contested(&b), cpu(2));
	claim_release(&b);
	claim_release(&a);
	end_claims(pid, ready);
	/* The other way round: it came later. */
	claim_some(&a);
	pid = claim_as(65534, &ready);
	assert_int_equal(read(ready, &byte, 1), 1);
	assert_int_equal(claim_contested(&a), -1);
	end_claims(pid, ready);
	pid = claim_as(0, &ready);
	assert_int_equal(read(ready, &byte, 1), 1);
	assert_int_equal(claim_contested(&a), cpu(2));
	claim_release(&a);
	end_claims(pid, ready);
}

/* Of all names of cpu(2) and cpu(3). */
#define STRANGERS 8

static void hide(pid_t *pid, int *ready)
{
	char byte;

	for (int i = 0; i < STRANGERS; i++) {
		/* Of one user the second would leave it to the first. */
		pid[i] = claim_as((uid_t)(65000 + i), &ready[i]);
		assert_int_equal(read(ready[i], &byte, 1), 1);
	}
}

static void unhide(const pid_t *pid, const int *ready)
{
	for (int i = 0; i < STRANGERS; i++)
		end_claims(pid[i], ready[i]);
}

TEST(claim_of_all_names_by_others_is_told_where_there_are_no_locks)
{
	int ready[STRANGERS];
	pid_t pid[STRANGERS];
	struct claim a, b;

	if (geteuid() != 0)
		skip();
	hide(pid, ready);
	claim_others(&a);
	claim_others(&b);
	assert_int_equal(claim_contested(&a), -1);
	assert_int_equal(claim_contested(&b), -1);
	assert_int_equal(claim_hidden(&a), cpu(3));
	assert_int_equal(claim_hidden(&b), cpu(3));
	claim_release(&a);
	claim_release(&b);
	unhide(pid, ready);
	claim_others(&a);
	assert_int_equal(claim_hidden(&a), -1);
	claim_release(&a);
}

static void claim_locked(struct claim *c, const char *folder)
{
	claim_cpus(c, cpu_lock_open(folder, true), (int[]){cpu(2)}, 1);
	assert_true(c->lock_fd >= 0);
}

TEST(claim_of_root_is_seen_by_root_whoever_has_the_names)
{
	char folder[] = "/tmp/latvisor-claim-XXXXXX", file[64];
	int ready[STRANGERS];
	pid_t pid[STRANGERS];
	struct claim a, b;

	if (geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/" CPU_LOCK_FILE, folder);
	hide(pid, ready);
	claim_locked(&a, folder);
	assert_int_equal(claim_contested(&a), -1);
	assert_int_equal(claim_hidden(&a), -1);
	claim_locked(&b, folder);
	assert_int_equal(claim_contested(&b), cpu(2));
	claim_release(&b);
	/* It was, however soon the other went. */
	assert_int_equal(claim_contested(&a), cpu(2));
	claim_release(&a);
	claim_locked(&b, folder);
	assert_int_equal(claim_contested(&b), -1);
	claim_release(&b);
	unhide(pid, ready);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* A number that a set can hold; nobody else's tests claim so high a one. */
static int real_cpu(int n)
{
	return CPU_SETSIZE - 1 - (n + 4 * (getpid() % 64));
}

TEST(claims_are_found_without_being_noticed)
{
	struct claim c;
	cpu_set_t found = claims_find(-1);

	assert_false(CPU_ISSET(real_cpu(0), &found));
	claim_cpus(&c, -1, (int[]){real_cpu(0), real_cpu(2)}, 2);
	found = claims_find(-1);
	assert_true(CPU_ISSET(real_cpu(0), &found));
	assert_false(CPU_ISSET(real_cpu(1), &found));
	assert_true(CPU_ISSET(real_cpu(2), &found));
	assert_int_equal(claim_contested(&c), -1);
	claim_release(&c);
	found = claims_find(-1);
	assert_false(CPU_ISSET(real_cpu(0), &found));
}
