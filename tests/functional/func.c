/* SPDX-License-Identifier: BSD-2-Clause */
/* func.c - see func.h: time, /dev/kvm, runs of latvisor. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/functional/func.h"
#include "tests/functional/proc.h"

double slow(void)
{
	const char *env = getenv("LATVISOR_TEST_SLOW");
	double factor = env ? strtod(env, NULL) : 1.0;

	return factor >= 1.0 ? factor : 1.0;
}

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void sleep_for(double seconds)
{
	struct timespec t = {
		.tv_sec = (time_t)seconds,
		.tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9),
	};

	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/* "1-3,5": isolated CPUs are outside of the mask, and taken all the same. */
static int nr_isolated(void)
{
	FILE *f = fopen("/sys/devices/system/cpu/isolated", "re");
	int nr = 0, first, last, got;
	char line[256], *p = line;

	line[0] = '\0';
	if (f && !fgets(line, sizeof(line), f))
		line[0] = '\0';
	if (f)
		fclose(f);
	while ((got = sscanf(p, "%d-%d", &first, &last)) >= 1) {
		nr += got == 2 ? last - first + 1 : 1;
		p += strcspn(p, ",\n");
		if (*p == ',')
			p++;
	}
	return nr;
}

int nr_cpus(void)
{
	cpu_set_t set;
	int nr = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set)
							      : 1;

	return nr > nr_isolated() ? nr : nr_isolated();
}

void need_cpus(int nr)
{
	if (nr_cpus() < nr) {
		print_message("# this wants %d CPUs, there are %d\n", nr,
			      nr_cpus());
		skip();
	}
}

void need_interruption(void)
{
	const char *deaf = getenv("LATVISOR_TEST_DEAF");

	if (!deaf || !*deaf)
		return;
	print_message("# %s\n", deaf);
	skip();
}

static void need_kvm(void)
{
	const char *ci = getenv("CI");
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		return;
	}
	if (ci && strcmp(ci, "true") == 0)
		fail_msg("/dev/kvm: %s", strerror(errno));
	print_message("# /dev/kvm: %s\n", strerror(errno));
	skip();
}

void test_begin(void)
{
	proc_kill_all();
	need_kvm();
}

const char *built(const char *fmt, ...)
{
	static char paths[8][512];
	static unsigned int next;
	const char *build = getenv("BUILD");
	char *path = paths[next++ % 8];
	int at = snprintf(path, sizeof(paths[0]), "%s/",
			  build && *build ? build : "build");
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path + at, sizeof(paths[0]) - (size_t)at, fmt, ap);
	va_end(ap);
	return path;
}

const char *program(void)
{
	const char *other = getenv("LATVISOR");

	return other && *other ? other : built("latvisor");
}

const char *run_file(void)
{
	static char path[64];

	if (!*path)
		snprintf(path, sizeof(path), "/tmp/latvisor-functional.%d.json",
			 (int)getpid());
	return path;
}

void say_wrong(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static int take_args(const char **argv, int at, const char *first, va_list ap)
{
	for (const char *arg = first; arg; arg = va_arg(ap, const char *)) {
		must(at < RUN_ARGS - 5, "too many arguments");
		argv[at++] = arg;
	}
	return at;
}

#define RUN_SECONDS (PROC_SECONDS * 3 / 4) /* before its test ends it */

static bool has_arg(const char *const *argv, int nr, const char *arg)
{
	for (int i = 0; i < nr; i++)
		if (strcmp(argv[i], arg) == 0)
			return true;
	return false;
}

void run_start(struct run *r, const char *first, ...)
{
	const char *argv[RUN_ARGS] = {program(), "run"};
	char limit[32];
	va_list ap;
	int nr;

	va_start(ap, first);
	nr = take_args(argv, 2, first, ap);
	va_end(ap);
	if (strcmp(argv[nr - 1], OWN_LIMIT) == 0) {
		nr--;
	} else if (slow() > 1.0 && !has_arg(argv, nr, "--limit")) {
		snprintf(limit, sizeof(limit), "%.0f", RUN_SECONDS * slow());
		argv[nr++] = "--limit";
		argv[nr++] = limit;
	}
	argv[nr++] = "--json";
	argv[nr++] = run_file();
	argv[nr] = NULL;
	*r = (struct run){.text = NULL};
	unlink(run_file());
	proc_start(&r->proc, argv);
}

void run_wait(struct run *r, double seconds)
{
	size_t len;
	int fd;

	proc_wait(&r->proc, seconds);
	fd = open(run_file(), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	r->text = proc_read(fd, &len);
	r->json = json_loadb(r->text, len, JSON_REJECT_DUPLICATES, NULL);
}

void run_free(struct run *r)
{
	json_decref(r->json);
	free(r->text);
	proc_free(&r->proc);
}

void latvisor(struct proc *p, const char *first, ...)
{
	const char *argv[RUN_ARGS] = {program()};
	va_list ap;
	int nr;

	va_start(ap, first);
	nr = take_args(argv, 1, first, ap);
	va_end(ap);
	argv[nr] = NULL;
	proc_start(p, argv);
	proc_wait(p, PROC_SECONDS);
}

bool is_own_thread(pid_t pid, const char *tid)
{
	char path[64], name[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/comm", (int)pid, tid);
	f = fopen(path, "re");
	if (f && !fgets(name, sizeof(name), f))
		name[0] = '\0';
	if (f)
		fclose(f);
	return *name && strncmp(name, "kvm-nx-lpage", 12) != 0;
}
