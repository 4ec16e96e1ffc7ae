/* SPDX-License-Identifier: BSD-2-Clause */
/* test_lines.c - source lines of a payload's code, from broken files too. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/payload/lines.h"

#define PAYLOAD "build/payloads/hello.elf"

static unsigned char *file_of(const char *path, size_t *len)
{
	FILE *f = fopen(path, "r");
	unsigned char *file;

	if (!f)
		return NULL;
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	*len = (size_t)ftell(f);
	rewind(f);
	file = malloc(*len);
	assert_non_null(file);
	assert_int_equal(fread(file, 1, *len, f), *len);
	fclose(f);
	return file;
}

/* hello's, which the build has made, or the test is skipped. */
static unsigned char *hello(size_t *len)
{
	unsigned char *file = file_of(PAYLOAD, len);

	if (!file)
		skip();
	return file;
}

static void parse(struct image *image, unsigned char *file, size_t len)
{
	char error[512];

	assert_null(image_parse(image, file, len, error, sizeof(error)));
}

/* A section's header of that name. */
static Elf64_Shdr *section(unsigned char *file, const char *name)
{
	Elf64_Ehdr *eh = (void *)file;
	Elf64_Shdr *sh = (void *)(file + eh->e_shoff);
	const char *names = (const char *)file + sh[eh->e_shstrndx].sh_offset;

	for (unsigned int i = 0; i < eh->e_shnum; i++)
		if (strcmp(names + sh[i].sh_name, name) == 0)
			return &sh[i];
	fail_msg("there is no %s", name);
	return NULL;
}

TEST(line_of_the_entry_is_in_the_firmware)
{
	char text[LINES_TEXT_LEN];
	struct lines *lines;
	struct image image;
	size_t len;
	unsigned char *file = hello(&len);

	parse(&image, file, len);
	lines = lines_open(&image);
	assert_non_null(lines);
	assert_true(lines_find(lines, image.entry, text));
	assert_int_equal(strncmp(text, "guest-firmware/start.S:", 23), 0);
	assert_true(atoi(text + 23) > 1);
	/* Code of nothing. */
	assert_false(lines_find(lines, 0, text));
	assert_string_equal(text, "");
	assert_false(lines_find(lines, UINT64_MAX, text));
	lines_close(lines);
	lines_close(NULL);
	image_close(&image);
}

/* Nothing is read then, and the rest of the file is as good as before. */
static void assert_no_lines(unsigned char *file, size_t len)
{
	struct image image;

	parse(&image, file, len);
	assert_null(lines_open(&image));
	image_close(&image);
}

/* What is behind its name in the table of names is lost. */
static void rename_section(unsigned char *file, const char *from,
			   const char *to)
{
	const Elf64_Shdr *names = section(file, ".shstrtab");
	char *name =
		(char *)file + names->sh_offset + section(file, from)->sh_name;

	memcpy(name, to, strlen(to) + 1);
}

TEST(lines_that_would_be_unpacked_or_are_elsewhere_are_not_read)
{
	unsigned char *file;
	size_t len;

	file = hello(&len);
	section(file, ".debug_info")->sh_flags |= SHF_COMPRESSED;
	assert_no_lines(file, len);
	file = hello(&len);
	section(file, ".debug_line")->sh_size = LINES_MOST_BYTES + 1;
	assert_no_lines(file, len);
	file = hello(&len);
	section(file, ".debug_info")->sh_size = LINES_MOST_INFO + 1;
	assert_no_lines(file, len);
	file = hello(&len);
	((Elf64_Ehdr *)file)->e_shnum = 0;
	((Elf64_Ehdr *)file)->e_shoff = 0;
	assert_no_lines(file, len);
	/* Where names of sections are as long as others. */
	file = hello(&len);
	rename_section(file, ".debug_rnglists", ".zdebug_rnglist");
	assert_no_lines(file, len);
	file = hello(&len);
	rename_section(file, ".debug_line_str", ".gnu_debugaltlink");
	assert_no_lines(file, len);
}

/* Whatever the sections say, it ends, and what it says is a line or nothing. */
TEST(broken_lines_are_lines_or_none)
{
	static const char *const names[] = {".debug_line", ".debug_info",
					    ".debug_abbrev", ".debug_line_str"};
	struct rng rng = {.state = 42};
	char text[LINES_TEXT_LEN];

	for (unsigned int i = 0; i < 400; i++) {
		struct lines *lines;
		struct image image;
		size_t len;
		unsigned char *file = hello(&len);
		const Elf64_Shdr *sh = section(file, names[i % 4]);
		uint64_t most = i % 8 < 4 ? 256 : sh->sh_size;

		for (unsigned int n = 0; n <= i % 16; n++)
			file[sh->sh_offset + rng_below(&rng, most)] =
				(unsigned char)rng_next(&rng);
		parse(&image, file, len);
		lines = lines_open(&image);
		for (uint64_t at = 0; lines && at < 4096; at += 64)
			if (lines_find(lines, image.entry + at, text))
				assert_non_null(strrchr(text, ':'));
		lines_close(lines);
		image_close(&image);
	}
}
