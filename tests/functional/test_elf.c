/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_elf.c - files that are no payload, made from build/payloads/hello.elf,
 * are refused with one sentence and status 2 before there is a VM.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/payload.h"
#include "tests/functional/proc.h"
#include "tests/functional/results.h"

struct elf {
	unsigned char *file;
	size_t len;
	Elf64_Ehdr *eh;
	Elf64_Phdr *ph;		   /* text, rodata, data, note */
	struct payload_note *note; /* in the file */
};

enum {
	TEXT,
	RODATA,
	DATA,
	NOTE
};

static void elf_read(struct elf *e)
{
	int fd = open(built("payloads/hello.elf"), O_RDONLY | O_CLOEXEC);

	must(fd >= 0, "no %s", built("payloads/hello.elf"));
	e->file = (unsigned char *)proc_read(fd, &e->len);
	e->eh = (Elf64_Ehdr *)e->file;
	e->ph = (Elf64_Phdr *)(e->file + e->eh->e_phoff);
	assert_int_equal(e->eh->e_phnum, 4);
	assert_int_equal(e->ph[NOTE].p_type, PT_NOTE);
	/* namesz, descsz, type, "latvisor" and its padding: 24 bytes. */
	e->note = (struct payload_note *)(e->file + e->ph[NOTE].p_offset + 24);
	assert_string_equal(e->note->name, "hello");
}

static const char *elf_path(void)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp/latvisor-functional.%d.elf",
		 (int)getpid());
	return path;
}

