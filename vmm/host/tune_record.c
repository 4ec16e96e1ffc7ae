/* SPDX-License-Identifier: BSD-2-Clause */
/* tune_record.c - see tune_record.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/host/tune_record.h"

#define SUM_DIGITS   16
#define MOST_WORDS   6
#define MOST_ENTRIES 65536
#define NONE	     "%"
/* FNV-1a: it finds what was mutilated, not who did it. */
#define FNV_BASIS 0xcbf29ce484222325ull
#define FNV_PRIME 0x100000001b3ull

static const char *const ops[] = {
	[KNOB_SET] = "set", [KNOB_MAKE] = "make", [KNOB_PUT] = "put"};
#define NR_OPS (sizeof(ops) / sizeof(*ops))

uint64_t tune_record_sum(uint64_t sum, const char *record, size_t len)
{
	sum ^= FNV_BASIS;
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)record[i]) * FNV_PRIME;
	return sum;
}

static bool is_plain(char c)
{
	return isalnum((unsigned char)c) || strchr("_-.,:;=+/", c);
}

void tune_record_word(const char *text, char word[TUNE_LINE_LEN])
{
	size_t at = 0;

	snprintf(word, TUNE_LINE_LEN, "%s", *text ? "" : NONE);
	for (; *text && at < TUNE_LINE_LEN - 4; text++)
		at += (size_t)sprintf(word + at,
				      is_plain(*text) ? "%c" : "%%%02X",
				      (unsigned char)*text);
}

