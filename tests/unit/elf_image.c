/* SPDX-License-Identifier: BSD-2-Clause */
/* elf_image.c - see elf_image.h: the good one, for the fuzzers too. */
#include <string.h>

#include "guest-firmware/abi/boot.h"
#include "tests/unit/elf_image.h"

static const char strings[] = "\0start\0middle\0label\0table";

static void good_header(struct elf_image *e)
{
	e->eh = (Elf64_Ehdr){
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			    ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = ELF_TEXT + 16,
		.e_phoff = offsetof(struct elf_image, ph),
		.e_shoff = offsetof(struct elf_image, sh),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = NR_GOOD_PHDRS,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = NR_SECTIONS,
	};
}

static Elf64_Phdr segment(uint64_t gpa, unsigned int flags, size_t offset,
			  uint64_t file_len, uint64_t mem_len)
{
	return (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = flags,
		.p_offset = offset,
		.p_vaddr = gpa,
		.p_paddr = gpa,
		.p_filesz = file_len,
		.p_memsz = mem_len,
		.p_align = 4096,
	};
}

static void good_segments(struct elf_image *e)
{
	e->ph[PH_TEXT] =
		segment(ELF_TEXT, PF_R | PF_X, offsetof(struct elf_image, text),
			sizeof(e->text), sizeof(e->text));
	e->ph[PH_RODATA] =
		segment(ELF_RODATA, PF_R, offsetof(struct elf_image, note),
			sizeof(e->note), sizeof(e->note));
	e->ph[PH_DATA] = segment(ELF_DATA, PF_R | PF_W, 0, 0, 0x1800);
	e->ph[PH_NOTE] = e->ph[PH_RODATA];
	e->ph[PH_NOTE].p_type = PT_NOTE;
	e->ph[PH_NOTE].p_align = 4;
}

static void good_note(struct elf_image *e)
{
	e->note.nh = (Elf64_Nhdr){
		.n_namesz = sizeof(PAYLOAD_NOTE_NAME),
		.n_descsz = sizeof(e->note.desc),
		.n_type = PAYLOAD_NOTE_TYPE,
	};
	memcpy(e->note.name, PAYLOAD_NOTE_NAME, sizeof(PAYLOAD_NOTE_NAME));
	e->note.desc = (struct payload_note){
		.abi_version = ABI_VERSION,
		.name = "made",
		.summary = "made by a test",
		.max_vcpus = 2,
		.limit_ms = 1000,
	};
}

static Elf64_Sym symbol(uint32_t name, int type, uint64_t value, uint64_t len)
{
	return (Elf64_Sym){
		.st_name = name,
		.st_info = ELF64_ST_INFO(STB_GLOBAL, type),
		.st_shndx = 1,
		.st_value = value,
		.st_size = len,
	};
}

static void good_symbols(struct elf_image *e)
{
	memcpy(e->strings, strings, sizeof(strings));
	e->sym[1] = symbol(1, STT_FUNC, ELF_TEXT, 16);
	e->sym[2] = symbol(7, STT_FUNC, ELF_TEXT + 16, 16);
	e->sym[3] = symbol(14, STT_NOTYPE, ELF_TEXT + 40, 0);
	e->sym[4] = symbol(20, STT_OBJECT, ELF_RODATA, 64);
	e->sh[SH_SYMTAB] = (Elf64_Shdr){
		.sh_type = SHT_SYMTAB,
		.sh_offset = offsetof(struct elf_image, sym),
		.sh_size = sizeof(e->sym),
		.sh_link = SH_STRTAB,
		.sh_info = 1,
		.sh_addralign = 8,
		.sh_entsize = sizeof(Elf64_Sym),
	};
	e->sh[SH_STRTAB] = (Elf64_Shdr){
		.sh_type = SHT_STRTAB,
		.sh_offset = offsetof(struct elf_image, strings),
		.sh_size = sizeof(e->strings),
		.sh_addralign = 1,
	};
}

void elf_image_good(struct elf_image *e)
{
	memset(e, 0, sizeof(*e));
	good_header(e);
	good_segments(e);
	good_note(e);
	good_symbols(e);
	memset(e->text, 0x90, sizeof(e->text));
}
