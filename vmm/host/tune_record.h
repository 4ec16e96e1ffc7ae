/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tune_record.h - the records of a journal (tune_journal.h), as text: a line
 * each, with a sum over all before it:
 *
 *	SUM latvisor-tune 1 BOOT_ID PID
 *	SUM set|make|put KNOB PATH OLD VALUE	it is about to be changed
 *	SUM did VALUE				it was, and the kernel has that
 *	SUM not					the kernel refused
 *	SUM undo N				change N, from 0, is about to be
 *						undone, the former one is
 *
 * Words have no blank in them: other bytes than plain ones are %XX, and none at
 * all is "%".  A last line without its end was never acted upon.
 */
#ifndef VMM_HOST_TUNE_RECORD_H
#define VMM_HOST_TUNE_RECORD_H

#include <inttypes.h>

#include "vmm/host/knob.h"

#define TUNE_HEAD	  "latvisor-tune 1"
#define TUNE_SUM	  "%016" PRIx64
#define TUNE_BOOT_LEN	  64
#define TUNE_LINE_LEN	  (3 * (2 * KNOB_VALUE_LEN + CHECK_PATH_LEN) + 128)
#define TUNE_JOURNAL_MOST (32 << 20) /* bytes */

enum tune_state {
	TUNE_BEGUN, /* the process ended, or is, between two records */
	TUNE_DID,
	TUNE_NOT,
	TUNE_UNDOING, /* or it is between two of these */
	TUNE_UNDONE
};

struct tune_entry {
	const struct knob *knob;
	const struct knob_file *file;
	enum tune_state state;
	char *path, *old, *value;
	char *became; /* of TUNE_DID; NULL: it is what was wanted */
};

struct tune_records {
	uint64_t sum;
	size_t len;	 /* bytes of whole lines */
	bool is_of_boot; /* of this one; else its values are gone */
	bool is_undoing; /* nothing is added any more */
	struct tune_entry *list;
	size_t nr, room;
};

/* Goes on with a sum over one more record. */
uint64_t tune_record_sum(uint64_t sum, const char *record, size_t len);

/* A word of any text, cut to TUNE_LINE_LEN. */
void tune_record_word(const char *text, char word[TUNE_LINE_LEN]);

/* 0, or -EMSGSIZE. */
int tune_record_change(const struct knob *knob, const struct knob_file *file,
		       const char *path, const char *old, const char *value,
		       char record[TUNE_LINE_LEN]);

/* All records of a file into r; boot: of this one.  NULL, or what is wrong. */
const char *tune_records_read(struct tune_records *r, const char *boot,
			      char *text, size_t len);

void tune_entry_add(struct tune_records *r, const struct knob *knob,
		    const struct knob_file *file, const char *path,
		    const char *old, const char *value);
void tune_entry_end(struct tune_entry *e, const char *became);
/* Change nr is being undone, the one before it was.  False: there is none, or
 * it is undone. */
bool tune_entry_undo(struct tune_records *r, size_t nr);
void tune_entries_free(struct tune_records *r);

#endif
