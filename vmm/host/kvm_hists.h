/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kvm_hists.h - KVM's histograms of a vCPU's halts, from KVM_GET_STATS_FD
 * (Documentation/virt/kvm/api.rst 4.133, KVM_STATS_TYPE_LOG_HIST).
 */
#ifndef VMM_HOST_KVM_HISTS_H
#define VMM_HOST_KVM_HISTS_H

#include <stdbool.h>
#include <stdint.h>

/* Bucket 0 is 0 ns, bucket i from 2^(i-1) ns to below 2^i, the last one all
 * above. */
#define KVM_HIST_BUCKETS 64

enum kvm_hist {
	KVM_HIST_POLLED, /* an interrupt came while KVM polled for it */
	KVM_HIST_FAILED, /* KVM polled, and none came */
	KVM_HIST_WAITED, /* the vCPU's thread slept */
	NR_KVM_HISTS
};

struct kvm_hists {
	uint64_t n[NR_KVM_HISTS][KVM_HIST_BUCKETS];
};

/* The least that is in a bucket, in ns. */
static inline uint64_t kvm_hist_low(unsigned int bucket)
{
	return bucket ? 1ull << (bucket - 1) : 0;
}

/* "halt_poll_success_hist", ..., as KVM names them. */
const char *kvm_hist_name(enum kvm_hist h);

/*
 * Of a vCPU's stats file, since it was created: all 0 but for what this kernel
 * has.  False: it has none (before Linux 5.15), or the file contradicts itself.
 */
bool kvm_hists_read(struct kvm_hists *h, int fd);

#endif
