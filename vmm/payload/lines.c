/* SPDX-License-Identifier: BSD-2-Clause */
/* lines.c - see lines.h. */
#include <elfutils/libdw.h> /* and libelf, over which it is */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/payload/lines.h"

#define NUMBER_LEN 16 /* of ":2147483647" and a NUL */

struct lines {
	Dwarf *dwarf;
	size_t nr, room, rows;
	Dwarf_Die *units; /* nr that have lines */
};

/*
 * What libdw would unpack, and where it would look for another file, is not
 * read: the one may have any size, the other be anything.
 */
static bool section_ok(const char *name, const GElf_Shdr *sh)
{
	uint64_t most = strcmp(name, ".debug_line") == 0 ? LINES_MOST_BYTES
							 : LINES_MOST_INFO;

	if (strncmp(name, ".zdebug", 7) == 0 ||
	    strcmp(name, ".gnu_debugaltlink") == 0)
		return false;
	if (strncmp(name, ".debug_", 7) != 0)
		return true;
	return !(sh->sh_flags & SHF_COMPRESSED) && sh->sh_size <= most;
}

/* It has lines, and nothing that is not to be read. */
static bool sections_ok(Elf *elf)
{
	Elf_Scn *scn = NULL;
	bool there = false;
	size_t names = 0;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return false;
	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		const char *name;
		GElf_Shdr sh;

		if (!gelf_getshdr(scn, &sh))
			return false;
		name = elf_strptr(elf, names, sh.sh_name);
		if (!name)
			continue;
		if (!section_ok(name, &sh))
			return false;
		there |= strcmp(name, ".debug_line") == 0;
	}
	return there;
}

static void add_unit(struct lines *l, const Dwarf_Die *unit)
{
	if (l->nr == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		l->units = reallocarray(l->units, l->room, sizeof(*l->units));
		if (!l->units)
			die_errno("no memory for a payload's source lines");
	}
	l->units[l->nr++] = *unit;
}

static void read_units(struct lines *l)
{
	Dwarf_Off at = 0, next;
	size_t header, seen = 0;

	while (seen++ < LINES_MOST_UNITS && l->rows < LINES_MOST_ROWS &&
	       dwarf_nextcu(l->dwarf, at, &next, &header, NULL, NULL, NULL) ==
		       0) {
		Dwarf_Lines *rows;
		Dwarf_Die unit;
		size_t nr;

		if (dwarf_offdie(l->dwarf, at + header, &unit) &&
		    dwarf_getsrclines(&unit, &rows, &nr) == 0 && nr) {
			l->rows += nr;
			add_unit(l, &unit);
		}
		at = next;
	}
}

struct lines *lines_open(const struct image *image)
{
	struct lines *l;
	Dwarf *dwarf;

	if (!image->elf || !sections_ok(image->elf))
		return NULL;
	dwarf = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
	if (!dwarf)
		return NULL;
	l = calloc(1, sizeof(*l));
	if (!l)
		die_errno("no memory for a payload's source lines");
	l->dwarf = dwarf;
	read_units(l);
	return l;
}

/* The path as it was compiled, without "./"; its end, where it is long. */
static void show(const char *path, int line, char text[LINES_TEXT_LEN])
{
	const size_t most = LINES_TEXT_LEN - NUMBER_LEN;
	size_t len = strlen(path), at;

	while (strncmp(path, "./", 2) == 0)
		path += 2, len -= 2;
	if (len > most)
		path += len - most;
	text_copy(text, most + 1, path, most);
	at = strlen(text);
	snprintf(text + at, LINES_TEXT_LEN - at, ":%d", line);
}

bool lines_find(struct lines *l, uint64_t gpa, char text[LINES_TEXT_LEN])
{
	text[0] = '\0';
	for (size_t i = 0; i < l->nr; i++) {
		Dwarf_Line *line = dwarf_getsrc_die(&l->units[i], gpa);
		const char *path =
			line ? dwarf_linesrc(line, NULL, NULL) : NULL;
		int nr = 0;

		/* Line 0 is of no line: DWARF 5, 6.2.2. */
		if (!path || dwarf_lineno(line, &nr) != 0 || nr <= 0)
			continue;
		show(path, nr, text);
		return true;
	}
	return false;
}

void lines_close(struct lines *l)
{
	if (!l)
		return;
	dwarf_end(l->dwarf);
	free(l->units);
	free(l);
}
