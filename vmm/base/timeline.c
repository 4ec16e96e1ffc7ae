/* SPDX-License-Identifier: BSD-2-Clause */
/* timeline.c - see timeline.h. */
#include <stdio.h>
#include <time.h>

#include "vmm/base/timeline.h"

#define MAX_MARKS 48

/* The one exception to "no file-scope state": a stopwatch of the process. */
static struct {
	bool on;
	unsigned int nr;
	struct {
		const char *what;
		struct timespec at;
	} mark[MAX_MARKS];
} timeline;

void timeline_enable(bool on)
{
	timeline.on = on;
	timeline_mark("start");
}

void timeline_mark(const char *what)
{
	if (!timeline.on || timeline.nr == MAX_MARKS)
		return;
	timeline.mark[timeline.nr].what = what;
	clock_gettime(CLOCK_MONOTONIC, &timeline.mark[timeline.nr].at);
	timeline.nr++;
}

void timeline_print(void)
{
	double last = 0;

	for (unsigned int i = 0; i < timeline.nr; i++) {
		const struct timespec *t0 = &timeline.mark[0].at;
		const struct timespec *t = &timeline.mark[i].at;
		double ms = (double)(t->tv_sec - t0->tv_sec) * 1e3 +
			    (double)(t->tv_nsec - t0->tv_nsec) / 1e6;

		fprintf(stderr, "timeline %8.3f ms  +%7.3f  %s\n", ms,
			ms - last, timeline.mark[i].what);
		last = ms;
	}
}
