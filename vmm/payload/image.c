/* SPDX-License-Identifier: BSD-2-Clause */
/* image.c - see image.h.  Above 300 lines: it is the only user of libelf. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest-firmware/abi/layout.h"
#include "vmm/payload/image.h"
#include "vmm/payload/note.h"

struct error {
	char *text;
	size_t len;
};

static const char *fail(const struct error *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static const char *fail(const struct error *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->text, e->len, fmt, ap);
	va_end(ap);
	return e->text;
}

static const char *check_header(struct image *image, const struct error *e)
{
	GElf_Ehdr eh;

	if (image->file_len < SELFMAG ||
	    memcmp(image->file, ELFMAG, SELFMAG) != 0)
		return fail(e, "is not an ELF file");
	image->elf = elf_memory((char *)image->file, image->file_len);
	if (!image->elf || elf_kind(image->elf) != ELF_K_ELF ||
	    !gelf_getehdr(image->elf, &eh))
		return fail(e, "is not a readable ELF file: %s",
			    elf_errmsg(-1));
	if (gelf_getclass(image->elf) != ELFCLASS64)
		return fail(e, "is a 32-bit ELF file, wanted 64-bit");
	if (eh.e_machine != EM_X86_64 || eh.e_ident[EI_DATA] != ELFDATA2LSB)
		return fail(e,
			    "is for another machine (e_machine %u), wanted "
			    "x86-64",
			    eh.e_machine);
	if (eh.e_type != ET_EXEC)
		return fail(e,
			    "is not a static executable (e_type %u), "
			    "wanted ET_EXEC: link it as the payloads are",
			    eh.e_type);
	/* libelf would shorten a table that ends outside of the file. */
	if (eh.e_phentsize != sizeof(Elf64_Phdr) ||
	    eh.e_phoff > image->file_len ||
	    eh.e_phnum * sizeof(Elf64_Phdr) > image->file_len - eh.e_phoff)
		return fail(e, "has its program headers outside of the file");
	image->entry = eh.e_entry;
	return NULL;
}

static const char *check_segment(const struct image *image, const GElf_Phdr *ph,
				 const struct error *e)
{
	if (ph->p_offset > image->file_len ||
	    ph->p_filesz > image->file_len - ph->p_offset)
		return fail(e,
			    "is cut short: a segment wants bytes up to "
			    "%#jx, the file has %#zx",
			    (uintmax_t)(ph->p_offset + ph->p_filesz),
			    image->file_len);
	if (ph->p_filesz > ph->p_memsz)
		return fail(e, "has a segment with more bytes in the file "
			       "than in memory");
	if (ph->p_paddr < LAYOUT_IMAGE || ph->p_paddr > LAYOUT_IMAGE_MAX ||
	    ph->p_memsz > LAYOUT_IMAGE_MAX - ph->p_paddr)
		return fail(e,
			    "has a segment at %#jx+%#jx, wanted inside "
			    "%#x..%#x",
			    (uintmax_t)ph->p_paddr, (uintmax_t)ph->p_memsz,
			    LAYOUT_IMAGE, LAYOUT_IMAGE_MAX);
	if (ph->p_paddr % PAGE_LEN != 0 || ph->p_vaddr != ph->p_paddr)
		return fail(e,
			    "has a segment at %#jx that is not page-aligned "
			    "or not identity-mapped",
			    (uintmax_t)ph->p_paddr);
	if ((ph->p_flags & (PF_W | PF_X)) == (PF_W | PF_X))
		return fail(e, "has a segment that is writable and executable");
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segments[i];

		if (ph->p_paddr < s->gpa + s->mem_len &&
		    s->gpa < ph->p_paddr + ph->p_memsz)
			return fail(e,
				    "has overlapping segments at %#jx and "
				    "%#jx",
				    (uintmax_t)s->gpa, (uintmax_t)ph->p_paddr);
	}
	if (image->nr_segments == LOADER_MAX_SEGMENTS)
		return fail(e, "has more than %u segments",
			    LOADER_MAX_SEGMENTS);
	return NULL;
}

