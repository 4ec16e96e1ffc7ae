/* SPDX-License-Identifier: BSD-2-Clause */
/* stress_work.h - in the keeper: the workers of a mix, begun and ended. */
#ifndef VMM_RUN_STRESS_WORK_H
#define VMM_RUN_STRESS_WORK_H

#include "vmm/run/stress_plan.h"

#define STRESS_MOST_WORKERS 256

struct stress_part {
	const struct stress *stress;
	struct stress_kept kept;
	unsigned int first, nr; /* of the workers */
	bool by_tool;
	int pair[2];
};

struct stress_workers {
	const struct stress_host *host;
	unsigned int nr_parts, nr;
	struct stress_part parts[STRESS_JOINED];
	pid_t pid[STRESS_MOST_WORKERS]; /* each leads a process group */
	_Atomic uint64_t *done;		/* of each; the workers write it */
};

/* For the keeper's life, with room that both sides see; NULL: there is none. */
struct stress_workers *stress_workers_open(const struct stress_host *h);
void stress_workers_close(struct stress_workers *w);

/* All workers of the mix; false: one ended at once, why says which. */
bool stress_workers_begin(struct stress_workers *w,
			  const struct stress_mix *mix, char *why, size_t len);

/*
 * Ends all, and undoes what was changed; what was done since, and in words how.
 * how: NULL: nobody asks.
 */
uint64_t stress_workers_end(struct stress_workers *w, char *how, size_t len);

#endif
