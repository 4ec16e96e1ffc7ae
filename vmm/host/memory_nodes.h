/* SPDX-License-Identifier: BSD-2-Clause */
/* memory_nodes.h - the NUMA nodes whose memory is near to vCPUs. */
#ifndef VMM_HOST_MEMORY_NODES_H
#define VMM_HOST_MEMORY_NODES_H

#include <stddef.h>
#include <stdint.h>

#include "vmm/host/tree.h"

#define MEMORY_NODES_MAX 1024

struct memory_nodes {
	unsigned int nr_host; /* that have memory; 0: not known */
	uint64_t near[MEMORY_NODES_MAX / 64]; /* those of the vCPUs' CPUs */
};

struct memory_nodes memory_nodes_read(const struct tree *tree, const int *cpus,
				      uint32_t nr);

/* "1", "0-1"; "none". */
void memory_nodes_text(const struct memory_nodes *n, char *text, size_t len);

/*
 * Pages of a mapping that are not there yet come from these nodes only
 * (mbind(2)).  0, or -errno.
 */
int memory_nodes_bind(const struct memory_nodes *n, void *hva, size_t len);

#endif