static void add_segment(struct image *image, const GElf_Phdr *ph)
{
	gpa_t end = (ph->p_paddr + ph->p_memsz + PAGE_LEN - 1) &
		    ~(gpa_t)(PAGE_LEN - 1);

	image->segments[image->nr_segments++] = (struct segment){
		.gpa = ph->p_paddr,
		.file_len = ph->p_filesz,
		.mem_len = ph->p_memsz,
		.data = image->file + ph->p_offset,
		.flags = (ph->p_flags & PF_R ? SEGMENT_READ : 0u) |
			 (ph->p_flags & PF_W ? SEGMENT_WRITE : 0u) |
			 (ph->p_flags & PF_X ? SEGMENT_EXEC : 0u),
	};
	if (end > image->end)
		image->end = end;
}

static void take_metric(struct image *image, const void *desc, size_t len)
{
	if (len != sizeof(struct metric_desc) ||
	    image->nr_metrics == IMAGE_MAX_NAMES)
		image->bad_metrics = true;
	else
		memcpy(&image->metrics[image->nr_metrics++], desc, len);
}

/*
 * Ours, of a segment.  A payload's that is too short to say its version, or
 * that has not the length of this version, becomes one that note_check()
 * refuses.
 */
static void take_notes(struct image *image, const GElf_Phdr *ph)
{
	Elf_Data *data;
	size_t at = 0, name, desc;
	GElf_Nhdr nh;

	if (ph->p_offset > image->file_len ||
	    ph->p_filesz > image->file_len - ph->p_offset)
		return;
	data = elf_getdata_rawchunk(image->elf, (int64_t)ph->p_offset,
				    ph->p_filesz, ELF_T_NHDR);
	while (data && (at = gelf_getnote(data, at, &nh, &name, &desc)) > 0) {
		const char *bytes = data->d_buf;

		if (nh.n_namesz != sizeof(PAYLOAD_NOTE_NAME) ||
		    memcmp(bytes + name, PAYLOAD_NOTE_NAME, nh.n_namesz) != 0)
			continue;
		if (nh.n_type == METRIC_NOTE_TYPE)
			take_metric(image, bytes + desc, nh.n_descsz);
		if (nh.n_type != PAYLOAD_NOTE_TYPE || image->noted)
			continue;
		image->noted = true;
		image->note_len = nh.n_descsz;
		memcpy(&image->note, bytes + desc,
		       nh.n_descsz < sizeof(image->note) ? nh.n_descsz
							 : sizeof(image->note));
	}
}

static const char *take_program_headers(struct image *image,
					const struct error *e)
{
	size_t nr;
	GElf_Phdr ph;
	const char *wrong;

	if (elf_getphdrnum(image->elf, &nr) != 0)
		return fail(e, "has broken program headers: %s",
			    elf_errmsg(-1));
	for (size_t i = 0; i < nr; i++) {
		if (!gelf_getphdr(image->elf, (int)i, &ph))
			return fail(e, "has broken program headers: %s",
				    elf_errmsg(-1));
		if (ph.p_type == PT_NOTE)
			take_notes(image, &ph);
		if (ph.p_type != PT_LOAD || ph.p_memsz == 0)
			continue;
		wrong = check_segment(image, &ph, e);
		if (wrong)
			return wrong;
		add_segment(image, &ph);
	}
	if (!image->noted)
		return fail(e, "has no latvisor note, so it is no payload: "
			       "build it with PAYLOAD()");
	if (image->note_len < sizeof(uint32_t) ||
	    (image->note.abi_version == ABI_VERSION &&
	     image->note_len != sizeof(image->note)))
		return fail(e,
			    "has a note of %zu bytes, ABI version %u wants "
			    "%zu: build the payload and the program from "
			    "one tree",
			    image->note_len, ABI_VERSION, sizeof(image->note));
	return NULL;
}

static const char *check_metrics(const struct image *image,
				 const struct error *e)
{
	bool ok = !image->bad_metrics;

	for (unsigned int i = 0; i < image->nr_metrics; i++)
		ok = ok && note_metric_ok(&image->metrics[i]);
	return ok ? NULL
		  : fail(e, "has a note with a broken metric, or more than %u",
			 IMAGE_MAX_NAMES);
}

