/* SPDX-License-Identifier: BSD-2-Clause */
/* kvm_stats.c - see kvm_stats.h. */
#include <errno.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/text.h"
#include "vmm/host/kvm_stats.h"

#define STATS_DATA_MAX 16384 /* 6.18 has 2 KiB a vCPU */
#define STATS_DESC_MAX 512
#define STATS_NAME_MAX 256 /* the kernel's own limit is 48 */
#define STATS_HIST_MAX 64  /* buckets: the kernel has 32 */

static int read_all(int fd, void *buf, size_t len, uint64_t offset)
{
	ssize_t got = pread(fd, buf, len, (off_t)offset);

	if (got < 0)
		return -errno;
	return (size_t)got == len ? 0 : -EINVAL;
}

/* How many words are a value, added up: 0, it is not taken. */
static uint16_t nr_words(const struct kvm_stats_desc *d, const char *name)
{
	switch (d->flags & KVM_STATS_TYPE_MASK) {
	case KVM_STATS_TYPE_CUMULATIVE:
		return d->size == 1;
	case KVM_STATS_TYPE_LOG_HIST:
		return strcmp(name, STATS_HALT_WAITS) == 0 &&
				       d->size <= STATS_HIST_MAX
			       ? d->size
			       : 0;
	default:
		return 0;
	}
}

static void take(struct stats_layout *layout, const struct kvm_stats_desc *d,
		 const char *name)
{
	uint16_t words = nr_words(d, name);
	uint64_t end = d->offset + d->size * sizeof(uint64_t);

	if (end > STATS_DATA_MAX)
		return;
	if ((d->flags & KVM_STATS_TYPE_MASK) == KVM_STATS_TYPE_INSTANT &&
	    d->size == 1 && strcmp(name, "blocking") == 0)
		layout->blocking = (int)d->offset;
	if (words == 0 || layout->nr == STATS_MAX)
		return;
	text_copy(layout->name[layout->nr], STATS_NAME_LEN, name,
		  STATS_NAME_LEN);
	layout->offset[layout->nr] = d->offset;
	layout->words[layout->nr] = words;
	layout->nr++;
	if (end > layout->data_len)
		layout->data_len = end;
}

/* descs: h->num_desc descriptors of desc_len bytes, names included. */
static void take_all(struct stats_layout *layout, unsigned char *descs,
		     uint32_t nr, size_t desc_len)
{
	for (uint32_t i = 0; i < nr; i++, descs += desc_len) {
		struct kvm_stats_desc desc;

		memcpy(&desc, descs, sizeof(desc));
		descs[desc_len - 1] = '\0';
		take(layout, &desc, (const char *)descs + sizeof(desc));
	}
}

int stats_layout_read(struct stats_layout *layout, int fd)
{
	struct kvm_stats_header h;
	unsigned char *descs;
	size_t desc_len;
	int err = read_all(fd, &h, sizeof(h), 0);

	memset(layout, 0, sizeof(*layout));
	layout->blocking = -1;
	if (err)
		return err;
	if (h.name_size == 0 || h.name_size > STATS_NAME_MAX ||
	    h.num_desc > STATS_DESC_MAX)
		return -EINVAL;
	layout->data_offset = h.data_offset;
	desc_len = sizeof(struct kvm_stats_desc) + h.name_size;
	descs = malloc(h.num_desc * desc_len);
	if (!descs)
		return -ENOMEM;
	err = read_all(fd, descs, h.num_desc * desc_len, h.desc_offset);
	if (!err)
		take_all(layout, descs, h.num_desc, desc_len);
	free(descs);
	return err;
}

static uint64_t add_up(const unsigned char *data, uint16_t words)
{
	uint64_t sum = 0, word;

	for (uint16_t i = 0; i < words; i++) {
		memcpy(&word, data + i * sizeof(word), sizeof(word));
		sum += word;
	}
	return sum;
}

int stats_read(const struct stats_layout *layout, int fd, struct stats *stats)
{
	unsigned char data[STATS_DATA_MAX];
	int err = read_all(fd, data, layout->data_len, layout->data_offset);

	if (err)
		return err;
	for (uint32_t i = 0; i < layout->nr; i++)
		stats->value[i] =
			add_up(data + layout->offset[i], layout->words[i]);
	return 0;
}

int stats_read_one(const struct stats_layout *layout, int fd, int i,
		   uint64_t *value)
{
	unsigned char data[STATS_HIST_MAX * sizeof(*value)];
	int err = read_all(fd, data, layout->words[i] * sizeof(*value),
			   layout->data_offset + layout->offset[i]);

	if (!err)
		*value = add_up(data, layout->words[i]);
	return err;
}

int stats_is_blocking(const struct stats_layout *layout, int fd)
{
	uint64_t value;
	int err;

	if (layout->blocking < 0)
		return -ENOENT;
	err = read_all(fd, &value, sizeof(value),
		       layout->data_offset + (uint32_t)layout->blocking);
	return err ? err : value != 0;
}

int stats_find(const struct stats_layout *layout, const char *name)
{
	for (uint32_t i = 0; i < layout->nr; i++)
		if (strcmp(layout->name[i], name) == 0)
			return (int)i;
	return -1;
}
