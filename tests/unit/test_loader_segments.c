/* SPDX-License-Identifier: BSD-2-Clause */
/* test_loader_segments.c - program headers and notes that are refused. */
#include <stdlib.h>
#include <string.h>

#include "guest-firmware/abi/boot.h"
#include "tests/unit/elf_image.h"
#include "tests/unit/unit.h"

TEST(loader_refuses_program_headers_outside_of_the_file)
{
	struct elf_image e;

	elf_image_good(&e);
	e.eh.e_phoff = sizeof(e) - 8;
	assert_refused(&e, "program headers");
	e.eh.e_phoff = UINT64_MAX - 16;
	assert_refused(&e, "program headers");
	elf_image_good(&e);
	e.eh.e_phnum = 0xfff0;
	assert_refused(&e, "program headers");
}

TEST(loader_refuses_a_segment_past_the_end)
{
	struct elf_image e;

	elf_image_good(&e);
	e.ph[PH_TEXT].p_offset = sizeof(e) - 63;
	assert_refused(&e, "cut short");
	e.ph[PH_TEXT].p_offset = sizeof(e) - 64;
	assert_taken(&e);
	e.ph[PH_TEXT].p_offset = UINT64_MAX - 8;
	assert_refused(&e, "cut short");
	e.ph[PH_TEXT].p_offset = sizeof(e);
	e.ph[PH_TEXT].p_filesz = UINT64_MAX;
	assert_refused(&e, "cut short");
}

TEST(loader_refuses_more_in_the_file_than_in_memory)
{
	struct elf_image e;

	elf_image_good(&e);
	e.ph[PH_TEXT].p_memsz = 63;
	assert_refused(&e, "more bytes in the file than in memory");
}

static void move(struct elf_image *e, unsigned int ph, uint64_t gpa)
{
	e->ph[ph].p_paddr = e->ph[ph].p_vaddr = gpa;
}

TEST(loader_refuses_a_segment_outside_of_its_range)
{
	struct elf_image e;

	elf_image_good(&e);
	move(&e, PH_DATA, LAYOUT_IMAGE - 0x1000);
	assert_refused(&e, "wanted inside 0x240000..0x2000000");
	move(&e, PH_DATA, 0);
	assert_refused(&e, "wanted inside");
	move(&e, PH_DATA, LAYOUT_IMAGE_MAX);
	assert_refused(&e, "wanted inside");
	move(&e, PH_DATA, LAYOUT_IMAGE_MAX - 0x1000);
	assert_refused(&e, "wanted inside");
	move(&e, PH_DATA, LAYOUT_IMAGE_MAX - 0x2000);
	assert_taken(&e);
	e.ph[PH_DATA].p_memsz = 0x2001;
	assert_refused(&e, "wanted inside");
}

TEST(loader_refuses_addresses_that_wrap)
{
	struct elf_image e;

	elf_image_good(&e);
	e.ph[PH_DATA].p_memsz = UINT64_MAX;
	assert_refused(&e, "wanted inside");
	e.ph[PH_DATA].p_memsz = -(uint64_t)ELF_DATA + LAYOUT_IMAGE + 0x1000;
	assert_refused(&e, "wanted inside");
	elf_image_good(&e);
	move(&e, PH_DATA, UINT64_MAX - 0xfff);
	assert_refused(&e, "wanted inside");
}

TEST(loader_refuses_overlapping_segments)
{
	struct elf_image e;

	elf_image_good(&e);
	move(&e, PH_DATA, ELF_TEXT);
	assert_refused(&e, "overlapping segments at 0x240000 and 0x240000");
	elf_image_good(&e);
	e.ph[PH_RODATA].p_memsz = 0x1001;
	assert_refused(&e, "overlapping segments");
	e.ph[PH_RODATA].p_memsz = 0x1000;
	assert_taken(&e);
	/* The later one below the earlier one. */
	e.ph[PH_RODATA] = e.ph[PH_DATA];
	move(&e, PH_DATA, ELF_RODATA);
	assert_refused(&e, "overlapping segments");
}

TEST(loader_refuses_a_writable_and_executable_segment)
{
	struct elf_image e;

	elf_image_good(&e);
	e.ph[PH_TEXT].p_flags = PF_R | PF_W | PF_X;
	assert_refused(&e, "writable and executable");
	e.ph[PH_TEXT].p_flags = PF_W | PF_X;
	assert_refused(&e, "writable and executable");
}

