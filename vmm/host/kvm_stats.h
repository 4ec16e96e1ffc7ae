/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kvm_stats.h - KVM's own counts of a vCPU, from KVM_GET_STATS_FD
 * (Documentation/virt/kvm/api.rst 4.133).
 *
 * Names, positions and number come from the kernel's descriptors; the vmm
 * knows no layout.  Only single cumulative values are taken.
 */
#ifndef VMM_HOST_KVM_STATS_H
#define VMM_HOST_KVM_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATS_MAX      96
#define STATS_NAME_LEN 48

/* The same for every vCPU of a VM. */
struct stats_layout {
	uint32_t nr;
	uint64_t data_offset; /* in the file */
	uint64_t data_len;    /* bytes up to the last value taken */
	char name[STATS_MAX][STATS_NAME_LEN];
	uint32_t offset[STATS_MAX]; /* in the data */
};

struct stats {
	uint64_t value[STATS_MAX]; /* as layout->name */
};

/* Reads the descriptors of a stats fd.  0, or -errno; a file that
 * contradicts itself is -EINVAL. */
int stats_layout_read(struct stats_layout *layout, int fd);

/* Reads the values: one system call.  0, or -errno. */
int stats_read(const struct stats_layout *layout, int fd, struct stats *stats);

/* The position of a name, or -1: this kernel does not count it. */
int stats_find(const struct stats_layout *layout, const char *name);

#endif
