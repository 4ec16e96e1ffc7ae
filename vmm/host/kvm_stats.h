/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kvm_stats.h - KVM's own counts of a vCPU, from KVM_GET_STATS_FD
 * (Documentation/virt/kvm/api.rst 4.133).
 *
 * Names, positions and number come from the kernel's descriptors; the vmm
 * knows no layout.  Only single cumulative values are taken, "blocking", and of
 * halt_wait_hist how many waits its buckets have together.
 */
#ifndef VMM_HOST_KVM_STATS_H
#define VMM_HOST_KVM_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATS_MAX      96
#define STATS_NAME_LEN 48

/*
 * How many halts slept, which the vCPU's own thread counts.  "halt_wakeup" is
 * counted by who wakes it, when it has: the vCPU may be far ahead by then.
 */
#define STATS_HALT_WAITS "halt_wait_hist"

/* The same for every vCPU of a VM. */
struct stats_layout {
	uint32_t nr;
	uint64_t data_offset; /* in the file */
	uint64_t data_len;    /* bytes up to the last value taken */
	char name[STATS_MAX][STATS_NAME_LEN];
	uint32_t offset[STATS_MAX]; /* in the data */
	uint16_t words[STATS_MAX];  /* that are added up */
	int blocking; /* "blocking" is there in the data; -1: it is not */
};

struct stats {
	uint64_t value[STATS_MAX]; /* as layout->name */
};

/* Reads the descriptors of a stats fd.  0, or -errno; a file that
 * contradicts itself is -EINVAL. */
int stats_layout_read(struct stats_layout *layout, int fd);

/* Reads the values: one system call.  0, or -errno. */
int stats_read(const struct stats_layout *layout, int fd, struct stats *stats);

/*
 * One value, without the others.  i: what stats_find() said.  0, or -errno.
 */
int stats_read_one(const struct stats_layout *layout, int fd, int i,
		   uint64_t *value);

/*
 * Does the vCPU's thread sleep in KVM, for an interrupt?  1, 0, or -errno;
 * -ENOENT: this kernel does not tell (Linux 5.17 and later do).
 */
int stats_is_blocking(const struct stats_layout *layout, int fd);

/* The position of a name, or -1: this kernel does not count it. */
int stats_find(const struct stats_layout *layout, const char *name);

#endif