/* limit: seconds; one that cannot hang has AMPLE_S. */
static void elf_run(const struct elf *e, size_t len, struct run *r,
		    const char *limit)
{
	int fd = open(elf_path(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0600);

	must(fd >= 0 && write(fd, e->file, len) == (ssize_t)len,
	     "cannot write %s", elf_path());
	close(fd);
	run_start(r, elf_path(), "--limit", limit, "-q", NULL);
	run_wait(r, PROC_SECONDS);
	unlink(elf_path());
}

/* One line: who, which file, what is wrong. */
static void must_refuse(const struct run *r, const char *why)
{
	const char *err = r->proc.err;

	must(r->proc.status == 2, "status %d, signal %d, wanted 2 (%s): %s",
	     r->proc.status, r->proc.signal, why, err);
	must(strncmp(err, "latvisor run: payload /tmp/", 27) == 0 &&
		     strchr(err, '\n') == err + r->proc.err_len - 1,
	     "not one sentence: %s", err);
	must(strstr(err, why), "wanted '%s' in: %s", why, err);
	must(!r->text, "there is a result");
	assert_int_equal(r->proc.out_len, 0);
}

struct mutation {
	const char *name;
	const char *why; /* in the message */
	void (*change)(struct elf *e);
};

static void mutation_is_refused(void **state)
{
	const struct mutation *m = *state;
	struct elf e;
	struct run r;

	test_begin();
	elf_read(&e);
	m->change(&e);
	elf_run(&e, e.len, &r, AMPLE_S);
	must_refuse(&r, m->why);
	run_free(&r);
	free(e.file);
}

#define MUTATION(what, text, code)                                          \
	static void what(struct elf *e)                                     \
	{                                                                   \
		code;                                                       \
	}                                                                   \
	static const struct mutation what##_mutation = {#what, text, what}; \
	static void what##_add(struct test_list *list)                      \
	{                                                                   \
		test_add(list, "elf_with_" #what "_is_refused",             \
			 mutation_is_refused,                               \
			 (void *)(uintptr_t)&what##_mutation);              \
	}                                                                   \
	TEST_FAMILY(what##_add)

#define PLACE(segment, gpa) \
	e->ph[segment].p_paddr = e->ph[segment].p_vaddr = (gpa)

MUTATION(another_magic, "is not an ELF", e->file[1] = 'e');
MUTATION(class_32, "is a 32-bit", e->eh->e_ident[EI_CLASS] = ELFCLASS32);
MUTATION(class_unknown, "", e->eh->e_ident[EI_CLASS] = 77);
MUTATION(big_endian, "", e->eh->e_ident[EI_DATA] = ELFDATA2MSB);
MUTATION(another_machine, "another machine", e->eh->e_machine = EM_AARCH64);
MUTATION(type_dyn, "not a static exec", e->eh->e_type = ET_DYN);
MUTATION(headers_far_away, "", e->eh->e_phoff = UINT64_MAX - 55);
MUTATION(too_many_headers, "", e->eh->e_phnum = 0xfffe);
MUTATION(no_headers, "no latvisor note", e->eh->e_phnum = 0);
MUTATION(entry_in_data, "in no executable",
	 e->eh->e_entry = e->ph[DATA].p_vaddr);
MUTATION(entry_nowhere, "in no executable", e->eh->e_entry = UINT64_MAX);
MUTATION(segment_below_ram, "wanted inside", PLACE(TEXT, 0x1000));
MUTATION(segment_in_the_boot_record, "wanted inside", PLACE(DATA, LAYOUT_BOOT));
MUTATION(segment_above_ram, "wanted inside", PLACE(DATA, LAYOUT_IMAGE_MAX));
MUTATION(segment_that_wraps, "wanted inside", PLACE(DATA, -0x1000ull));
MUTATION(segment_that_never_ends, "wanted inside",
	 e->ph[DATA].p_memsz = UINT64_MAX - 0x1000);
MUTATION(segment_of_4_gib, "wanted inside", e->ph[DATA].p_memsz = 1ull << 32);
MUTATION(segment_larger_in_the_file, "more bytes in the file",
	 e->ph[TEXT].p_memsz = e->ph[TEXT].p_filesz - 1);
MUTATION(segment_behind_the_file, "is cut short",
	 e->ph[DATA].p_offset = e->len + 1);
MUTATION(segment_offset_that_wraps, "is cut short",
	 e->ph[TEXT].p_offset = UINT64_MAX - 0xfff);
MUTATION(unaligned_segment, "page-aligned",
	 PLACE(DATA, LAYOUT_IMAGE + 0x80001));
MUTATION(segment_mapped_elsewhere, "identity-mapped",
	 e->ph[DATA].p_vaddr += 0x1000);
MUTATION(overlapping_segments, "overlapping", PLACE(DATA, e->ph[TEXT].p_paddr));
MUTATION(writable_code, "writable and executable", e->ph[TEXT].p_flags |= PF_W);
MUTATION(no_note, "no latvisor note", e->ph[NOTE].p_type = PT_NULL);
MUTATION(another_note, "no latvisor note", ((char *)e->note)[-12] = 'L');
MUTATION(note_outside_the_file, "", e->ph[NOTE].p_offset = e->len - 8);
MUTATION(note_too_short, "", ((uint32_t *)e->note)[-5] -= 4);
MUTATION(note_too_long, "", ((uint32_t *)e->note)[-5] = UINT32_MAX);
MUTATION(abi_1, "ABI version 1", e->note->abi_version = 1);
MUTATION(abi_0, "ABI version 0", e->note->abi_version = 0);
MUTATION(evil_name, "a broken name", e->note->name[0] = '\033');
MUTATION(endless_name, "a broken name",
	 memset(e->note->name, 'a', sizeof(e->note->name)));
MUTATION(evil_summary, "a broken summary", e->note->summary[3] = '\033');
MUTATION(too_many_vcpus, "number of vCPUs", e->note->max_vcpus = 65);
MUTATION(min_above_max, "number of vCPUs", e->note->min_vcpus = UINT32_MAX);
MUTATION(no_limit, "time limit", e->note->limit_ms = 0);
MUTATION(endless_limit, "time limit", e->note->limit_ms = UINT64_MAX);
MUTATION(too_many_histograms, "histograms", e->note->hists = UINT64_MAX / 2);
MUTATION(too_many_per_vcpu, "histograms", e->note->hists_per_vcpu = 1 << 20);
MUTATION(half_a_lazy_page, "lazy memory", e->note->lazy_len = 2048);
MUTATION(too_much_lazy_memory, "lazy memory",
	 e->note->lazy_len = UINT64_MAX & ~4095ull);
MUTATION(unknown_parameter_kind, "a broken parameter",
	 e->note->params[0].kind = 99);
MUTATION(parameter_after_the_end, "a broken parameter",
	 e->note->params[5].kind = PARAM_U64);

TEST(elf_cut_anywhere_in_its_segments_is_refused)
{
	size_t end = 0, step;
	struct elf e;
	struct run r;

	elf_read(&e);
	for (int i = 0; i < 4; i++)
		if (e.ph[i].p_offset + e.ph[i].p_filesz > end)
			end = e.ph[i].p_offset + e.ph[i].p_filesz;
	step = end / 40;
	for (size_t len = 0; len < end; len += len < 70 ? 9 : step) {
		elf_run(&e, len, &r, AMPLE_S);
		must_refuse(&r, "");
		run_free(&r);
	}
	elf_run(&e, end - 1, &r, AMPLE_S);
	must_refuse(&r, "cut short");
	run_free(&r);
	free(e.file);
}

/* What follows the segments is for people: it may be cut, or refused. */
TEST(elf_without_its_symbols_runs_or_is_refused)
{
	struct elf e;
	struct run r;

	elf_read(&e);
	for (int i = 1; i <= 8; i++) {
		elf_run(&e, e.len - (size_t)i * 1000, &r, AMPLE_S);
		if (r.proc.status == 0)
			must_pass(&r);
		else
			must_refuse(&r, "");
		run_free(&r);
	}
	free(e.file);
}

TEST(elf_as_it_was_built_runs)
{
	struct elf e;
	struct run r;

	elf_read(&e);
	elf_run(&e, e.len, &r, AMPLE_S);
	must_pass(&r);
	run_free(&r);
	free(e.file);
}

/* Whatever the headers and the note say, the program ends by itself. */
TEST(elf_with_random_headers_never_ends_the_program)
{
	uint64_t random = 88172645463325252ull;
	struct elf e;
	struct run r;

	for (int i = 0; i < 120; i++) {
		size_t at;

		elf_read(&e);
		for (int k = 0; k < 1 + i % 4; k++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			at = random % 2 ? random / 2 % 288
					: (size_t)((unsigned char *)e.note -
						   e.file) -
						  24 + random / 2 % 280;
			e.file[at] = (unsigned char)(random >> 40);
		}
		elf_run(&e, e.len, &r, "0.3");
		must(!r.proc.killed && r.proc.signal == 0, "file %d: signal %d",
		     i, r.proc.signal);
		must(r.proc.status == 2 || status_verdict(r.proc.status),
		     "file %d: status %d", i, r.proc.status);
		run_free(&r);
		free(e.file);
	}
}
