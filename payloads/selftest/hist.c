/* SPDX-License-Identifier: BSD-2-Clause */
/* hist.c - the histogram's buckets, and a metric whose samples are known. */
#include "payloads/selftest/selftest.h"

#define BLOCK_LEN (1ull << HIST_SUB_BITS)
#define NR_BLOCKS (HIST_NR_BUCKETS / BLOCK_LEN)

/* The samples are KNOWN_FIRST, KNOWN_FIRST + KNOWN_STEP ... */
#define KNOWN_FIRST 1000
#define KNOWN_STEP  1000

/* The buckets of a block are equally wide. */
static uint64_t block_low(uint64_t block)
{
	return block == 0 ? 0 : BLOCK_LEN << (block - 1);
}

static uint64_t block_width(uint64_t block)
{
	return block <= 1 ? 1 : 1ull << (block - 1);
}

static bool is_right(uint64_t i)
{
	uint64_t width = block_width(i / BLOCK_LEN);
	uint64_t low = block_low(i / BLOCK_LEN) + i % BLOCK_LEN * width;
	uint64_t last = low + width - 1;

	must(hist_bucket_low(i) == low,
	     "hist: wanted bucket %lu to begin at %lu, got %lu", i, low,
	     hist_bucket_low(i));
	must(hist_bucket_width(i) == width,
	     "hist: wanted bucket %lu to be %lu wide, got %lu", i, width,
	     hist_bucket_width(i));
	must(hist_index(low) == i, "hist: wanted %lu in bucket %lu, got %lu",
	     low, i, hist_index(low));
	must(hist_index(last) == i, "hist: wanted %lu in bucket %lu, got %lu",
	     last, i, hist_index(last));
	return true;
}

/* Of each vCPU: a bucket that is wrong. */
static uint64_t wrong[MAX_VCPUS];

/*
 * The vCPUs share 27,648 buckets: one instruction more for each is 20 ms where
 * the guest is emulated.
 */
static void look(void *arg)
{
	(void)arg;
	for (uint64_t b = me()->id; b < NR_BLOCKS; b += nr_vcpus()) {
		uint64_t low = block_low(b), width = block_width(b);
		uint64_t i = b * BLOCK_LEN, end = i + BLOCK_LEN;

		for (; i < end; i++, low += width)
			if (hist_bucket_low(i) != low ||
			    hist_bucket_width(i) != width ||
			    hist_index(low) != i ||
			    hist_index(low + width - 1) != i)
				wrong[me()->id] = i;
	}
}

static bool buckets(void)
{
	uint64_t last = hist_bucket_low(HIST_NR_BUCKETS - 1) +
			hist_bucket_width(HIST_NR_BUCKETS - 1) - 1;

	on_all_vcpus(look, NULL);
	for (uint64_t i = 0; i < nr_vcpus(); i++)
		if (!is_right(wrong[i]))
			return false;
	must(last == (1ull << HIST_MAX_BITS) - 1,
	     "hist: wanted the last bucket to end below 2^%u, got %lx",
	     HIST_MAX_BITS, last);
	return true;
}

static bool as_recorded(const struct hist *h, uint64_t n, uint64_t last)
{
	uint64_t sum = n * KNOWN_FIRST + KNOWN_STEP * (n * (n - 1) / 2);
	uint64_t in_worst = 0;

	must(h->count == n && h->out_of_range == 0,
	     "hist: wanted %lu samples, got %lu and %lu out of range", n,
	     h->count, h->out_of_range);
	must(h->sum == sum, "hist: wanted a sum of %lu, got %lu", sum, h->sum);
	must(h->min == KNOWN_FIRST && h->max == last,
	     "hist: wanted samples from %u to %lu, got %lu to %lu", KNOWN_FIRST,
	     last, h->min, h->max);
	for (uint64_t i = 0; i < HIST_NR_WORST; i++)
		in_worst += h->worst[i].value;
	n = n < HIST_NR_WORST ? n : HIST_NR_WORST;
	sum = n * last - KNOWN_STEP * (n * (n - 1) / 2);
	must(in_worst == sum,
	     "hist: wanted a sum of %lu of the %lu largest, got %lu", sum, n,
	     in_worst);
	return true;
}

/* The host sees the same of them. */
static bool known(void)
{
	uint64_t n = selftest.samples, value = KNOWN_FIRST;
	struct measure m = metric_add("known", 0, 0, n);

	window_begin(&m);
	for (uint64_t i = 0; i < n; i++, value += KNOWN_STEP)
		measure_record(&m, value, rdtsc());
	window_end(&m);
	metric_done(&m);
	return as_recorded(m.hist, n, value - KNOWN_STEP);
}

bool selftest_hist(void)
{
	return buckets() && known();
}
