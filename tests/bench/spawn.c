/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spawn.c - spawn N COMMAND... -- COMMAND...: runs two commands alternately N
 * times; for each the median time in us from its start to its first byte on
 * standard output, and its largest resident set in KiB.
 */
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_RUNS 1000

struct runs {
	char **argv;
	double us[MAX_RUNS];
	long rss_kib;
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void run(struct runs *r, int i)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	char text[4096];
	double start;
	int fds[2], status;
	pid_t pid;

	if (pipe(fds) != 0)
		exit(1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
	posix_spawn_file_actions_addclose(&actions, fds[0]);
	start = now_us();
	if (posix_spawn(&pid, r->argv[0], &actions, NULL, r->argv, environ)) {
		perror(r->argv[0]);
		exit(1);
	}
	close(fds[1]);
	if (read(fds[0], text, 1) != 1)
		exit(1);
	r->us[i] = now_us() - start;
	while (read(fds[0], text, sizeof(text)) > 0)
		;
	close(fds[0]);
	posix_spawn_file_actions_destroy(&actions);
	if (wait4(pid, &status, 0, &usage) != pid || status != 0)
		exit(1);
	if (usage.ru_maxrss > r->rss_kib)
		r->rss_kib = usage.ru_maxrss;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static struct runs a, b;
	int n = argc > 2 ? atoi(argv[1]) : 0;
	int i = 2;

	while (i < argc && strcmp(argv[i], "--") != 0)
		i++;
	if (n < 1 || n > MAX_RUNS || i + 1 >= argc) {
		fputs("spawn N COMMAND... -- COMMAND...\n", stderr);
		return 2;
	}
	argv[i] = NULL;
	a.argv = argv + 2;
	b.argv = argv + i + 1;
	for (i = 0; i < n; i++) {
		run(&a, i);
		run(&b, i);
	}
	qsort(a.us, (size_t)n, sizeof(a.us[0]), by_value);
	qsort(b.us, (size_t)n, sizeof(b.us[0]), by_value);
	printf("%.0f %ld %.0f %ld\n", a.us[n / 2], a.rss_kib, b.us[n / 2],
	       b.rss_kib);
	return 0;
}
