/* SPDX-License-Identifier: BSD-2-Clause */
/* test_loader.c - a good payload file is taken, and segments are checked. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/elf_image.h"
#include "tests/unit/unit.h"

TEST(loader_takes_a_good_image)
{
	struct elf_image e;
	struct image image;
	char error[512];

	elf_image_good(&e);
	assert_null(
		elf_image_parse(&e, sizeof(e), &image, error, sizeof(error)));
	assert_int_equal(image.entry, ELF_TEXT + 16);
	assert_int_equal(image.end, ELF_DATA + 0x2000);
	assert_int_equal(image.nr_segments, 3);
	assert_int_equal(image.segments[PH_TEXT].gpa, ELF_TEXT);
	assert_int_equal(image.segments[PH_TEXT].flags,
			 SEGMENT_READ | SEGMENT_EXEC);
	assert_int_equal(image.segments[PH_TEXT].file_len, sizeof(e.text));
	assert_memory_equal(image.segments[PH_TEXT].data, e.text,
			    sizeof(e.text));
	assert_int_equal(image.segments[PH_RODATA].flags, SEGMENT_READ);
	assert_int_equal(image.segments[PH_DATA].flags,
			 SEGMENT_READ | SEGMENT_WRITE);
	assert_int_equal(image.segments[PH_DATA].file_len, 0);
	assert_int_equal(image.segments[PH_DATA].mem_len, 0x1800);
	assert_string_equal(image.note.name, "made");
	assert_int_equal(image.note.min_vcpus, 1);
	image_close(&image);
	assert_null(image.file);
}

/* What bytes of a file are refused with. */
static void assert_bytes_refused(const void *bytes, size_t len,
				 const char *text)
{
	struct image image;
	char error[512] = "";
	const char *wrong =
		elf_image_parse(bytes, len, &image, error, sizeof(error));

	assert_non_null(wrong);
	assert_has(wrong, text);
	assert_null(image.file);
}

TEST(loader_refuses_what_is_no_elf)
{
	assert_bytes_refused("", 0, "is not an ELF file");
	assert_bytes_refused("\177EL", 3, "is not an ELF file");
	assert_bytes_refused("#!/bin/sh\n", 10, "is not an ELF file");
	assert_bytes_refused("\177ELG\2\1\1", 7, "is not an ELF file");
}

TEST(loader_refuses_a_header_cut_short)
{
	struct elf_image e;

	elf_image_good(&e);
	for (size_t len = SELFMAG; len < sizeof(e.eh); len++)
		assert_bytes_refused(&e, len, "is not a");
}

TEST(loader_refuses_a_32_bit_file)
{
	Elf32_Ehdr eh = {
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32,
			    ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_386,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(eh),
	};

	assert_bytes_refused(&eh, sizeof(eh), "32-bit");
}

TEST(loader_refuses_another_machine)
{
	struct elf_image e;

	elf_image_good(&e);
	e.eh.e_machine = EM_AARCH64;
	assert_refused(&e, "another machine (e_machine 183)");
	elf_image_good(&e);
	e.eh.e_ident[EI_DATA] = ELFDATA2MSB;
	assert_refused(&e, "another machine");
}

TEST(loader_refuses_a_relocatable_file)
{
	struct elf_image e;

	elf_image_good(&e);
	e.eh.e_type = ET_DYN;
	assert_refused(&e, "e_type 3");
	e.eh.e_type = ET_REL;
	assert_refused(&e, "wanted ET_EXEC");
}

TEST(loader_refuses_an_entry_outside_of_code)
{
	static const uint64_t entries[] = {
		0,	    ELF_TEXT - 1,     ELF_TEXT + 64,
		ELF_RODATA, ELF_DATA,	      UINT64_MAX,
		1,	    LAYOUT_IMAGE_MAX,
	};
	struct elf_image e;

	elf_image_good(&e);
	for (unsigned int i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
		e.eh.e_entry = entries[i];
		assert_refused(&e, "in no executable segment");
	}
	e.eh.e_entry = ELF_TEXT;
	assert_taken(&e);
	e.eh.e_entry = ELF_TEXT + 63;
	assert_taken(&e);
}

/* The path of a memfd that has len bytes of a file; closed with the fd. */
static int file_of(const void *bytes, size_t len, char *path, size_t path_len)
{
	int fd = memfd_create("payload", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	snprintf(path, path_len, "/proc/self/fd/%d", fd);
	return fd;
}

TEST(loader_opens_a_good_file)
{
	struct elf_image e;
	struct image image;
	char path[64], error[512];
	int fd;

	elf_image_good(&e);
	fd = file_of(&e, sizeof(e), path, sizeof(path));
	assert_null(image_open(&image, path, error, sizeof(error)));
	assert_int_equal(image.file_len, sizeof(e));
	image_close(&image);
	assert_null(image.file);
	close(fd);
}

static void assert_not_opened(const char *path, const char *text)
{
	struct image image;
	char error[512] = "";
	const char *wrong = image_open(&image, path, error, sizeof(error));

	assert_non_null(wrong);
	assert_has(wrong, text);
}

TEST(loader_opens_regular_files_only)
{
	assert_not_opened("/nowhere/payload.elf", "No such file");
	assert_not_opened("/", "regular file");
	assert_not_opened("/dev/zero", "regular file");
	assert_not_opened("/dev/null", "regular file");
}

TEST(loader_opens_no_empty_and_no_huge_file)
{
	char path[64];
	int fd = file_of("", 0, path, sizeof(path));

	assert_not_opened(path, "is not an ELF file");
	assert_int_equal(ftruncate(fd, LOADER_FILE_MAX + 1l), 0);
	assert_not_opened(path, "at most 64 MiB");
	close(fd);
}

TEST(loader_keeps_its_error_within_the_buffer)
{
	struct elf_image e;
	struct image image;
	char error[16];

	elf_image_good(&e);
	e.eh.e_type = ET_DYN;
	memset(error, 'x', sizeof(error));
	assert_non_null(elf_image_parse(&e, sizeof(e), &image, error, 8));
	assert_string_equal(error, "is not ");
	assert_int_equal(error[8], 'x');
}
