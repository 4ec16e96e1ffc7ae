/* SPDX-License-Identifier: BSD-2-Clause */
/* unit.c - see unit.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

uint64_t rng_next(struct rng *rng)
{
	rng->state ^= rng->state >> 12;
	rng->state ^= rng->state << 25;
	rng->state ^= rng->state >> 27;
	return rng->state * 0x2545f4914f6cdd1dull;
}

uint64_t rng_below(struct rng *rng, uint64_t bound)
{
	return rng_next(rng) % bound;
}

static bool in_child;

/*
 * Asked by the leak checker at exit().  A child that dies on purpose leaves
 * memory behind, and looking for it would hide the status.
 */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return in_child;
}

static void take_output(int fd, char *text, size_t len)
{
	ssize_t got = pread(fd, text, len - 1, 0);

	text[got > 0 ? got : 0] = '\0';
	close(fd);
}

void child_run(struct child *c, void (*fn)(void *), void *arg)
{
	int out = memfd_create("out", MFD_CLOEXEC);
	int err = memfd_create("err", MFD_CLOEXEC);
	pid_t pid;

	assert_true(out >= 0 && err >= 0);
	fflush(NULL); /* or both processes write what is buffered */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		in_child = true;
		dup2(out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		fn(arg);
		fflush(NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &c->status, 0), pid);
	take_output(out, c->out, sizeof(c->out));
	take_output(err, c->err, sizeof(c->err));
}

void assert_ends(void (*fn)(void *), void *arg, int status, const char *text)
{
	struct child c;
	size_t len;

	child_run(&c, fn, arg);
	if (!WIFEXITED(c.status) || WEXITSTATUS(c.status) != status)
		fail_msg("wait status %#x, wanted exit status %d: %s", c.status,
			 status, c.err);
	assert_has(c.err, text);
	len = strlen(c.err);
	assert_memory_equal(c.err, "latvisor: ", 10);
	/* One line: the only newline is the last character. */
	assert_ptr_equal(strchr(c.err, '\n'), c.err + len - 1);
}

void assert_dies(void (*fn)(void *), void *arg, const char *text)
{
	assert_ends(fn, arg, 2, text);
}

void assert_has_at(const char *text, const char *part, const char *file,
		   int line)
{
	if (strstr(text, part))
		return;
	print_error("wanted '%s' in '%s'\n", part, text);
	_fail(file, line);
}
