/* SPDX-License-Identifier: BSD-2-Clause */
/* kvm_hists.c - see kvm_hists.h. */
#include <linux/kvm.h>
#include <string.h>
#include <unistd.h>

#include "vmm/host/kvm_hists.h"

#define NAME_MAX_LEN 256 /* the kernel's own limit is 48 */
#define DESCS_MAX    512

static const char *const names[NR_KVM_HISTS] = {
	[KVM_HIST_POLLED] = "halt_poll_success_hist",
	[KVM_HIST_FAILED] = "halt_poll_fail_hist",
	[KVM_HIST_WAITED] = "halt_wait_hist",
};

const char *kvm_hist_name(enum kvm_hist h)
{
	return names[h];
}

static bool read_all(int fd, void *to, size_t len, uint64_t offset)
{
	return pread(fd, to, len, (off_t)offset) == (ssize_t)len;
}

/* False: it is one that is wanted, and cannot be. */
static bool take(struct kvm_hists *h, int fd, uint64_t data,
		 const struct kvm_stats_desc *d, const char *name)
{
	unsigned int i = 0;

	while (i < NR_KVM_HISTS && strcmp(names[i], name) != 0)
		i++;
	if (i == NR_KVM_HISTS ||
	    (d->flags & KVM_STATS_TYPE_MASK) != KVM_STATS_TYPE_LOG_HIST)
		return true;
	return d->size <= KVM_HIST_BUCKETS &&
	       read_all(fd, h->n[i], d->size * sizeof(h->n[i][0]),
			data + d->offset);
}

static bool read_hists(struct kvm_hists *h, int fd, unsigned int *found)
{
	struct kvm_stats_header head;
	size_t len;

	if (!read_all(fd, &head, sizeof(head), 0) || head.name_size == 0 ||
	    head.name_size > NAME_MAX_LEN || head.num_desc > DESCS_MAX)
		return false;
	len = sizeof(struct kvm_stats_desc) + head.name_size;
	for (uint32_t i = 0; i < head.num_desc; i++) {
		unsigned char
			bytes[sizeof(struct kvm_stats_desc) + NAME_MAX_LEN];
		struct kvm_stats_desc desc;

		if (!read_all(fd, bytes, len, head.desc_offset + i * len))
			return false;
		memcpy(&desc, bytes, sizeof(desc));
		bytes[len - 1] = '\0';
		if (!take(h, fd, head.data_offset, &desc,
			  (const char *)bytes + sizeof(desc)))
			return false;
		*found += (desc.flags & KVM_STATS_TYPE_MASK) ==
			  KVM_STATS_TYPE_LOG_HIST;
	}
	return true;
}

bool kvm_hists_read(struct kvm_hists *h, int fd)
{
	unsigned int found = 0;
	bool ok;

	memset(h, 0, sizeof(*h));
	ok = read_hists(h, fd, &found);
	if (!ok)
		memset(h, 0, sizeof(*h));
	return ok && found;
}
