/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_symbols.c - any symbols and names in a payload that is good otherwise:
 * where a crash was is the nearest symbol before it, as a second reader of the
 * same bytes finds it.
 *
 * The first byte is the number of symbols, then come these, then their names.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/elf_image.h"

static struct elf_image good;

struct table {
	const Elf64_Sym *syms; /* may lie anywhere: read with memcpy() */
	size_t nr;
	const char *names;
	size_t names_len;
};

static struct table table_of(const uint8_t *data, size_t len)
{
	struct table t;

	t.nr = data[0];
	if (t.nr > (len - 1) / sizeof(Elf64_Sym))
		t.nr = (len - 1) / sizeof(Elf64_Sym);
	t.syms = (const void *)(data + 1);
	t.names = (const char *)data + 1 + t.nr * sizeof(Elf64_Sym);
	t.names_len = len - 1 - t.nr * sizeof(Elf64_Sym);
	return t;
}

static bool has_name(const struct table *t, uint32_t at)
{
	return at < t->names_len && t->names[at] != '\0' &&
	       memchr(t->names + at, '\0', t->names_len - at);
}

/* The offset from the nearest one, UINT64_MAX: there is none. */
static uint64_t nearest(const struct table *t, uint64_t gpa)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < t->nr; i++) {
		unsigned char type;
		Elf64_Sym s;

		memcpy(&s, (const char *)t->syms + i * sizeof(s), sizeof(s));
		type = ELF64_ST_TYPE(s.st_info);
		if (s.st_shndx == SHN_UNDEF || s.st_shndx == SHN_ABS ||
		    (type != STT_FUNC && type != STT_OBJECT &&
		     type != STT_NOTYPE) ||
		    s.st_value > gpa || !has_name(t, s.st_name) ||
		    (s.st_size && gpa - s.st_value >= s.st_size))
			continue;
		if (gpa - s.st_value < least)
			least = gpa - s.st_value;
	}
	return least;
}

static void check(const struct image *image, const struct table *t,
		  uint64_t gpa)
{
	uint64_t offset = 0, wanted = nearest(t, gpa);
	const char *name = image_symbol(image, gpa, &offset);
	const unsigned char *at = (const unsigned char *)name;

	must(!name == (wanted == UINT64_MAX || gpa >= image->end));
	if (!name)
		return;
	must(offset == wanted);
	must(at >= image->file && at < image->file + image->file_len);
	must(strlen(name) > 0 &&
	     at + strlen(name) < image->file + image->file_len);
}

/* At the borders of each symbol. */
static void check_borders(const struct image *image, const struct table *t)
{
	for (size_t i = 0; i < t->nr; i++) {
		Elf64_Sym s;

		memcpy(&s, (const char *)t->syms + i * sizeof(s), sizeof(s));
		check(image, t, s.st_value - 1);
		check(image, t, s.st_value);
		check(image, t, s.st_value + s.st_size - 1);
		check(image, t, s.st_value + s.st_size);
	}
}

static unsigned char *file_new(const struct table *t)
{
	size_t syms_len = t->nr * sizeof(Elf64_Sym);
	unsigned char *file = malloc(sizeof(good) + syms_len + t->names_len);

	if (!file)
		return NULL;
	if (!good.eh.e_phnum)
		elf_image_good(&good);
	good.sh[SH_SYMTAB].sh_offset = sizeof(good);
	good.sh[SH_SYMTAB].sh_size = syms_len;
	good.sh[SH_STRTAB].sh_offset = sizeof(good) + syms_len;
	good.sh[SH_STRTAB].sh_size = t->names_len;
	memcpy(file, &good, sizeof(good));
	memcpy(file + sizeof(good), t->syms, syms_len + t->names_len);
	return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned char *file;
	struct image image;
	char error[256];
	struct table t;

	if (len == 0)
		return 0;
	t = table_of(data, len);
	file = file_new(&t);
	if (!file)
		return 0;
	must(!image_parse(&image, file,
			  sizeof(good) + t.nr * sizeof(Elf64_Sym) + t.names_len,
			  error, sizeof(error)));
	check(&image, &t, image.entry);
	check(&image, &t, ELF_TEXT);
	check(&image, &t, ELF_TEXT + 50);
	check(&image, &t, ELF_RODATA + 63);
	check(&image, &t, image.end - 1);
	check(&image, &t, image.end);
	check(&image, &t, UINT64_MAX);
	check_borders(&image, &t);
	image_close(&image);
	return 0;
}