static int digit(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* In place; false: it is no such word. */
static bool to_text(char *word, size_t most)
{
	char *to = word;

	if (!*word)
		return false;
	if (strcmp(word, NONE) == 0)
		word++;
	for (; *word; word++) {
		if (*word == '%') {
			int high = digit(word[1]);
			int low = high < 0 ? -1 : digit(word[2]);

			if (low < 0)
				return false;
			*to = (char)(16 * high + low);
			if (*to++ == '\0')
				return false;
			word += 2;
		} else if (is_plain(*word)) {
			*to++ = *word;
		} else {
			return false;
		}
		if (--most == 0)
			return false;
	}
	*to = '\0';
	return true;
}

int tune_record_change(const struct knob *knob, const struct knob_file *file,
		       const char *path, const char *old, const char *value,
		       char record[TUNE_LINE_LEN])
{
	char word[TUNE_LINE_LEN];
	const char *const texts[] = {path, old, value};
	size_t at = (size_t)snprintf(record, TUNE_LINE_LEN, "%s %s",
				     ops[file->op], knob->name);

	for (size_t i = 0; i < 3; i++) {
		tune_record_word(texts[i], word);
		if (at + strlen(word) + SUM_DIGITS + 4 > TUNE_LINE_LEN)
			return -EMSGSIZE;
		at += (size_t)snprintf(record + at, TUNE_LINE_LEN - at, " %s",
				       word);
	}
	return 0;
}

static char *copy_of(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		die_errno("no memory for a journal");
	return copy;
}

void tune_entry_add(struct tune_records *r, const struct knob *knob,
		    const struct knob_file *file, const char *path,
		    const char *old, const char *value)
{
	if (r->nr == r->room) {
		r->room = r->room ? 2 * r->room : 64;
		r->list = reallocarray(r->list, r->room, sizeof(*r->list));
		if (!r->list)
			die_errno("no memory for a journal");
	}
	r->list[r->nr++] = (struct tune_entry){
		.knob = knob,
		.file = file,
		.path = copy_of(path),
		.old = copy_of(old),
		.value = copy_of(value),
	};
}

void tune_entry_end(struct tune_entry *e, const char *became)
{
	e->state = became ? TUNE_DID : TUNE_NOT;
	if (became)
		e->became = copy_of(became);
}

bool tune_entry_undo(struct tune_records *r, size_t nr)
{
	if (nr >= r->nr || r->list[nr].state == TUNE_NOT ||
	    r->list[nr].state == TUNE_UNDONE)
		return false;
	for (size_t i = 0; i < r->nr; i++)
		if (r->list[i].state == TUNE_UNDOING)
			r->list[i].state = TUNE_UNDONE;
	r->list[nr].state = TUNE_UNDOING;
	r->is_undoing = true;
	return true;
}

void tune_entries_free(struct tune_records *r)
{
	for (size_t i = 0; i < r->nr; i++) {
		free(r->list[i].path);
		free(r->list[i].old);
		free(r->list[i].value);
		free(r->list[i].became);
	}
	free(r->list);
	r->list = NULL;
	r->nr = r->room = 0;
}

/* Parts a line at its blanks; how many words, MOST_WORDS + 1 for more. */
static size_t split(char *line, char *words[MOST_WORDS])
{
	size_t nr = 0;

	while (line && nr < MOST_WORDS) {
		words[nr++] = strsep(&line, " ");
	}
	return line ? MOST_WORDS + 1 : nr;
}

/* "op KNOB PATH OLD VALUE": NULL, or what is wrong. */
static const char *read_change(struct tune_records *r, char *words[], size_t nr)
{
	const struct knob *knob = nr == 5 ? knob_find(words[1]) : NULL;
	const struct knob_file *file;

	if (!knob)
		return "has a knob that this program has not";
	if (r->nr == MOST_ENTRIES)
		return "has too many changes";
	if (r->is_undoing)
		return "goes on after it was undone";
	if (r->nr && r->list[r->nr - 1].state == TUNE_BEGUN)
		return "has a change within another";
	if (!to_text(words[2], CHECK_PATH_LEN) ||
	    !to_text(words[3], KNOB_VALUE_LEN) ||
	    !to_text(words[4], KNOB_VALUE_LEN))
		return "has a word that is none";
	file = knob_owns(knob, words[2]);
	if (!file || file->op >= NR_OPS || strcmp(ops[file->op], words[0]) != 0)
		return "names a file that its knob does not change";
	tune_entry_add(r, knob, file, words[2], words[3], words[4]);
	return NULL;
}

static const char *read_end(struct tune_records *r, char *words[], size_t nr)
{
	struct tune_entry *last = r->nr ? &r->list[r->nr - 1] : NULL;
	bool did = strcmp(words[0], "did") == 0;

	if (!last || last->state != TUNE_BEGUN || nr != (did ? 2 : 1) ||
	    (did && !to_text(words[1], KNOB_VALUE_LEN)))
		return "ends a change that it did not begin";
	tune_entry_end(last, did ? words[1] : NULL);
	return NULL;
}

static const char *read_undo(struct tune_records *r, char *words[], size_t nr)
{
	unsigned long long which = SIZE_MAX;
	char *end = NULL;

	if (nr == 2)
		which = strtoull(words[1], &end, 10);
	if (!end || *end || !tune_entry_undo(r, (size_t)which))
		return "undoes a change that it did not make";
	return NULL;
}

static const char *read_head(struct tune_records *r, const char *boot,
			     char *words[], size_t nr)
{
	char head[sizeof(TUNE_HEAD)];

	if (nr != 4)
		return "is no journal";
	snprintf(head, sizeof(head), "%s %s", words[0], words[1]);
	if (strcmp(head, TUNE_HEAD) != 0 || !to_text(words[2], TUNE_BOOT_LEN))
		return "is no journal of this version";
	r->is_of_boot = strcmp(words[2], boot) == 0;
	return NULL;
}

/* A line without its end; the sum has to be right before anything else is. */
static const char *read_line(struct tune_records *r, const char *boot,
			     char *line, bool is_first)
{
	char *words[MOST_WORDS], sum[SUM_DIGITS + 1];
	size_t nr;

	if (strlen(line) < SUM_DIGITS + 2 || line[SUM_DIGITS] != ' ')
		return "is no journal";
	r->sum = tune_record_sum(r->sum, line + SUM_DIGITS + 1,
				 strlen(line + SUM_DIGITS + 1));
	snprintf(sum, sizeof(sum), TUNE_SUM, r->sum);
	if (strncmp(line, sum, SUM_DIGITS) != 0)
		return "is mutilated";
	nr = split(line + SUM_DIGITS + 1, words);
	if (is_first)
		return read_head(r, boot, words, nr);
	if (strcmp(words[0], "did") == 0 || strcmp(words[0], "not") == 0)
		return read_end(r, words, nr);
	if (strcmp(words[0], "undo") == 0)
		return read_undo(r, words, nr);
	return read_change(r, words, nr);
}

const char *tune_records_read(struct tune_records *r, const char *boot,
			      char *text, size_t len)
{
	bool is_first = true;
	char *line = text, *end;

	r->sum = 0;
	r->len = 0;
	if (memchr(text, '\0', len))
		return "is no text";
	while ((end = strchr(line, '\n')) != NULL) {
		const char *wrong;

		*end = '\0';
		wrong = read_line(r, boot, line, is_first);
		if (wrong)
			return wrong;
		is_first = false;
		line = end + 1;
		r->len = (size_t)(line - text);
	}
	return NULL;
}
