/* SPDX-License-Identifier: BSD-2-Clause */
/* wake_paths.c - see wake_paths.h. */
#include "guest-firmware/wake_paths.h"

void wake_paths_add(struct wake_paths *w, const struct measure *whole)
{
	static const char *const names[NR_WAKE_PATHS] = {
		[WAKE_SLEPT] = "_slept",
		[WAKE_POLLED] = "_polled",
		[WAKE_MAIN] = "_main_awake",
	};

	for (int i = 0; i < NR_WAKE_PATHS; i++) {
		char name[sizeof(whole->metric->name)];

		if (!names[i])
			continue;
		metric_name(name, whole->metric->name, names[i]);
		w->path[i] =
			metric_add(name, whole->metric->vcpu, METRIC_PART, 0);
		w->path[i].metric->whole = whole->window + 1;
		metric_expect(&w->path[i], whole->metric->asked);
	}
}

void wake_paths_done(const struct wake_paths *w)
{
	for (int i = 0; i < NR_WAKE_PATHS; i++)
		if (w->path[i].metric)
			metric_done(&w->path[i]);
}
