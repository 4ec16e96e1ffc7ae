/* SPDX-License-Identifier: BSD-2-Clause */
/* cpulist.h - lists of CPUs as the kernel writes them: "0-2,5". */
#ifndef VMM_HOST_CPULIST_H
#define VMM_HOST_CPULIST_H

/*
 * Reads a list into cpus, in its order.  The number of entries, or -1 when
 * text is no list, or names a CPU above 4095, or has more than max entries.
 */
int cpulist_parse(const char *text, int *cpus, int max);

/* The same for the first line of a file; 0 when it cannot be read. */
int cpulist_read(const char *path, int *cpus, int max);

#endif
