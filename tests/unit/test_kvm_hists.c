/* SPDX-License-Identifier: BSD-2-Clause */
/* test_kvm_hists.c - KVM's histograms of halts, from files that it could give
 * and from those that it must not. */
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/host/kvm_hists.h"

#define NAME_LEN 48

/* struct kvm_stats_desc with its name, whose length it leaves open. */
struct fake_desc {
	uint32_t flags;
	int16_t exponent;
	uint16_t size;
	uint32_t offset;
	uint32_t bucket_size;
	char name[NAME_LEN];
};

struct fake {
	struct kvm_stats_header header;
	struct fake_desc descs[4];
	uint64_t data[12];
};

static struct fake good(void)
{
	struct fake f = {
		.header = {.name_size = NAME_LEN,
			   .num_desc = 4,
			   .desc_offset = offsetof(struct fake, descs),
			   .data_offset = offsetof(struct fake, data)},
		.descs = {{.flags = KVM_STATS_TYPE_CUMULATIVE,
			   .size = 1,
			   .name = "exits"},
			  {.flags = KVM_STATS_TYPE_LOG_HIST,
			   .size = 4,
			   .offset = 8,
			   .name = "halt_poll_success_hist"},
			  {.flags = KVM_STATS_TYPE_LOG_HIST,
			   .size = 3,
			   .offset = 40,
			   .name = "halt_wait_hist"},
			  /* Of another kind than its name says. */
			  {.flags = KVM_STATS_TYPE_LINEAR_HIST,
			   .size = 3,
			   .offset = 40,
			   .name = "halt_poll_fail_hist"}},
	};

	for (unsigned int i = 0; i < 12; i++)
		f.data[i] = 100 + i;
	return f;
}

static bool read_fake(const struct fake *f, size_t len, struct kvm_hists *h)
{
	int fd = memfd_create("stats", MFD_CLOEXEC);
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, f, len), len);
	ok = kvm_hists_read(h, fd);
	close(fd);
	return ok;
}

static void assert_empty(const struct kvm_hists *h)
{
	const struct kvm_hists none = {0};

	assert_memory_equal(h, &none, sizeof(none));
}

TEST(kvm_hists_are_found_by_name_and_kind)
{
	struct fake f = good();
	struct kvm_hists h;

	assert_true(read_fake(&f, sizeof(f), &h));
	assert_int_equal(h.n[KVM_HIST_POLLED][0], 101);
	assert_int_equal(h.n[KVM_HIST_POLLED][3], 104);
	assert_int_equal(h.n[KVM_HIST_POLLED][4], 0);
	assert_int_equal(h.n[KVM_HIST_WAITED][2], 107);
	assert_int_equal(h.n[KVM_HIST_FAILED][0], 0);
}

TEST(kvm_hists_of_a_file_that_contradicts_itself_are_none)
{
	struct fake f = good();
	struct kvm_hists h;

	f.descs[2].size = KVM_HIST_BUCKETS + 1;
	assert_false(read_fake(&f, sizeof(f), &h));
	assert_empty(&h);
	f = good();
	f.descs[2].offset = sizeof(f.data);
	assert_false(read_fake(&f, sizeof(f), &h));
	assert_empty(&h);
	f = good();
	f.header.name_size = 0;
	assert_false(read_fake(&f, sizeof(f), &h));
	f = good();
	f.header.name_size = 100000;
	assert_false(read_fake(&f, sizeof(f), &h));
	f = good();
	f.header.num_desc = UINT32_MAX;
	assert_false(read_fake(&f, sizeof(f), &h));
	f = good();
	assert_false(read_fake(&f, sizeof(f) - 8 * sizeof(f.data[0]), &h));
	assert_false(read_fake(&f, 3, &h));
	assert_empty(&h);
	/* One without any. */
	f.header.num_desc = 1;
	assert_false(read_fake(&f, sizeof(f), &h));
	assert_empty(&h);
}

TEST(kvm_hist_buckets_begin_at_powers_of_two)
{
	assert_int_equal(kvm_hist_low(0), 0);
	assert_int_equal(kvm_hist_low(1), 1);
	assert_int_equal(kvm_hist_low(11), 1024);
	assert_int_equal(kvm_hist_low(KVM_HIST_BUCKETS - 1), 1ull << 62);
}
