/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside.h - what took CPUs away from the host's kernel, of which that records
 * no event: SMIs, and a hypervisor around the host, whose steal time the kernel
 * is told (Documentation/filesystems/proc.rst, /proc/stat).
 */
#ifndef VMM_HOST_OUTSIDE_H
#define VMM_HOST_OUTSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What it came to; of some CPUs. */
struct outside_counts {
	bool steal_known;
	uint64_t steal_ns;   /* all of them together, in steps of 10 ms */
	const char *no_smis; /* why smis is not known; NULL: it is */
	uint64_t smis;	     /* of the CPU that had most: one comes to all */
};

struct outside;

/*
 * Opens the files about nr CPUs, each once, before the sandbox is entered.
 * Dies without memory.
 */
struct outside *outside_open(const int *cpus, unsigned int nr);

/* What comes between the two is counted, each time. */
void outside_begin(struct outside *o);
void outside_end(struct outside *o);

struct outside_counts outside_counts(const struct outside *o);

/* NULL does nothing. */
void outside_close(struct outside *o);

/* Clock ticks of steal of a CPU in the text of /proc/stat; false: not there. */
bool outside_steal(const char *stat, int cpu, uint64_t *ticks);

#endif
