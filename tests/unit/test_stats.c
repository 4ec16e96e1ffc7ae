/* SPDX-License-Identifier: BSD-2-Clause */
/* test_stats.c - KVM's binary counts, from files that a kernel could give
 * and from files that it must not. */
#include <errno.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "vmm/host/kvm_stats.h"

#define NAME_LEN 48
#define NR_DESCS 6

/* struct kvm_stats_desc with its name, whose length it leaves open. */
struct fake_desc {
	uint32_t flags;
	int16_t exponent;
	uint16_t size;
	uint32_t offset;
	uint32_t bucket_size;
	char name[NAME_LEN];
};

_Static_assert(offsetof(struct fake_desc, name) ==
		       sizeof(struct kvm_stats_desc),
	       "as linux/kvm.h has it");

struct fake {
	struct kvm_stats_header header;
	char id[NAME_LEN];
	struct fake_desc descs[NR_DESCS];
	uint64_t data[8];
};

static struct fake_desc desc(const char *name, uint32_t flags, uint16_t size,
			     uint32_t offset)
{
	struct fake_desc d = {.flags = flags, .size = size, .offset = offset};

	snprintf(d.name, sizeof(d.name), "%s", name);
	return d;
}

static struct fake good(void)
{
	return (struct fake){
		.header = {.name_size = NAME_LEN,
			   .num_desc = NR_DESCS,
			   .id_offset = offsetof(struct fake, id),
			   .desc_offset = offsetof(struct fake, descs),
			   .data_offset = offsetof(struct fake, data)},
		.id = "kvm-1/vcpu-0",
		.descs = {desc("exits", KVM_STATS_TYPE_CUMULATIVE, 1, 8),
			  desc("blocking", KVM_STATS_TYPE_INSTANT, 1, 0),
			  desc("poll_hist", KVM_STATS_TYPE_LOG_HIST, 3, 24),
			  desc("pair", KVM_STATS_TYPE_CUMULATIVE, 2, 16),
			  desc("halt_exits", KVM_STATS_TYPE_CUMULATIVE, 1, 56),
			  desc("halt_wait_hist", KVM_STATS_TYPE_LOG_HIST, 3,
			       32)},
		.data = {100, 101, 102, 103, 104, 105, 106, 107},
	};
}

