/* SPDX-License-Identifier: BSD-2-Clause */
/* tune_journal.c - see tune_journal.h: opening, adding, closing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/host/tree_write.h"
#include "vmm/host/tune_journal.h"
#include "vmm/host/tune_record.h"

#define PATH TUNE_JOURNAL_FOLDER "/" TUNE_JOURNAL_FILE

/* Ours alone: else others could say what is restored. */
static bool is_ours(int fd, mode_t kind, mode_t others)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	       (st.st_mode & S_IFMT) == kind && !(st.st_mode & others);
}

/* -1: there is no such folder; -2: it is not to be trusted. */
static int open_folder(const struct tree *tree, bool make)
{
	int fd;

	if (make) {
		tree_make_folder(tree, "run", 0755);
		tree_make_folder(tree, TUNE_JOURNAL_FOLDER, 0700);
	}
	fd = tree_open_file(tree, TUNE_JOURNAL_FOLDER,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (fd < 0)
		return fd == -ENOENT ? -1 : -2;
	if (is_ours(fd, S_IFDIR, S_IWGRP | S_IWOTH))
		return fd;
	close(fd);
	return -2;
}

/* A lock of this process alone: no child has it.  who: 0: it is had. */
static bool lock(int fd, pid_t *who)
{
	struct flock mine = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	*who = 0;
	if (fcntl(fd, F_SETLK, &mine) == 0)
		return true;
	if (fcntl(fd, F_GETLK, &mine) == 0 && mine.l_type != F_UNLCK)
		*who = mine.l_pid;
	return false;
}

static bool is_removed(int fd)
{
	struct stat st;

	return fstat(fd, &st) != 0 || st.st_nlink == 0;
}

/* Whoever had it before may have removed it in between: then once more. */
static enum tune_opened open_file(struct tune_journal *j, bool make, char *said)
{
	int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	pid_t who;

	do {
		if (j->fd >= 0)
			close(j->fd);
		j->fd = openat(j->dir, TUNE_JOURNAL_FILE,
			       flags | (make ? O_CREAT : 0), 0600);
		if (j->fd < 0 && errno == ENOENT)
			return TUNE_NO_JOURNAL;
		if (j->fd < 0 || !is_ours(j->fd, S_IFREG, S_IWGRP | S_IWOTH)) {
			snprintf(said, TUNE_SAID_LEN,
				 "/" PATH " is no file of this user's alone");
			return TUNE_WRONG;
		}
		if (!lock(j->fd, &who)) {
			snprintf(said, TUNE_SAID_LEN,
				 "process %d tunes this host: wait for its end",
				 (int)who);
			return TUNE_IN_USE;
		}
	} while (is_removed(j->fd));
	return TUNE_OPENED;
}

static void read_boot_id(const struct tree *tree, char id[TUNE_BOOT_LEN])
{
	char why[TREE_WHY_LEN];

	if (tree_read(tree, "proc/sys/kernel/random/boot_id", id, TUNE_BOOT_LEN,
		      why) != 0 ||
	    !*id)
		snprintf(id, TUNE_BOOT_LEN, "none");
	text_line(id);
}

/* At its end; 0, or -errno with the file as it was. */
static int append(struct tune_journal *j, const char *record)
{
	char line[TUNE_LINE_LEN];
	uint64_t sum = tune_record_sum(j->records.sum, record, strlen(record));
	off_t end = lseek(j->fd, 0, SEEK_END);
	int len = snprintf(line, sizeof(line), TUNE_SUM " %s\n", sum, record);
	int err = 0;

	if (end < 0 || len >= (int)sizeof(line))
		return end < 0 ? -errno : -EMSGSIZE;
	errno = ENOSPC; /* of a part of it */
	if (write(j->fd, line, (size_t)len) != len || fsync(j->fd) != 0)
		err = -errno;
	if (err && ftruncate(j->fd, end) != 0)
		warn("cannot shorten /" PATH ": %s", strerror(errno));
	if (!err)
		j->records.sum = sum;
	return err;
}

int tune_journal_begin(struct tune_journal *j)
{
	char boot[TUNE_BOOT_LEN], head[TUNE_LINE_LEN], word[TUNE_LINE_LEN];

	tune_entries_free(&j->records);
	j->records.sum = 0;
	if (ftruncate(j->fd, 0) != 0)
		return -errno;
	read_boot_id(j->tree, boot);
	tune_record_word(boot, word);
	snprintf(head, sizeof(head), TUNE_HEAD " %.200s %d", word,
		 (int)getpid());
	j->records.is_of_boot = true;
	return append(j, head);
}

static bool read_all(struct tune_journal *j, char *said)
{
	char boot[TUNE_BOOT_LEN], *text;
	const char *wrong;
	struct stat st;
	ssize_t n;

	if (fstat(j->fd, &st) != 0 || st.st_size > TUNE_JOURNAL_MOST) {
		snprintf(said, TUNE_SAID_LEN,
			 "/" PATH " is too long to be one");
		return false;
	}
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		die_errno("no memory for a journal");
	n = pread(j->fd, text, (size_t)st.st_size, 0);
	text[n > 0 ? n : 0] = '\0';
	read_boot_id(j->tree, boot);
	wrong = tune_records_read(&j->records, boot, text,
				  n > 0 ? (size_t)n : 0);
	free(text);
	if (wrong)
		snprintf(said, TUNE_SAID_LEN,
			 "/" PATH " %s: restore by hand what it names, and "
			 "remove it",
			 wrong);
	/* The next record begins a line. */
	if (!wrong && (size_t)st.st_size > j->records.len &&
	    ftruncate(j->fd, (off_t)j->records.len) != 0)
		warn("cannot shorten /" PATH ": %s", strerror(errno));
	return !wrong;
}

enum tune_opened tune_journal_open(struct tune_journal *j,
				   const struct tree *tree, bool make,
				   char said[TUNE_SAID_LEN])
{
	enum tune_opened how = TUNE_NO_JOURNAL;

	*j = (struct tune_journal){
		.tree = tree, .fd = -1, .records = {.is_of_boot = true}};
	j->dir = open_folder(tree, make);
	if (j->dir == -2 || (j->dir == -1 && make)) {
		snprintf(said, TUNE_SAID_LEN,
			 "/" TUNE_JOURNAL_FOLDER " is no folder of this user's "
			 "alone");
		how = TUNE_WRONG;
	} else if (j->dir >= 0) {
		how = open_file(j, make, said);
	}
	if (how == TUNE_OPENED && !read_all(j, said))
		how = TUNE_WRONG;
	if (how != TUNE_OPENED)
		tune_journal_close(j, false);
	return how;
}

int tune_journal_add(struct tune_journal *j, const struct knob *knob,
		     const struct knob_file *file, const char *path,
		     const char *old, const char *value)
{
	char record[TUNE_LINE_LEN];
	int err = tune_record_change(knob, file, path, old, value, record);

	if (!err)
		err = append(j, record);
	if (!err)
		tune_entry_add(&j->records, knob, file, path, old, value);
	return err;
}

int tune_journal_end(struct tune_journal *j, const char *became)
{
	char record[TUNE_LINE_LEN] = "not";
	struct tune_entry *e = &j->records.list[j->records.nr - 1];

	if (became) {
		char word[TUNE_LINE_LEN];

		tune_record_word(became, word);
		snprintf(record, sizeof(record), "did %.*s", TUNE_LINE_LEN - 8,
			 word);
	}
	tune_entry_end(e, became);
	return append(j, record);
}

void tune_journal_undo(struct tune_journal *j, size_t nr)
{
	char record[32];

	tune_entry_undo(&j->records, nr);
	snprintf(record, sizeof(record), "undo %zu", nr);
	append(j, record);
}

void tune_journal_close(struct tune_journal *j, bool remove)
{
	if (remove && j->fd >= 0 && unlinkat(j->dir, TUNE_JOURNAL_FILE, 0) != 0)
		warn("cannot remove /" PATH ": %s", strerror(errno));
	if (j->fd >= 0)
		close(j->fd);
	if (j->dir >= 0)
		close(j->dir);
	tune_entries_free(&j->records);
	j->fd = j->dir = -1;
}
