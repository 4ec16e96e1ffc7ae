/* SPDX-License-Identifier: BSD-2-Clause */
/* wrap.h - paragraphs as wide as a terminal. */
#ifndef VMM_REPORT_WRAP_H
#define VMM_REPORT_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TEXT_WIDTH 79

/*
 * A paragraph: words to the width, every line indented.  label: in front of the
 * first line; one that is as long or longer and ends in no space gets one.  A
 * command's lines but the last end with " \". out: NULL: only counts.  How many
 * lines.
 */
unsigned int text_wrap(FILE *out, size_t indent, const char *label,
		       const char *text, bool is_command);

/*
 * Text that is printed piece by piece, and then stands as a paragraph: its
 * first word where it is, all later lines indented.
 */
struct paragraph {
	char *text;
	size_t len;
};

/* What it is to be printed to; dies without memory. */
FILE *paragraph_begin(struct paragraph *p);
void paragraph_end(struct paragraph *p, FILE *from, FILE *out, size_t indent);

/* What mends something, each below TEXT_FIX_LEN; "": nothing. */
struct text_fixes {
	const char *run, *boot, *other;
};
#define TEXT_FIX_LEN 512

/* A paragraph of each that there is, as text_wrap().  How many lines. */
unsigned int text_fixes(FILE *out, size_t indent, const struct text_fixes *f);

#endif
