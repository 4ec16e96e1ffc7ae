/* SPDX-License-Identifier: BSD-2-Clause */
/* test_raw.c - --raw: from the guest's rings to the file, believing nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/raw.h"
#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/result/raw.h"
#include "vmm/result/result.h"

#define RINGS	3u
#define ENTRIES 8u

/* A guest that has three rings, the last of them at the very end of RAM. */
struct rings {
	struct fake_vm *f;
	struct raw *raw;
	struct ticks ticks;
	char folder[64], path[96];
};

static struct raw_ring *ring(const struct rings *x, uint32_t i)
{
	return vm_hva(&x->f->vm, x->f->vm.raw + i * raw_ring_len(ENTRIES),
		      raw_ring_len(ENTRIES));
}

/* As metric_add() does. */
static void ring_take(const struct rings *x, uint32_t i, uint32_t metric)
{
	struct metric *m = &vm_result(&x->f->vm)->metrics[metric];

	snprintf(m->name, sizeof(m->name), "metric_%u", metric);
	ring(x, i)->mask = ENTRIES - 1;
	ring(x, i)->metric = metric;
	ring(x, i)->used = 1;
}

static struct rings *rings_new(const char *file)
{
	struct rings *x = calloc(1, sizeof(*x));
	const uint64_t ram = 0x100000;

