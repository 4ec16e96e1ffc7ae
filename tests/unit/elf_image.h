/* SPDX-License-Identifier: BSD-2-Clause */
/* elf_image.h - a payload's ELF file made in memory, for tests to break. */
#ifndef UNIT_ELF_IMAGE_H
#define UNIT_ELF_IMAGE_H

#include <elf.h>
#include <stddef.h>

#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/payload.h"
#include "vmm/payload/image.h"

#define ELF_MAX_PHDRS 12
#define ELF_NR_SYMS   6

/* Program headers of a good image, in this order. */
enum {
	PH_TEXT,
	PH_RODATA,
	PH_DATA, /* bss: nothing in the file */
	PH_NOTE,
	NR_GOOD_PHDRS,
};

/* Sections of a good image, in this order. */
enum {
	SH_NULL,
	SH_SYMTAB,
	SH_STRTAB,
	NR_SECTIONS,
};

#define ELF_TEXT   LAYOUT_IMAGE
#define ELF_RODATA (LAYOUT_IMAGE + 0x1000)
#define ELF_DATA   (LAYOUT_IMAGE + 0x2000)

struct elf_image {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[ELF_MAX_PHDRS];
	struct {
		Elf64_Nhdr nh;
		char name[12];
		struct payload_note desc;
	} note;
	/* Right behind it, and no part of the segment in a good image. */
	struct {
		Elf64_Nhdr nh;
		char name[12];
		struct metric_desc desc;
	} metrics[RESULT_MAX_METRICS + 1];
	Elf64_Shdr sh[NR_SECTIONS];
	Elf64_Sym sym[ELF_NR_SYMS];
	char strings[64];
	unsigned char text[64];
};

/* A file that the loader takes: code, constants, bss, a note, symbols. */
void elf_image_good(struct elf_image *e);

/*
 * image_parse() of the first len bytes, from a heap block of just that size,
 * so that the sanitizer sees a read behind it.
 */
const char *elf_image_parse(const void *bytes, size_t len, struct image *image,
			    char *error, size_t error_len);

/* The image is refused, and the sentence has text. */
void assert_refused(const struct elf_image *e, const char *text);

/* The image is taken. */
void assert_taken(const struct elf_image *e);

#endif
