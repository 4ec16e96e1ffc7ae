/* SPDX-License-Identifier: BSD-2-Clause */
/* tune.h - carries a plan out (tune_plan.h), and undoes what a journal says. */
#ifndef VMM_HOST_TUNE_H
#define VMM_HOST_TUNE_H

#include "vmm/host/tune_journal.h"
#include "vmm/host/tune_plan.h"

/* The cgroup that is made for what runs on the vCPUs' CPUs. */
#define TUNE_CGROUP "sys/fs/cgroup/latvisor"

enum tune_event {
	TUNE_REFUSED, /* what: why the kernel did not */
	TUNE_BECAME,  /* what: the value that it has instead */
	TUNE_RESTORED,
	TUNE_FOREIGN, /* what: the value that somebody else gave it */
	TUNE_GONE,    /* the file is not there any more */
	TUNE_FAILED,  /* what: why it could not be restored */
	NR_TUNE_EVENTS
};

/* Is told of each file. */
struct tune_teller {
	void (*tell)(void *arg, enum tune_event event, const char *path,
		     const char *what);
	void *arg;
};

/*
 * Changes what the plan says, each change in the journal before.  *held: a file
 * to be held open meanwhile, or -1.  0, or -errno of the journal: then the rest
 * was not changed, and what was is to be restored.
 */
int tune_apply(struct tune_journal *j, const struct tune_plan *p,
	       const struct tune_teller *t, int *held);

/* The last change first.  False: something could not be restored. */
bool tune_restore(struct tune_journal *j, const struct tune_teller *t);

/* Moves this process into TUNE_CGROUP, if this journal has made it. */
void tune_enter(const struct tune_journal *j);

#endif
