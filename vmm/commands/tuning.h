/* SPDX-License-Identifier: BSD-2-Clause */
/* tuning.h - a host tuned for a while: of tune, and of run --tune. */
#ifndef VMM_COMMANDS_TUNING_H
#define VMM_COMMANDS_TUNING_H

#include <stdint.h>
#include <stdio.h>

#include "vmm/commands/command.h"
#include "vmm/run/tuned.h"

struct tuning {
	const char *root; /* NULL: this machine */
	const int *cpus;
	unsigned int nr_cpus;
	uint64_t l3;
	bool holds; /* cpu_dma_latency: what runs does so by itself */
	FILE *out;  /* what is changed is told there */
	/* What runs meanwhile; NULL: it is waited for a signal. */
	tuned_work *work;
	const void *arg;
};

/* --l3's value; dies. */
uint64_t tuning_l3(const char *arg);

/* Each is a command's exit status, and dies on bad input. */
int tuning_plan(const struct tuning *t);
int tuning_run(const struct tuning *t);
int tuning_restore(const struct tuning *t);

/* run --tune: that command in a process of its own, which may have a sandbox.
 */
int tuning_around(const struct options *o, int (*run)(const struct options *o));

#endif
