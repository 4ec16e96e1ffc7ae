/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_random.c - a guest that leaves random values in what it shares: the
 * result file is whole, and what passes is right, whichever seed it was.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/functional/proc.h"
#include "tests/functional/results.h"

#define SEEDS 8 /* $LATVISOR_TEST_SEEDS: another number of them */

/* docs/raw.md, and not from the program's header. */
struct head {
	char magic[8];
	uint32_t version, header_len;
	uint64_t tsc_khz, nr_records;
	uint32_t nr_metrics, record_len;
};

static const char *raw_path(void)
{
	static char path[80];

	snprintf(path, sizeof(path), "/tmp/latvisor-functional.%d.random",
		 (int)getpid());
	return path;
}

/* As long as it says, whatever the rings said. */
static void must_be_raw(const char *seed)
{
	int fd = open(raw_path(), O_RDONLY | O_CLOEXEC);
	const struct head *h;
	size_t len;
	char *bytes;

	must(fd >= 0, "%s: no file of samples", seed);
	unlink(raw_path());
	bytes = proc_read(fd, &len);
	h = (const void *)bytes;
	must(len >= sizeof(*h) && memcmp(h->magic, "LATRAW\r\n", 8) == 0,
	     "%s: %zu bytes of samples, and no head", seed, len);
	must(h->nr_metrics < 256 && h->nr_records < 1 << 24 &&
		     h->header_len == 40 + 56 * h->nr_metrics &&
		     len == h->header_len + 24 * h->nr_records,
	     "%s: %zu bytes for %d samples", seed, len, (int)h->nr_records);
	free(bytes);
}

static void must_hold(const char *how, unsigned int nr, const char *limit)
{
	char seed[32];
	struct run r;

	snprintf(seed, sizeof(seed), "seed=%u", nr);
	unlink(raw_path());
	run_now(&r, built("tests/hostile/random-shared.elf"), how, seed,
		"--limit", limit, "--raw", raw_path());
	must_be_whole(&r);
	must_be_raw(seed);
	if (r.proc.status == 0)
		must_be_result(r.json);
	for (size_t i = 0; i < r.proc.out_len; i++)
		must(r.proc.out[i] == '\n' || r.proc.out[i] == '\t' ||
			     (r.proc.out[i] >= 0x20 && r.proc.out[i] < 0x7f),
		     "%s: byte %#04x on the terminal", seed,
		     (unsigned char)r.proc.out[i]);
	run_free(&r);
}

static unsigned int nr_seeds(void)
{
	const char *asked = getenv("LATVISOR_TEST_SEEDS");
	unsigned long nr = asked ? strtoul(asked, NULL, 10) : SEEDS;

	return nr ? (unsigned int)nr : 1;
}

TEST(hostile_random_words_are_held)
{
	for (unsigned int i = 1; i <= nr_seeds() * 4; i++)
		must_hold("case=spoil", i, AMPLE_S);
}

TEST(hostile_random_words_for_ever_are_held)
{
	char limit[32];

	need_interruption();
	snprintf(limit, sizeof(limit), "%.2f", 0.25 * slow());
	for (unsigned int i = 1; i <= nr_seeds(); i++)
		must_hold("case=go-on", i, limit);
}
