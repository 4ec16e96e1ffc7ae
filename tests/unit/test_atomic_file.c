/* SPDX-License-Identifier: BSD-2-Clause */
/* test_atomic_file.c - a file is replaced where its name leads to. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/base/atomic_file.h"

static int before; /* the folder that this program was in */

/* A folder of the test's own, in which it is. */
static void enter(char *dir)
{
	before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(before >= 0);
	strcpy(dir, "/tmp/latvisor-unit-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
}

/* Nothing is in it any more but these. */
static void leave(const char *dir, const char *const *names)
{
	for (; *names; names++)
		assert_int_equal(unlink(*names), 0);
	assert_int_equal(fchdir(before), 0);
	close(before);
	assert_int_equal(rmdir(dir), 0);
}

static int put(const char *path, const char *text)
{
	struct atomic_file f;
	int err = atomic_file_open(&f, path);

	if (err)
		return err;
	errno = 0;
	return atomic_file_close(&f, write(f.fd, text, strlen(text)) ==
					     (ssize_t)strlen(text));
}

static void must_have(const char *path, const char *text)
{
	char got[64] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_true(read(fd, got, sizeof(got) - 1) >= 0);
	close(fd);
	assert_string_equal(got, text);
}

static bool is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

TEST(atomic_file_leaves_the_link_that_leads_to_it)
{
	static const char *const names[] = {"a", "b", "file", NULL};
	char dir[64];

	enter(dir);
	assert_int_equal(symlink("b", "a"), 0);
	assert_int_equal(symlink("file", "b"), 0);
	/* It is not there yet; then it is. */
	assert_int_equal(atomic_file_try("a"), 0);
	assert_int_equal(access("file", F_OK), -1);
	for (const char *text = "new"; *text; text++) {
		assert_int_equal(put("a", text), 0);
		must_have("file", text);
		assert_true(is_link("a") && is_link("b") && !is_link("file"));
	}
	leave(dir, names);
}

TEST(atomic_file_that_was_not_written_leaves_the_old_one)
{
	static const char *const names[] = {"file", NULL};
	struct atomic_file f;
	char dir[64];

	enter(dir);
	assert_int_equal(put("file", "old"), 0);
	assert_int_equal(atomic_file_open(&f, "file"), 0);
	errno = ENOSPC;
	assert_int_equal(atomic_file_close(&f, false), -ENOSPC);
	assert_int_equal(atomic_file_try("file"), 0);
	must_have("file", "old");
	leave(dir, names);
}

/* At the place where it is, and it is not closed. */
TEST(atomic_file_that_is_open_already_is_written_to)
{
	static const char *const names[] = {"link", NULL};
	int fd = memfd_create("open", MFD_CLOEXEC);
	char dir[64], name[64], got[8] = "";

	assert_true(fd >= 0 && write(fd, "ab", 2) == 2);
	enter(dir);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	assert_int_equal(symlink(name, "link"), 0);
	assert_int_equal(atomic_file_try("link"), 0);
	assert_int_equal(put("link", "cd"), 0);
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	assert_int_equal(put(name, "ef"), 0);
	assert_int_equal(pread(fd, got, sizeof(got), 0), 6);
	assert_string_equal(got, "abcdef");
	assert_false(file_is_stdout("link"));
	assert_true(file_is_stdout("/proc/self/fd/1"));
	close(fd);
	assert_int_equal(atomic_file_try("link"), -EBADF);
	leave(dir, names);
}

TEST(atomic_file_that_cannot_be_is_said_at_once)
{
	static const char *const names[] = {"loop", NULL};
	char dir[64], name[PATH_MAX + 8];

	enter(dir);
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_int_equal(atomic_file_try("loop"), -ELOOP);
	assert_int_equal(atomic_file_try("."), -EISDIR);
	assert_int_equal(atomic_file_try(dir), -EISDIR);
	assert_int_equal(atomic_file_try("nowhere/file"), -ENOENT);
	assert_int_equal(atomic_file_try("loop/file"), -ELOOP);
	assert_int_equal(atomic_file_try("/dev/null/file"), -ENOTDIR);
	assert_int_equal(atomic_file_try(""), -ENOENT);
	for (size_t len = NAME_MAX; len < sizeof(name); len += 300) {
		memset(name, 'n', len);
		name[len] = '\0';
		assert_int_equal(atomic_file_try(name), -ENAMETOOLONG);
	}
	leave(dir, names);
}

/* As jansson does: goes on, and forgets what the stream had. */
static bool hide_an_error(const void *arg, FILE *out)
{
	(void)arg;
	assert_int_equal(fgetc(out), EOF); /* it is for writing only: EBADF */
	return fputs("and all is well\n", out) != EOF;
}

TEST(atomic_file_whose_writer_hides_an_error_is_none)
{
	static const char *const names[] = {"file", NULL};
	char dir[64];

	enter(dir);
	assert_int_equal(put("file", "old"), 0);
	assert_int_equal(atomic_file_write("file", hide_an_error, NULL),
			 -EBADF);
	must_have("file", "old");
	leave(dir, names);
}
