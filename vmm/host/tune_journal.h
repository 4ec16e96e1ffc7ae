/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tune_journal.h - what latvisor tune has changed, written down before it does:
 * whoever comes next restores it, however the first one ended.
 */
#ifndef VMM_HOST_TUNE_JOURNAL_H
#define VMM_HOST_TUNE_JOURNAL_H

#include <sys/types.h>

#include "vmm/host/tune_record.h"

#define TUNE_JOURNAL_FOLDER "run/latvisor"
#define TUNE_JOURNAL_FILE   "tune.journal"

struct tune_journal {
	const struct tree *tree;
	int dir, fd; /* -1: there is none */
	struct tune_records records;
};

enum tune_opened {
	TUNE_OPENED,
	TUNE_NO_JOURNAL, /* make was false */
	TUNE_IN_USE,	 /* of a tune that is on */
	TUNE_WRONG	 /* nobody acts upon it */
};

#define TUNE_SAID_LEN 512

/*
 * Opens it, alone, and reads what is in it.  make: a new one may be begun. Of
 * others than TUNE_OPENED nothing is open, and said is a phrase.
 */
enum tune_opened tune_journal_open(struct tune_journal *j,
				   const struct tree *tree, bool make,
				   char said[TUNE_SAID_LEN]);

/*
 * The next change, or what came of the last one (became: NULL: the kernel
 * refused), on the disk when it returns.  0, or -errno: nothing was added.
 */
int tune_journal_add(struct tune_journal *j, const struct knob *knob,
		     const struct knob_file *file, const char *path,
		     const char *old, const char *value);
int tune_journal_end(struct tune_journal *j, const char *became);

/* Change nr is about to be undone, also where that cannot be written down. */
void tune_journal_undo(struct tune_journal *j, size_t nr);

/* Empty again, for a tune of this process.  0, or -errno. */
int tune_journal_begin(struct tune_journal *j);

/* remove: all that it says is undone. */
void tune_journal_close(struct tune_journal *j, bool remove);

#endif