TEST(loader_refuses_a_segment_off_its_page)
{
	struct elf_image e;

	elf_image_good(&e);
	move(&e, PH_DATA, ELF_DATA + 8);
	assert_refused(&e, "0x242008 that is not page-aligned");
	move(&e, PH_DATA, ELF_DATA);
	e.ph[PH_DATA].p_vaddr += 0x1000;
	assert_refused(&e, "not identity-mapped");
}

TEST(loader_refuses_too_many_segments)
{
	struct elf_image e;

	elf_image_good(&e);
	for (unsigned int i = NR_GOOD_PHDRS; i < ELF_MAX_PHDRS; i++) {
		e.ph[i] = e.ph[PH_DATA];
		move(&e, i, ELF_DATA + i * 0x10000);
	}
	e.eh.e_phnum = LOADER_MAX_SEGMENTS + 1; /* one is the note */
	assert_taken(&e);
	e.eh.e_phnum++;
	assert_refused(&e, "more than 8 segments");
}

TEST(loader_passes_over_empty_segments)
{
	struct elf_image e;

	elf_image_good(&e);
	for (unsigned int i = NR_GOOD_PHDRS; i < ELF_MAX_PHDRS; i++)
		e.ph[i] = (Elf64_Phdr){.p_type = PT_LOAD};
	e.eh.e_phnum = ELF_MAX_PHDRS;
	assert_taken(&e);
}

TEST(loader_refuses_an_image_without_a_note)
{
	struct elf_image e;

	elf_image_good(&e);
	e.ph[PH_NOTE].p_type = PT_NULL;
	assert_refused(&e, "no latvisor note");
	elf_image_good(&e);
	e.note.nh.n_type++;
	assert_refused(&e, "no latvisor note");
	elf_image_good(&e);
	memcpy(e.note.name, "latviser", 9);
	assert_refused(&e, "no latvisor note");
	elf_image_good(&e);
	e.ph[PH_NOTE].p_offset = sizeof(e) + 1;
	assert_refused(&e, "no latvisor note");
	elf_image_good(&e);
	e.eh.e_phnum = 0;
	assert_refused(&e, "no latvisor note");
}

TEST(loader_refuses_a_note_of_the_wrong_length)
{
	struct elf_image e;

	for (uint32_t len = 0; len < sizeof(struct payload_note); len++) {
		elf_image_good(&e);
		e.note.nh.n_descsz = len;
		e.ph[PH_NOTE].p_filesz = sizeof(e.note.nh) + 12 + len;
		assert_refused(&e, "note");
	}
	elf_image_good(&e);
	e.note.nh.n_descsz += 4;
	e.ph[PH_NOTE].p_filesz += 4;
	assert_refused(&e, "note");
	e.note.nh.n_descsz = UINT32_MAX;
	assert_refused(&e, "note");
	e.note.nh.n_namesz = UINT32_MAX;
	assert_refused(&e, "note");
}

TEST(loader_names_the_abi_version_of_another_note)
{
	struct elf_image e;

	elf_image_good(&e);
	e.note.desc.abi_version = ABI_VERSION + 1;
	assert_refused(&e, "ABI version 6, this program speaks 5");
	/* Even when that version's note is shorter. */
	e.note.nh.n_descsz = 16;
	e.ph[PH_NOTE].p_filesz = sizeof(e.note.nh) + 12 + 16;
	assert_refused(&e, "ABI version 6");
}

/* "names the thing": a short note is not a missing one. */
TEST(loader_says_that_a_note_has_the_wrong_length)
{
	struct elf_image e;
	struct image image;
	char error[512];
	const char *wrong;

	elf_image_good(&e);
	e.note.nh.n_descsz -= 8;
	e.ph[PH_NOTE].p_filesz -= 8;
	wrong = elf_image_parse(&e, sizeof(e), &image, error, sizeof(error));
	assert_non_null(wrong);
	assert_null(strstr(wrong, "has no latvisor note"));
}

TEST(loader_finds_its_note_behind_others)
{
	struct elf_image e;

	/* The note's own text segment serves as a note of another owner. */
	elf_image_good(&e);
	e.ph[NR_GOOD_PHDRS] = e.ph[PH_NOTE];
	e.ph[PH_NOTE].p_offset = offsetof(struct elf_image, text);
	e.ph[PH_NOTE].p_filesz = 28;
	memcpy(e.text, &(Elf64_Nhdr){.n_namesz = 4, .n_descsz = 8, .n_type = 1},
	       sizeof(Elf64_Nhdr));
	memcpy(e.text + sizeof(Elf64_Nhdr), "GNU", 4);
	e.eh.e_phnum = NR_GOOD_PHDRS + 1;
	assert_taken(&e);
}