static const char *check_entry(const struct image *image, const struct error *e)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segments[i];

		if (s->flags & SEGMENT_EXEC && image->entry >= s->gpa &&
		    image->entry - s->gpa < s->file_len)
			return NULL;
	}
	return fail(e, "starts at %#jx, which is in no executable segment",
		    (uintmax_t)image->entry);
}

const char *image_parse(struct image *image, unsigned char *file, size_t len,
			char *error, size_t error_len)
{
	const struct error e = {.text = error, .len = error_len};
	const char *wrong;

	memset(image, 0, sizeof(*image));
	image->file = file;
	image->file_len = len;
	elf_version(EV_CURRENT);
	wrong = check_header(image, &e);
	if (!wrong)
		wrong = take_program_headers(image, &e);
	if (!wrong)
		wrong = note_check(&image->note, error, error_len);
	if (!wrong)
		wrong = check_metrics(image, &e);
	if (!wrong)
		wrong = check_entry(image, &e);
	if (wrong)
		image_close(image);
	return wrong;
}

static unsigned char *read_file(const char *path, size_t *len,
				const struct error *e)
{
	unsigned char *file = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	size_t at = 0;

	if (fd < 0 || fstat(fd, &st) != 0) {
		fail(e, "cannot be opened: %s", strerror(errno));
		goto out;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > LOADER_FILE_MAX) {
		fail(e, "is not a regular file of at most %u MiB",
		     LOADER_FILE_MAX >> 20);
		goto out;
	}
	*len = (size_t)st.st_size;
	file = malloc(*len + 1);
	while (file && at < *len) {
		ssize_t got = read(fd, file + at, *len - at);

		if (got <= 0) {
			fail(e, "cannot be read: %s",
			     got < 0 ? strerror(errno) : "it got shorter");
			free(file);
			file = NULL;
			break;
		}
		at += (size_t)got;
	}
out:
	if (fd >= 0)
		close(fd);
	return file;
}

const char *image_open(struct image *image, const char *path, char *error,
		       size_t error_len)
{
	const struct error e = {.text = error, .len = error_len};
	size_t len = 0;
	unsigned char *file;

	fail(&e, "cannot be read: out of memory");
	file = read_file(path, &len, &e);
	return file ? image_parse(image, file, len, error, error_len) : error;
}

void image_close(struct image *image)
{
	if (image->elf)
		elf_end(image->elf);
	free(image->file);
	memset(image, 0, sizeof(*image));
}

static bool symbol_holds(const GElf_Sym *sym, uint64_t gpa)
{
	unsigned char type = GELF_ST_TYPE(sym->st_info);

	if (sym->st_shndx == SHN_UNDEF || sym->st_shndx == SHN_ABS)
		return false;
	if (type != STT_FUNC && type != STT_OBJECT && type != STT_NOTYPE)
		return false;
	return gpa >= sym->st_value &&
	       (sym->st_size == 0 || gpa - sym->st_value < sym->st_size);
}

const char *image_symbol(const struct image *image, uint64_t gpa,
			 uint64_t *offset)
{
	const char *best = NULL;
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	GElf_Sym sym;

	while ((scn = elf_nextscn(image->elf, scn)) != NULL) {
		Elf_Data *data;

		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(scn, NULL);
		for (int i = 0; data && gelf_getsym(data, i, &sym); i++) {
			const char *name;

			if (!symbol_holds(&sym, gpa) || gpa >= image->end)
				continue;
			name = elf_strptr(image->elf, sh.sh_link, sym.st_name);
			if (!name || *name == '\0')
				continue;
			/* The nearest start wins: labels have no size. */
			if (best && gpa - sym.st_value >= *offset)
				continue;
			best = name;
			*offset = gpa - sym.st_value;
		}
	}
	return best;
}

const struct metric_desc *image_metric(const struct image *image,
				       const char *name)
{
	for (unsigned int i = 0; i < image->nr_metrics; i++)
		if (strcmp(image->metrics[i].name, name) == 0)
			return &image->metrics[i];
	return NULL;
}
