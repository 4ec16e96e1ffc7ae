/* SPDX-License-Identifier: BSD-2-Clause */
/* test_symbols.c - symbols for a crash's address, from a hostile table too. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/elf_image.h"
#include "tests/unit/unit.h"

/* The symbol at gpa, or "" for none, into name; its offset. */
static uint64_t symbol_at(const struct elf_image *e, uint64_t gpa, char *name,
			  size_t len)
{
	struct image image;
	char error[512];
	uint64_t offset = 0;
	const char *found;

	assert_null(
		elf_image_parse(e, sizeof(*e), &image, error, sizeof(error)));
	found = image_symbol(&image, gpa, &offset);
	assert_true(!found || strlen(found) < len);
	strcpy(name, found ? found : "");
	image_close(&image);
	return offset;
}

static void assert_symbol(const struct elf_image *e, uint64_t gpa,
			  const char *name, uint64_t offset)
{
	char got[128];

	assert_int_equal(symbol_at(e, gpa, got, sizeof(got)), offset);
	assert_string_equal(got, name);
}

TEST(symbol_is_the_function_that_holds_the_address)
{
	struct elf_image e;

	elf_image_good(&e);
	assert_symbol(&e, ELF_TEXT, "start", 0);
	assert_symbol(&e, ELF_TEXT + 15, "start", 15);
	assert_symbol(&e, ELF_TEXT + 16, "middle", 0);
	assert_symbol(&e, ELF_TEXT + 31, "middle", 15);
	assert_symbol(&e, ELF_RODATA + 63, "table", 63);
}

TEST(symbol_without_a_size_reaches_on)
{
	struct elf_image e;

	elf_image_good(&e);
	assert_symbol(&e, ELF_TEXT + 32, "", 0);
	assert_symbol(&e, ELF_TEXT + 40, "label", 0);
	assert_symbol(&e, ELF_TEXT + 50, "label", 10);
}

TEST(symbol_is_none_outside_of_the_image)
{
	struct elf_image e;

	elf_image_good(&e);
	assert_symbol(&e, 0, "", 0);
	assert_symbol(&e, ELF_TEXT - 1, "", 0);
	assert_symbol(&e, UINT64_MAX, "", 0);
	assert_symbol(&e, ELF_DATA + 0x2000, "", 0);
}

TEST(symbol_table_may_be_missing)
{
	struct elf_image e;

	elf_image_good(&e);
	e.sh[SH_SYMTAB].sh_type = SHT_PROGBITS;
	assert_symbol(&e, ELF_TEXT, "", 0);
	elf_image_good(&e);
	e.eh.e_shnum = 0;
	e.eh.e_shoff = 0;
	assert_symbol(&e, ELF_TEXT, "", 0);
}

TEST(symbol_table_outside_of_the_file_is_ignored)
{
	struct elf_image e;

	elf_image_good(&e);
	e.sh[SH_SYMTAB].sh_offset = sizeof(e) + 8;
	assert_symbol(&e, ELF_TEXT, "", 0);
	e.sh[SH_SYMTAB].sh_offset = UINT64_MAX - 7;
	assert_symbol(&e, ELF_TEXT, "", 0);
	elf_image_good(&e);
	e.sh[SH_SYMTAB].sh_size = UINT64_MAX / 24 * 24;
	assert_symbol(&e, ELF_TEXT, "", 0);
}

TEST(symbol_names_outside_of_the_file_are_ignored)
{
	struct elf_image e;

	elf_image_good(&e);
	e.sh[SH_STRTAB].sh_offset = UINT64_MAX - 4;
	assert_symbol(&e, ELF_TEXT, "", 0);
	elf_image_good(&e);
	e.sym[1].st_name = UINT32_MAX;
	assert_symbol(&e, ELF_TEXT, "", 0);
	elf_image_good(&e);
	e.sh[SH_SYMTAB].sh_link = 99;
	assert_symbol(&e, ELF_TEXT, "", 0);
	e.sh[SH_SYMTAB].sh_link = SH_SYMTAB;
	assert_symbol(&e, ELF_TEXT, "", 0);
}

TEST(symbol_names_without_end_are_ignored)
{
	struct elf_image e;

	elf_image_good(&e);
	memset(e.strings, 'x', sizeof(e.strings));
	assert_symbol(&e, ELF_TEXT, "", 0);
}

TEST(symbol_values_that_wrap_hold_nothing)
{
	struct elf_image e;

	elf_image_good(&e);
	e.sym[1].st_value = UINT64_MAX;
	e.sym[1].st_size = UINT64_MAX;
	assert_symbol(&e, ELF_TEXT, "", 0);
	e.sym[1].st_value = 1;
	assert_symbol(&e, ELF_TEXT, "start", ELF_TEXT - 1);
	/* The nearest start wins over it. */
	assert_symbol(&e, ELF_TEXT + 16, "middle", 0);
}

TEST(symbol_of_another_kind_is_none)
{
	struct elf_image e;

	elf_image_good(&e);
	e.sym[1].st_info = ELF64_ST_INFO(STB_LOCAL, STT_FILE);
	assert_symbol(&e, ELF_TEXT, "", 0);
	elf_image_good(&e);
	e.sym[1].st_shndx = SHN_ABS;
	assert_symbol(&e, ELF_TEXT, "", 0);
	e.sym[1].st_shndx = SHN_UNDEF;
	assert_symbol(&e, ELF_TEXT, "", 0);
}
