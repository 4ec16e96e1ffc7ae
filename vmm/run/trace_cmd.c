/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_cmd.c - see trace_cmd.h. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/run/aside.h"
#include "vmm/run/trace_cmd.h"

#define NAME	   "trace-cmd"
#define NOTHING	   "/dev/null"
#define SAID_LEN   160
#define FIXED_ARGS 8 /* beside the CPUs' */

/* A descriptor's name, for a child that has it. */
struct fd_name {
	char text[32];
};

bool trace_cmd_find(char *path, size_t len)
{
	const char *dirs = getenv("PATH");
	struct stat st;

	while (dirs && *dirs) {
		int n = (int)strcspn(dirs, ":");

		if (snprintf(path, len, "%.*s%s" NAME, n, dirs, n ? "/" : "") <
			    (int)len &&
		    stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		    access(path, X_OK) == 0)
			return true;
		dirs += n + (dirs[n] == ':');
	}
	return false;
}

static struct fd_name name_of(int fd)
{
	struct fd_name name;

	snprintf(name.text, sizeof(name.text), "/proc/self/fd/%d", fd);
	return name;
}

/* For a child, which only runs trace-cmd. */
static void keep(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFD, 0);
}

/*
 * It mounts tracefs where nobody has, though it is told where there is one:
 * for itself alone.  Who may not have that may mount nothing.
 */
static bool mounts_apart(void)
{
	if (unshare(CLONE_NEWNS) != 0)
		return errno == EPERM;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static _Noreturn void become(const struct trace_cmd_work *w, char **argv,
			     int said)
{
	int nothing = open(NOTHING, O_RDWR);

	keep(w->dir);
	keep(w->spare);
	keep(w->out);
	for (unsigned int i = 0; i < w->nr_cpus; i++)
		keep(w->pages[i]);
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
	    dup2(nothing, STDOUT_FILENO) < 0 || dup2(said, STDERR_FILENO) < 0)
		_exit(ASIDE_NOT_STARTED);
	if (mounts_apart())
		execv(w->program, argv);
	dprintf(STDERR_FILENO, "%s: %s", w->program, strerror(errno));
	_exit(ASIDE_NOT_STARTED);
}

/* All that it said, as one line. */
static void take_said(int fd, char *text, size_t len)
{
	char raw[SAID_LEN * 2];
	ssize_t n = pread(fd, raw, sizeof(raw), 0);
	size_t at = 0;

	for (ssize_t i = 0; i < n && at + 2 < len; i++) {
		bool blank = isspace((unsigned char)raw[i]);

		if (!blank)
			text[at++] = raw[i];
		else if (at && text[at - 1] != ' ')
			text[at++] = ' ';
	}
	while (at && text[at - 1] == ' ')
		at--;
	text[at] = '\0';
}

/* How it ended, as the shell has it in $?. */
static int run(const struct trace_cmd_work *w, char **argv, int said)
{
	pid_t pid = fork();

	if (pid == 0)
		become(w, argv, said);
	return aside_wait(pid);
}

/*
 * Has the disk below it no room?  trace-cmd's own word is of whichever call was
 * its last.
 */
static bool is_full(int fd)
{
	static const char more[65536];
	off_t end = lseek(fd, 0, SEEK_END);
	ssize_t n = end < 0 ? 0 : pwrite(fd, more, sizeof(more), end);

	return n >= 0 ? n < (ssize_t)sizeof(more) : errno == ENOSPC;
}

/* It writes to the file to. */
static bool restore(const struct trace_cmd_work *w, char **argv, int to,
		    char *why, size_t len)
{
	int said = memfd_create("said", MFD_CLOEXEC), status;
	char text[SAID_LEN];

	status = run(w, argv, said);
	if (status) {
		take_said(said, text, sizeof(text));
		snprintf(why, len,
			 "%s" NAME " restore %s ended with status %d%s%s",
			 is_full(to) ? "No space left on device: " : "",
			 argv[2], status, *text ? ": " : "", text);
	}
	close(said);
	return status == 0;
}

/* This kernel's formats and the names of its threads and functions. */
static bool make_head(const struct trace_cmd_work *w, char *why, size_t len)
{
	struct fd_name dir = name_of(w->dir), spare = name_of(w->spare);
	char program[] = NAME, what[] = "restore", head[] = "-c", from[] = "-t",
	     to[] = "-o";
	char *argv[] = {program,  what, head,	    from,
			dir.text, to,	spare.text, NULL};

	return restore(w, argv, w->spare, why, len);
}

/* CPUs are told by their place. */
static bool join(const struct trace_cmd_work *w, char *why, size_t len)
{
	struct fd_name out = name_of(w->out), spare = name_of(w->spare);
	struct fd_name *names = calloc(w->nr_cpus + 1, sizeof(*names));
	char **argv = calloc(w->nr_cpus + FIXED_ARGS, sizeof(*argv));
	char program[] = NAME, what[] = "restore", from[] = "-i", to[] = "-o";
	char nothing[] = NOTHING;
	const char *const fixed[] = {program,	 what, from,
				     spare.text, to,   out.text};
	size_t nr = sizeof(fixed) / sizeof(*fixed);
	bool good = names && argv;

	if (good)
		memcpy(argv, fixed, sizeof(fixed));
	for (unsigned int i = 0; good && i < w->nr_cpus; i++) {
		names[i] = name_of(w->pages[i]);
		argv[nr + i] = w->pages[i] < 0 ? nothing : names[i].text;
	}
	if (good)
		good = restore(w, argv, w->out, why, len);
	else
		snprintf(why, len, "no memory");
	free(names);
	free(argv);
	return good;
}

bool trace_cmd_join(const struct trace_cmd_work *w, char *why, size_t len)
{
	struct stat st;

	if (!make_head(w, why, len) || !join(w, why, len))
		return false;
	if (fstat(w->out, &st) == 0 && st.st_size > 0)
		return true;
	snprintf(why, len, NAME " wrote nothing");
	return false;
}
