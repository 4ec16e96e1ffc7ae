/* SPDX-License-Identifier: BSD-2-Clause */
/* test_tune_record.c - the records of latvisor tune's journal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/host/tune_record.h"

#define HEAD	    TUNE_HEAD " boot 7"
#define PATH	    "proc/sys/kernel/sched_rt_runtime_us"
#define CHANGE	    "set rt-throttling " PATH " 950000 -1"
#define JOURNAL_LEN 16384

/* Lines with their sums out of records, parted by newlines. */
static void make(char text[JOURNAL_LEN], const char *records)
{
	uint64_t sum = 0;
	size_t at = 0;

	text[0] = '\0';
	while (*records) {
		size_t len = strcspn(records, "\n");

		sum = tune_record_sum(sum, records, len);
		at += (size_t)snprintf(text + at, JOURNAL_LEN - at,
				       TUNE_SUM " %.*s\n", sum, (int)len,
				       records);
		records += len + (records[len] == '\n');
	}
}

/* NULL: it can be read. */
static void reads(struct tune_records *r, const char *records,
		  const char *wrong)
{
	char text[JOURNAL_LEN];
	const char *said;

	*r = (struct tune_records){.nr = 0};
	make(text, records);
	said = tune_records_read(r, "boot", text, strlen(text));
	if (wrong) {
		assert_non_null(said);
		assert_has(said, wrong);
		tune_entries_free(r);
	} else if (said) {
		fail_msg("%s: %s", records, said);
	}
}

TEST(a_journal_is_read_as_it_was_written)
{
	struct tune_records r;
	char record[TUNE_LINE_LEN], text[JOURNAL_LEN];
	const struct knob *k = knob_find("transparent-hugepages");
	const char *odd = " a%b\tc\xff\n";

	assert_non_null(k);
	assert_int_equal(tune_record_change(k, &k->files[0], k->files[0].path,
					    "", odd, record),
			 0);
	snprintf(text, sizeof(text), HEAD "\n%s\ndid %%20%%25\n" CHANGE,
		 record);
	reads(&r, text, NULL);
	assert_true(r.is_of_boot);
	assert_int_equal(r.nr, 2);
	assert_ptr_equal(r.list[0].knob, k);
	assert_string_equal(r.list[0].old, "");
	assert_string_equal(r.list[0].value, odd);
	assert_string_equal(r.list[0].became, " %");
	assert_int_equal(r.list[0].state, TUNE_DID);
	assert_string_equal(r.list[1].path, PATH);
	assert_int_equal(r.list[1].state, TUNE_BEGUN);
	tune_entries_free(&r);
	reads(&r, TUNE_HEAD " other 7\n" CHANGE "\nnot", NULL);
	assert_false(r.is_of_boot);
	assert_int_equal(r.list[0].state, TUNE_NOT);
	tune_entries_free(&r);
}

TEST(each_change_is_undone_once)
{
	struct tune_records r;

	reads(&r,
	      HEAD "\n" CHANGE "\ndid -1\n" CHANGE "\ndid -1\nundo 1\nundo 1"
		   "\nundo 0",
	      NULL);
	assert_int_equal(r.list[1].state, TUNE_UNDONE);
	assert_int_equal(r.list[0].state, TUNE_UNDOING);
	tune_entries_free(&r);
	reads(&r,
	      HEAD "\n" CHANGE "\ndid -1\n" CHANGE "\ndid -1\nundo 1\nundo 0"
		   "\nundo 1",
	      "undoes a change");
	reads(&r, HEAD "\n" CHANGE "\nnot\nundo 0", "undoes a change");
	reads(&r, HEAD "\nundo 0", "undoes a change");
	reads(&r, HEAD "\n" CHANGE "\nundo", "undoes a change");
	reads(&r, HEAD "\n" CHANGE "\nundo -1", "undoes a change");
	reads(&r, HEAD "\n" CHANGE "\nundo 0\n" CHANGE, "goes on after");
}

TEST(a_journal_with_anything_else_is_refused)
{
	struct tune_records r;

	reads(&r, CHANGE, "is no journal");
	reads(&r, "latvisor-tune 2 boot 7", "of this version");
	reads(&r, HEAD "\nlook", "has a knob");
	reads(&r, HEAD "\n" HEAD, "has a knob");
	reads(&r, HEAD "\n" CHANGE " more", "has a knob");
	reads(&r, HEAD "\n" CHANGE " and more", "has a knob");
	reads(&r, HEAD "\n" CHANGE "\n" CHANGE, "within another");
	reads(&r, HEAD "\ndid -1", "ends a change");
	reads(&r, HEAD "\n" CHANGE "\nnot 1", "ends a change");
	reads(&r, HEAD "\n" CHANGE "\ndid", "ends a change");
	reads(&r, HEAD "\nhold wakeup-latency dev/cpu_dma_latency % 5",
	      "names a file");
	reads(&r, HEAD "\nset wakeup-latency dev/cpu_dma_latency % 5",
	      "names a file");
	reads(&r, HEAD "\nset rt-throttling etc/passwd 1 2", "names a file");
	reads(&r, HEAD "\nset rt-throttling " PATH "  2",
	      "a word that is none");
	reads(&r, HEAD "\nset rt-throttling " PATH " %4 2",
	      "a word that is none");
	reads(&r, HEAD "\nset rt-throttling " PATH " %4g 2",
	      "a word that is none");
	reads(&r, HEAD "\nset rt-throttling " PATH " %00 2",
	      "a word that is none");
}

/* Whatever byte is another one, it is no journal any more, or it was the last
 * line's end. */
TEST(a_journal_with_one_wrong_bit_is_refused)
{
	char good[JOURNAL_LEN], text[JOURNAL_LEN];
	size_t len;

	make(good, HEAD "\n" CHANGE "\ndid -1");
	len = strlen(good);
	for (size_t i = 0; i < 8 * (len - 1); i++) {
		struct tune_records r = {.nr = 0};
		const char *said;

		memcpy(text, good, len + 1);
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
		said = tune_records_read(&r, "boot", text, len);
		if (!said)
			fail_msg("bit %zu of byte %zu is not missed", i % 8,
				 i / 8);
		tune_entries_free(&r);
	}
}

TEST(a_last_line_without_its_end_was_not_acted_upon)
{
	char good[JOURNAL_LEN], text[JOURNAL_LEN];
	size_t len, before;

	make(good, HEAD "\n" CHANGE);
	before = strlen(good);
	make(good, HEAD "\n" CHANGE "\ndid -1");
	len = strlen(good);
	for (size_t n = before; n < len; n++) {
		struct tune_records r = {.nr = 0};

		memcpy(text, good, n);
		text[n] = '\0';
		assert_null(tune_records_read(&r, "boot", text, n));
		assert_int_equal(r.nr, 1);
		assert_int_equal(r.list[0].state, TUNE_BEGUN);
		assert_int_equal(r.len, before);
		tune_entries_free(&r);
	}
}