static int file_of(const void *bytes, size_t len)
{
	int fd = memfd_create("stats", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	return fd;
}

/* What reading the layout and then the values gives. */
static int read_both(const void *bytes, size_t len)
{
	struct stats_layout layout;
	struct stats stats;
	int fd = file_of(bytes, len);
	int err = stats_layout_read(&layout, fd);

	if (!err)
		err = stats_read(&layout, fd, &stats);
	close(fd);
	return err;
}

TEST(stats_takes_single_cumulative_counts)
{
	struct fake f = good();
	struct stats_layout layout;
	struct stats stats;
	int fd = file_of(&f, sizeof(f));

	assert_int_equal(stats_layout_read(&layout, fd), 0);
	assert_int_equal(layout.nr, 3);
	assert_int_equal(stats_find(&layout, "exits"), 0);
	assert_int_equal(stats_find(&layout, "halt_exits"), 1);
	assert_int_equal(stats_find(&layout, "halt_wait_hist"), 2);
	assert_int_equal(stats_find(&layout, "blocking"), -1);
	assert_int_equal(stats_find(&layout, "poll_hist"), -1);
	assert_int_equal(stats_find(&layout, "pair"), -1);
	assert_int_equal(stats_find(&layout, ""), -1);
	assert_int_equal(stats_find(&layout, "exit"), -1);
	assert_int_equal(stats_read(&layout, fd, &stats), 0);
	assert_int_equal(stats.value[0], 101);
	assert_int_equal(stats.value[1], 107);
	assert_int_equal(stats.value[2], 104 + 105 + 106);
	close(fd);
}

TEST(stats_has_a_limit_of_buckets)
{
	struct fake f = good();
	struct stats_layout layout;
	int fd;

	f.descs[5].size = 65;
	fd = file_of(&f, sizeof(f));
	assert_int_equal(stats_layout_read(&layout, fd), 0);
	assert_int_equal(stats_find(&layout, "halt_wait_hist"), -1);
	close(fd);
}

TEST(stats_are_read_one_by_one)
{
	struct fake f = good();
	struct stats_layout layout;
	uint64_t value = 0;
	int fd = file_of(&f, sizeof(f));

	assert_int_equal(stats_layout_read(&layout, fd), 0);
	assert_int_equal(stats_read_one(&layout, fd, 0, &value), 0);
	assert_int_equal(value, 101);
	assert_int_equal(stats_read_one(&layout, fd, 1, &value), 0);
	assert_int_equal(value, 107);
	assert_int_equal(stats_read_one(&layout, fd, 2, &value), 0);
	assert_int_equal(value, 104 + 105 + 106);
	assert_int_equal(stats_is_blocking(&layout, fd), 1);
	close(fd);
	f.data[0] = 0;
	fd = file_of(&f, sizeof(f));
	assert_int_equal(stats_is_blocking(&layout, fd), 0);
	close(fd);
	fd = file_of(&f, sizeof(f) - sizeof(f.data));
	assert_int_equal(stats_is_blocking(&layout, fd), -EINVAL);
	assert_int_equal(stats_read_one(&layout, fd, 1, &value), -EINVAL);
	close(fd);
}

/* A kernel without it, one that counts it, and one with many of it. */
TEST(stats_know_a_sleeper_only_by_a_single_instant_value)
{
	static const struct {
		const char *name;
		uint32_t flags;
		uint16_t size;
		uint32_t offset;
	} cases[] = {
		{"blockings", KVM_STATS_TYPE_INSTANT, 1, 0},
		{"blocking", KVM_STATS_TYPE_CUMULATIVE, 1, 0},
		{"blocking", KVM_STATS_TYPE_INSTANT, 2, 0},
		{"blocking", KVM_STATS_TYPE_INSTANT, 1, 0xfffffff8},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fake f = good();
		struct stats_layout layout;
		int fd;

		f.descs[1] = desc(cases[i].name, cases[i].flags, cases[i].size,
				  cases[i].offset);
		fd = file_of(&f, sizeof(f));
		assert_int_equal(stats_layout_read(&layout, fd), 0);
		assert_int_equal(stats_is_blocking(&layout, fd), -ENOENT);
		close(fd);
	}
}

TEST(stats_refuses_every_truncation)
{
	struct fake f = good();

	for (size_t len = 0; len < sizeof(f); len++)
		assert_int_equal(read_both(&f, len), -EINVAL);
	assert_int_equal(read_both(&f, sizeof(f)), 0);
}

TEST(stats_refuses_a_hostile_header)
{
	struct fake f = good();

	f.header.name_size = 0;
	assert_int_equal(read_both(&f, sizeof(f)), -EINVAL);
	f.header.name_size = UINT32_MAX;
	assert_int_equal(read_both(&f, sizeof(f)), -EINVAL);
	/* More than the longest name, and the file has it. */
	f.header.num_desc = 1;
	for (f.header.name_size = 257; f.header.name_size < 350;
	     f.header.name_size++)
		assert_int_equal(read_both(&f, sizeof(f)), -EINVAL);
	f = good();
	f.header.num_desc = UINT32_MAX;
	assert_int_equal(read_both(&f, sizeof(f)), -EINVAL);
	f = good();
	f.header.desc_offset = UINT32_MAX;
	assert_int_equal(read_both(&f, sizeof(f)), -EINVAL);
	f = good();
	f.header.data_offset = UINT32_MAX;
	assert_int_equal(read_both(&f, sizeof(f)), -EINVAL);
	f = good();
	f.header.data_offset += 8;
	assert_int_equal(read_both(&f, sizeof(f)), -EINVAL);
}

TEST(stats_takes_nothing_from_far_offsets)
{
	struct fake f = good();
	struct stats_layout layout;
	int fd;

	f.descs[0].offset = UINT32_MAX;
	f.descs[4].offset = UINT32_MAX - 7;
	f.descs[5].offset = 16384 - 16; /* its end is */
	fd = file_of(&f, sizeof(f));
	assert_int_equal(stats_layout_read(&layout, fd), 0);
	assert_int_equal(layout.nr, 0);
	close(fd);
	/* Behind the end of the file, but not far: found out when reading. */
	f.descs[0].offset = 64;
	assert_int_equal(read_both(&f, sizeof(f)), -EINVAL);
}

TEST(stats_names_are_text_with_an_end)
{
	struct fake f = good();
	struct stats_layout layout;
	int fd;

	memset(f.descs[0].name, 'n', NAME_LEN);
	memcpy(f.descs[4].name, "a\033b\n", 5);
	fd = file_of(&f, sizeof(f));
	assert_int_equal(stats_layout_read(&layout, fd), 0);
	assert_int_equal(strlen(layout.name[0]), NAME_LEN - 1);
	assert_string_equal(layout.name[1], "a?b?");
	close(fd);
}

TEST(stats_takes_no_more_than_there_is_room_for)
{
	static struct {
		struct kvm_stats_header header;
		struct fake_desc descs[STATS_MAX + 8];
		uint64_t data[STATS_MAX + 8];
	} f;
	struct stats_layout layout;
	struct stats stats;
	int fd;

	f.header = (struct kvm_stats_header){
		.name_size = NAME_LEN,
		.num_desc = STATS_MAX + 8,
		.desc_offset = sizeof(f.header),
		.data_offset = sizeof(f.header) + sizeof(f.descs),
	};
	for (uint32_t i = 0; i < STATS_MAX + 8; i++)
		f.descs[i] = desc("n", KVM_STATS_TYPE_CUMULATIVE, 1, i * 8);
	fd = file_of(&f, sizeof(f));
	assert_int_equal(stats_layout_read(&layout, fd), 0);
	assert_int_equal(layout.nr, STATS_MAX);
	assert_int_equal(stats_read(&layout, fd, &stats), 0);
	close(fd);
}

TEST(stats_survives_broken_files)
{
	struct rng rng = {.state = 41};
	unsigned int taken = 0;

	for (unsigned int i = 0; i < 3000; i++) {
		struct fake f = good();
		unsigned char *bytes = (void *)&f;
		int err;

		for (uint64_t k = 1 + rng_below(&rng, 3); k; k--)
			bytes[rng_below(&rng, sizeof(f))] ^=
				(unsigned char)rng_next(&rng);
		err = read_both(&f, sizeof(f) - rng_below(&rng, 2) * 8);
		assert_true(err == 0 || err == -EINVAL);
		taken += err == 0;
	}
	assert_in_range(taken, 100, 2900);
}

TEST(stats_says_when_there_is_no_file)
{
	struct stats_layout layout;
	struct stats stats;

	assert_int_equal(stats_layout_read(&layout, -1), -EBADF);
	layout = (struct stats_layout){.data_len = 8};
	assert_int_equal(stats_read(&layout, -1, &stats), -EBADF);
}
