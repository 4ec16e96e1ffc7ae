/* SPDX-License-Identifier: BSD-2-Clause */
/* test_cpu_lock.c - root sees root on a CPU, and nobody else has a say in it.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/host/cpu_lock.h"

struct place {
	char parent[32], folder[40], file[48];
};

static void make(struct place *p)
{
	if (geteuid() != 0)
		skip();
	*p = (struct place){.parent = "/tmp/latvisor-lock-XXXXXX"};
	assert_non_null(mkdtemp(p->parent));
	snprintf(p->folder, sizeof(p->folder), "%s/run", p->parent);
	snprintf(p->file, sizeof(p->file), "%s/" CPU_LOCK_FILE, p->folder);
}

static void clean(const struct place *p)
{
	unlink(p->file);
	rmdir(p->folder);
	assert_int_equal(rmdir(p->parent), 0);
}

TEST(cpu_lock_makes_its_place_for_root_alone)
{
	struct place p;
	struct stat st;
	int fd;

	make(&p);
	assert_int_equal(cpu_lock_open(p.folder, false), -1);
	fd = cpu_lock_open(p.folder, true);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(stat(p.folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(p.file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* What is there is enough. */
	fd = cpu_lock_open(p.folder, false);
	assert_true(fd >= 0);
	close(fd);
	clean(&p);
}

TEST(cpu_lock_wants_a_place_that_is_roots_alone)
{
	struct place p, target;
	int fd;

	make(&p);
	fd = cpu_lock_open(p.folder, true);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(chmod(p.folder, 01777), 0);
	assert_int_equal(cpu_lock_open(p.folder, true), -1);
	assert_int_equal(chmod(p.folder, 0700), 0);
	assert_int_equal(chown(p.folder, 65534, 0), 0);
	assert_int_equal(cpu_lock_open(p.folder, true), -1);
	assert_int_equal(chown(p.folder, 0, 0), 0);
	/* A lock for reading is to be had by who may read. */
	assert_int_equal(chmod(p.file, 0644), 0);
	assert_int_equal(cpu_lock_open(p.folder, true), -1);
	clean(&p);
	make(&p);
	make(&target);
	assert_int_equal(symlink(target.parent, p.folder), 0);
	assert_int_equal(cpu_lock_open(p.folder, true), -1);
	assert_int_equal(unlink(p.folder), 0);
	clean(&p);
	clean(&target);
}

TEST(cpu_lock_is_of_root_only)
{
	struct place p;
	int status;
	pid_t pid;

	make(&p);
	assert_int_equal(chmod(p.parent, 0777), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(setresuid(65534, 65534, 65534) != 0 ||
		      cpu_lock_open(p.folder, true) >= 0 ||
		      access(p.folder, F_OK) == 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	clean(&p);
}

TEST(cpu_lock_tells_both_of_one_cpu)
{
	struct cpu_lock mine, theirs;
	struct place p;
	int a, b;

	make(&p);
	a = cpu_lock_open(p.folder, true);
	b = cpu_lock_open(p.folder, true);
	mine = cpu_lock_take(a, 3);
	assert_true(mine.held);
	assert_false(mine.taken);
	/* The neighbours. */
	assert_false(cpu_lock_take(b, 2).taken);
	assert_false(cpu_lock_take(b, 4).taken);
	assert_false(cpu_lock_was_asked(a, 3, &mine));
	/* Who only looks is not seen, and does not see itself. */
	assert_true(cpu_lock_is_taken(b, 3));
	assert_false(cpu_lock_is_taken(b, 2));
	assert_false(cpu_lock_is_taken(a, 3));
	assert_false(cpu_lock_was_asked(a, 3, &mine));
	theirs = cpu_lock_take(b, 3);
	assert_true(theirs.taken);
	close(b);
	assert_true(cpu_lock_was_asked(a, 3, &mine));
	/* The file keeps that it was so; it is no matter of the next one's. */
	close(a);
	a = cpu_lock_open(p.folder, true);
	mine = cpu_lock_take(a, 3);
	assert_true(mine.held);
	assert_false(mine.taken);
	assert_false(cpu_lock_was_asked(a, 3, &mine));
	close(a);
	clean(&p);
}

/* The first one is gone: who came second still is there. */
TEST(cpu_lock_of_the_second_outlives_the_first)
{
	struct cpu_lock third;
	struct place p;
	int a, b, c;

	make(&p);
	a = cpu_lock_open(p.folder, true);
	b = cpu_lock_open(p.folder, true);
	c = cpu_lock_open(p.folder, true);
	cpu_lock_take(a, 0);
	assert_true(cpu_lock_take(b, 0).taken);
	close(a);
	third = cpu_lock_take(c, 0);
	assert_true(third.taken);
	close(b);
	close(c);
	clean(&p);
}

TEST(cpu_lock_ends_with_its_process)
{
	struct place p;
	int fd[2], a;
	char byte;
	pid_t pid;

	make(&p);
	assert_int_equal(pipe(fd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		cpu_lock_take(cpu_lock_open(p.folder, true), 1);
		if (write(fd[1], "", 1) == 1)
			pause();
		_exit(0);
	}
	assert_int_equal(read(fd[0], &byte, 1), 1);
	a = cpu_lock_open(p.folder, true);
	assert_true(cpu_lock_take(a, 1).taken);
	close(a);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	a = cpu_lock_open(p.folder, true);
	assert_false(cpu_lock_take(a, 1).taken);
	close(a);
	close(fd[0]);
	close(fd[1]);
	clean(&p);
}

TEST(cpu_lock_without_a_file_tells_nothing)
{
	struct cpu_lock lock = cpu_lock_take(-1, 0);

	assert_false(lock.held);
	assert_false(lock.taken);
	assert_false(cpu_lock_was_asked(-1, 0, &lock));
}