	assert_non_null(x);
	x->f = fake_vm_new(ram, 2);
	x->f->vm.nr_windows = RINGS;
	x->f->vm.raw_entries = ENTRIES;
	x->f->vm.raw = LAYOUT_BASE + ram - RINGS * raw_ring_len(ENTRIES);
	strcpy(x->folder, "/tmp/latvisor-unit.XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	snprintf(x->path, sizeof(x->path), "%s/%s", x->folder, file);
	x->raw = raw_open(x->path, false);
	/* The spool has no name. */
	assert_int_not_equal(access(x->path, F_OK), 0);
	return x;
}

/* Nothing but the file was left behind, or not even that. */
static void rings_free(struct rings *x)
{
	raw_free(x->raw);
	unlink(x->path);
	assert_int_equal(rmdir(x->folder), 0);
	fake_vm_free(x->f);
	free(x);
}

static size_t read_whole(const struct rings *x, void *to, size_t len)
{
	FILE *f = fopen(x->path, "re");
	size_t got;

	assert_non_null(f);
	memset(to, 0, len);
	got = fread(to, 1, len - 1, f);
	fclose(f);
	return got;
}

TEST(raw_ring_keeps_the_first_samples_and_counts_the_others)
{
	struct rings *x = rings_new("r");
	struct raw_ring *r = ring(x, 0);

	ring_take(x, 0, 0);
	for (unsigned int i = 0; i < ENTRIES + 5; i++)
		raw_append(r, i, 100 + i);
	assert_int_equal(r->head, ENTRIES);
	assert_int_equal(r->lost, 5);
	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(r->tail, ENTRIES);
	raw_append(r, -1, 200);
	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(raw_records(x->raw), ENTRIES + 1);
	assert_int_equal(raw_lost(x->raw), 5);
	/* Nothing new: nothing twice. */
	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(raw_records(x->raw), ENTRIES + 1);
	rings_free(x);
}

TEST(raw_file_is_as_documented)
{
	struct rings *x = rings_new("samples.raw");
	struct {
		struct raw_header h;
		struct raw_metric m[2];
		struct raw_record r[3];
		char end;
	} file;

	ring_take(x, 0, 5);
	ring_take(x, 1, 7);
	vm_result(&x->f->vm)->metrics[7].vcpu = 1;
	raw_append(ring(x, 1), -3, 11);
	raw_append(ring(x, 0), 1000, 10);
	raw_append(ring(x, 1), 4, 12);
	ring(x, 1)->lost = 9;
	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(raw_write(x->raw, &x->ticks, 2000000), 0);
	assert_int_equal(read_whole(x, &file, sizeof(file)),
			 sizeof(file) - sizeof(uint64_t));
	assert_memory_equal(&file.h, "LATRAW\r\n\1\0\0\0\x98\0\0\0", 16);
	assert_int_equal(file.h.tsc_khz, 2000000);
	assert_int_equal(file.h.nr_records, 3);
	assert_int_equal(file.h.nr_metrics, 2);
	assert_int_equal(file.h.record_len, 24);
	assert_string_equal(file.m[0].name, "metric_5");
	assert_int_equal(file.m[0].written, 1);
	assert_string_equal(file.m[1].name, "metric_7");
	assert_int_equal(file.m[1].vcpu, 1);
	assert_int_equal(file.m[1].written, 2);
	assert_int_equal(file.m[1].lost, 9);
	assert_memory_equal(&file.r[0], (&(struct raw_record){10, 1000, 0, 0}),
			    24);
	assert_memory_equal(&file.r[1], (&(struct raw_record){11, -3, 1, 1}),
			    24);
	assert_memory_equal(&file.r[2], (&(struct raw_record){12, 4, 1, 1}),
			    24);
	rings_free(x);
}

TEST(raw_file_as_csv_has_a_line_for_each_sample)
{
	struct rings *x = rings_new("samples.csv");
	char text[512];

	ring_take(x, 0, 0);
	strcpy(vm_result(&x->f->vm)->metrics[0].name, "a,\"b\n=1;\xff");
	raw_append(ring(x, 0), 3, 10);
	raw_append(ring(x, 0), -2001, 20);
	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(raw_write(x->raw, &x->ticks, 2000000), 0);
	read_whole(x, text, sizeof(text));
	assert_string_equal(text, "metric,vcpu,tsc,cycles,ns\n"
				  "a??b??1??,0,10,3,1.500\n"
				  "a??b??1??,0,20,-2001,-1000.500\n");
	rings_free(x);
}

TEST(raw_file_as_csv_has_no_ns_where_the_clock_counts_instructions)
{
	struct rings *x = rings_new("samples.csv");
	char text[512];

	x->ticks = (struct ticks){.insns = true, .step = 5};
	ring_take(x, 0, 0);
	raw_append(ring(x, 0), 3, 10);
	raw_append(ring(x, 0), -2001, 20);
	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(raw_write(x->raw, &x->ticks, 2000000), 0);
	read_whole(x, text, sizeof(text));
	assert_string_equal(text, "metric,vcpu,tsc,instructions\n"
				  "metric_0,0,10,3\n"
				  "metric_0,0,20,-2001\n");
	rings_free(x);
}

TEST(raw_file_without_samples_is_a_header)
{
	struct rings *x = rings_new("r");
	char file[512];

	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(raw_write(x->raw, &x->ticks, 2000000), 0);
	assert_int_equal(read_whole(x, file, sizeof(file)),
			 sizeof(struct raw_header));
	rings_free(x);
}

/* Metrics that follow each other do so in the file, however often it is read.
 */
TEST(raw_file_has_metrics_in_the_order_of_their_samples)
{
	struct rings *x = rings_new("r");
	struct {
		struct raw_header h;
		struct raw_metric m[RINGS];
		struct raw_record r[RINGS * 20];
		char end;
	} file;
	uint64_t tsc = 0;

	for (uint32_t i = 0; i < RINGS; i++) {
		ring_take(x, i, i);
		for (unsigned int k = 0; k < 20; k++) {
			raw_append(ring(x, i), 1, ++tsc);
			if (tsc % 7 == 0)
				raw_drain(x->raw, &x->f->vm);
		}
	}
	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(raw_write(x->raw, &x->ticks, 2000000), 0);
	read_whole(x, &file, sizeof(file));
	assert_int_equal(file.h.nr_records, RINGS * 20);
	for (uint64_t i = 0; i < RINGS * 20; i++)
		assert_int_equal(file.r[i].tsc, i + 1);
	rings_free(x);
}

TEST(raw_file_that_cannot_be_written_leaves_nothing)
{
	struct rings *x = rings_new("r");

	ring_take(x, 0, 0);
	raw_append(ring(x, 0), 1, 1);
	raw_drain(x->raw, &x->f->vm);
	x->raw->err = ENOSPC; /* as if the spool's disk had been full */
	assert_int_equal(raw_write(x->raw, &x->ticks, 2000000), -ENOSPC);
	assert_null(x->raw->spool);
	rings_free(x);
	x = rings_new("r");
	ring_take(x, 0, 0);
	raw_append(ring(x, 0), 1, 1);
	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(mkdir(x->path, 0700), 0);
	assert_true(raw_write(x->raw, &x->ticks, 2000000) < 0);
	assert_int_equal(rmdir(x->path), 0);
	rings_free(x);
}

/* Each of these a ring of the guest says, and no honest one can. */
TEST(raw_ring_that_lies_is_read_no_further)
{
	static const struct {
		uint64_t head, lost;
		uint32_t metric;
	} lies[] = {
		{ENTRIES + 1, 0, 0}, {UINT64_MAX, 0, 0},
		{1ull << 63, 0, 0},  {0, UINT64_MAX, 0},
		{0, 1ull << 63, 0},  {1, 0, RESULT_MAX_METRICS},
		{1, 0, UINT32_MAX},
	};

	for (unsigned int i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		struct rings *x = rings_new("r");

		ring_take(x, RINGS - 1, 0);
		ring(x, RINGS - 1)->head = lies[i].head;
		ring(x, RINGS - 1)->lost = lies[i].lost;
		ring(x, RINGS - 1)->metric = lies[i].metric;
		raw_drain(x->raw, &x->f->vm);
		assert_true(x->raw->source[RINGS - 1].broken);
		ring(x, RINGS - 1)->head = 3;
		raw_drain(x->raw, &x->f->vm);
		assert_int_equal(raw_records(x->raw), 0);
		assert_int_equal(raw_lost(x->raw), 0);
		assert_int_equal(raw_write(x->raw, &x->ticks, 2000000), 0);
		rings_free(x);
	}
}

TEST(raw_ring_that_goes_back_is_read_no_further)
{
	struct rings *x = rings_new("r");
	struct raw_ring *r = ring(x, 0);

	ring_take(x, 0, 0);
	raw_append(r, 1, 1);
	raw_append(r, 2, 2);
	raw_drain(x->raw, &x->f->vm);
	r->head = 1;
	raw_drain(x->raw, &x->f->vm);
	assert_true(x->raw->source[0].broken);
	assert_int_equal(raw_records(x->raw), 2);
	rings_free(x);
}

/* What the host remembers is not the guest's to change. */
TEST(raw_ring_is_whose_it_was)
{
	struct rings *x = rings_new("r");
	struct raw_ring *r = ring(x, 0);

	ring_take(x, 0, 0);
	vm_result(&x->f->vm)->metrics[0].vcpu = 77;
	raw_append(r, 1, 1);
	raw_drain(x->raw, &x->f->vm);
	r->tail = 12345;
	r->metric = 9;
	r->used = 0;
	strcpy(vm_result(&x->f->vm)->metrics[0].name, "other");
	r->head = 2;
	raw_drain(x->raw, &x->f->vm);
	assert_int_equal(raw_records(x->raw), 2);
	assert_string_equal(x->raw->metric[0].name, "metric_0");
	assert_int_equal(x->raw->metric[0].vcpu, 0);
	assert_int_equal(x->raw->index[0], 0);
	assert_int_equal(r->tail, 2);
	rings_free(x);
}

/* The rings are the end of RAM: ASan sees a step beyond it. */
TEST(raw_drain_survives_any_bits)
{
	struct rng rng = {.state = 62};
	struct rings *x;

	for (unsigned int i = 0; i < 50; i++) {
		x = rings_new(i % 2 ? "r.csv" : "r");
		for (unsigned int k = 0; k < 20; k++) {
			unsigned char *bytes = (void *)ring(x, 0);

			for (size_t n = 0; n < RINGS * raw_ring_len(ENTRIES);
			     n++)
				if (rng_below(&rng, 50) == 0)
					bytes[n] =
						rng_below(&rng, 2)
							? (unsigned char)
								  rng_next(&rng)
							: 0;
			raw_drain(x->raw, &x->f->vm);
			assert_in_range(raw_records(x->raw), 0,
					20 * RINGS * ENTRIES);
		}
		assert_int_equal(raw_write(x->raw, &x->ticks, 2000000), 0);
		rings_free(x);
	}
}
