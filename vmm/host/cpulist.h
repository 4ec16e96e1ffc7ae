/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpulist.h - lists of CPUs as the kernel writes and takes them
 * (Documentation/admin-guide/kernel-parameters.rst, "cpu lists"): "0-2,5",
 * "0-15:2/4" (the first two of each four), "N" (the last CPU), "all"; and
 * "0-7/2", every second one, which the kernel writes "0-7:1/2".
 */
#ifndef VMM_HOST_CPULIST_H
#define VMM_HOST_CPULIST_H

#include "vmm/host/tree.h"

/* There is none that N could stand for: it and "all" are refused. */
#define CPULIST_NO_LAST (-1)

/*
 * Reads a list into cpus, in its order; last: what N stands for.  The number of
 * entries, or -1 when text is no list, or names a CPU above 4095, or has more
 * than max entries.
 */
int cpulist_parse(const char *text, int last, int *cpus, int max);

/* The same for the first line of a file; 0 when it cannot be read. */
int cpulist_read(const char *path, int *cpus, int max);

/* The last CPU that is online, or CPULIST_NO_LAST. */
int cpulist_last(const struct tree *tree);

#endif
