/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_loader_fuzz.c - files broken at random never make the loader crash,
 * and what it takes keeps its promises.  The seeds are fixed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/elf_image.h"
#include "tests/unit/unit.h"

#define NR_ROUNDS 20000u

static void check_segment(const struct image *image, const struct segment *s)
{
	const unsigned char *data = s->data;

	assert_true(s->gpa >= LAYOUT_IMAGE && s->gpa % 4096 == 0);
	assert_true(s->mem_len <= LAYOUT_IMAGE_MAX - s->gpa);
	assert_true(s->file_len <= s->mem_len);
	assert_true(s->gpa + s->mem_len <= image->end);
	assert_true(data >= image->file);
	assert_true(data + s->file_len <= image->file + image->file_len);
	assert_true((s->flags & (SEGMENT_WRITE | SEGMENT_EXEC)) !=
		    (SEGMENT_WRITE | SEGMENT_EXEC));
}

/* Parses; checks what is taken.  True: it was. */
static bool try(const unsigned char *bytes, size_t len)
{
	struct image image;
	char error[512] = "";
	uint64_t offset;

	if (elf_image_parse(bytes, len, &image, error, sizeof(error))) {
		assert_int_not_equal(error[0], '\0');
		return false;
	}
	assert_true(image.nr_segments <= LOADER_MAX_SEGMENTS);
	for (unsigned int i = 0; i < image.nr_segments; i++)
		check_segment(&image, &image.segments[i]);
	for (uint64_t gpa = ELF_TEXT; gpa < ELF_TEXT + 64; gpa += 7) {
		const char *name = image_symbol(&image, gpa, &offset);

		/* Reads all of it: the sanitizer sees a string without end. */
		assert_true(!name || strlen(name) > 0);
	}
	image_close(&image);
	return true;
}

/* Flips bits of the bytes in [from, to), sometimes sets a whole word. */
static void mutate(struct rng *rng, unsigned char *bytes, size_t from,
		   size_t to)
{
	static const uint64_t words[] = {0,	     1,		 0x7fffffff,
					 0x80000000, UINT32_MAX, 1ull << 63,
					 UINT64_MAX, 0x1000,	 0xfff};
	uint64_t nr = 1 + rng_below(rng, 4);

	for (; nr; nr--) {
		size_t at = from + rng_below(rng, to - from);

		if (rng_below(rng, 3) != 0 || to - at < 8)
			bytes[at] ^= (unsigned char)(1u << rng_below(rng, 8));
		else
			memcpy(bytes + at, &words[rng_below(rng, 9)], 8);
	}
}

/* Rounds on a copy of good; mutations before to.  How many were taken. */
static unsigned int fuzz(const unsigned char *good, size_t len, size_t to,
			 unsigned int rounds)
{
	struct rng rng = {.state = 20260101};
	unsigned char *bytes = malloc(len);
	unsigned int taken = 0;

	assert_non_null(bytes);
	for (unsigned int i = 0; i < rounds; i++) {
		size_t cut = rng_below(&rng, 8) ? len : rng_below(&rng, len);

		memcpy(bytes, good, len);
		mutate(&rng, bytes, 0, to);
		taken += try(bytes, cut);
	}
	free(bytes);
	return taken;
}

TEST(loader_survives_broken_images)
{
	struct elf_image e;
	unsigned int taken;

	elf_image_good(&e);
	assert_true(try((unsigned char *)&e, sizeof(e)));
	taken = fuzz((unsigned char *)&e, sizeof(e), sizeof(e), NR_ROUNDS);
	/* Neither all nor none: the rounds reach both sides. */
	assert_in_range(taken, NR_ROUNDS / 10, NR_ROUNDS * 9 / 10);
}

TEST(loader_survives_broken_headers)
{
	struct elf_image e;
	unsigned int taken;

	elf_image_good(&e);
	taken = fuzz((unsigned char *)&e, sizeof(e),
		     offsetof(struct elf_image, note), NR_ROUNDS);
	assert_in_range(taken, 1, NR_ROUNDS - 1);
}

TEST(loader_survives_every_truncation)
{
	struct elf_image e;

	elf_image_good(&e);
	for (size_t len = 0; len < sizeof(e); len++)
		try((unsigned char *)&e, len);
	/* The last bytes are the code: without them nothing is taken. */
	for (size_t len = sizeof(e) - 64; len < sizeof(e); len++)
		assert_false(try((unsigned char *)&e, len));
}

TEST(loader_survives_a_broken_real_payload)
{
	const char *build = getenv("BUILD");
	unsigned char *file;
	char path[512];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/payloads/hello.elf",
		 build ? build : "build");
	f = fopen(path, "re");
	if (!f) {
		print_message("# skipped: there is no %s\n", path);
		skip();
	}
	file = malloc(1u << 20);
	assert_non_null(file);
	len = fread(file, 1, 1u << 20, f);
	fclose(f);
	assert_true(try(file, len));
	/* The ELF and program headers; then anything. */
	assert_true(fuzz(file, len, 64 + 4 * 56, 10000) < 10000);
	assert_true(fuzz(file, len, len, 3000) > 0);
	free(file);
}
