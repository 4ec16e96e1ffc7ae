/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_mem_touch.c - mem-touch: who has the page is what its name says, by the
 * host's page faults and by KVM's log of dirty pages.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

static const char *const kinds[] = {"first_touch", "prefaulted", "again",
				    "dirty_first", "dirty_again"};

/* The minor faults of its window. */
static int64_t must_be_touch(const struct run *r, const char *name,
			     int64_t samples)
{
	json_t *m = find_metric(r->json, name, 0), *w;

	must(m, "there is no metric %s", name);
	assert_string_equal(get_text(m, "status"), "done");
	assert_int_equal(get_int(m, "samples"), samples);
	must(get_cycles(m, "min") > 0, "%s took no time", name);
	w = find_window(m, 0);
	must(w, "%s has no window", name);
	assert_int_equal(get_int(w, "exits_to_userspace"), 0);
	assert_int_equal(get_int(w, "major_faults"), 0);
	return get_int(w, "minor_faults");
}

/* Pages that KVM has logged, which the guest counted as well. */
static int64_t logged(const struct run *r)
{
	json_t *check;
	size_t i;

	json_array_foreach (get_array(r->json, "checks"), i, check) {
		if (strcmp(get_text(check, "what"), "dirty pages") == 0) {
			assert_true(get_bool(check, "required"));
			return get_int(check, "host");
		}
	}
	fail_msg("the dirty pages were not checked");
	return 0;
}

TEST(mem_touch_faults_where_the_host_has_no_page)
{
	int64_t faults[5];
	struct run r;

	run_now(&r, "mem-touch", "pages=300", "warmup=7");
	must_pass(&r);
	for (int i = 0; i < 5; i++)
		faults[i] = must_be_touch(&r, kinds[i], 300);
	/* One each, or fewer where memfds get huge pages by themselves. */
	must(faults[0] > 0 && faults[0] <= 310, "%d faults at first touch",
	     (int)faults[0]);
	for (int i = 1; i < 5; i++)
		must(faults[i] == 0, "%d faults: %s", (int)faults[i], kinds[i]);
	assert_int_equal(logged(&r), 307);
	run_free(&r);
}

/* More than there are: as many as there are, the warm-up's left out. */
TEST(mem_touch_of_all_pages_touches_all)
{
	struct run r;

	run_now(&r, "mem-touch", "pages=8192", "warmup=10");
	must_pass(&r);
	for (int i = 0; i < 5; i++)
		must_be_touch(&r, kinds[i], 8182);
	assert_int_equal(logged(&r), 8192);
	run_free(&r);
}

static long free_pages(const char *size)
{
	char path[128];
	long nr = 0;
	FILE *f;

	snprintf(path, sizeof(path),
		 "/sys/kernel/mm/hugepages/hugepages-%s/free_hugepages", size);
	f = fopen(path, "re");
	if (f && fscanf(f, "%ld", &nr) != 1)
		nr = 0;
	if (f)
		fclose(f);
	return nr;
}

/* 32 pages of lazy RAM, and a few more; the log is of 4K pages all the same. */
TEST(mem_touch_of_2m_pages_has_16_of_each)
{
	struct run r;

	if (free_pages("2048kB") < 40) {
		print_message("# needs 40 free pages of 2M\n");
		skip();
	}
	run_now(&r, "mem-touch", "page=2M", "pages=500", "warmup=2");
	must_pass(&r);
	must(must_be_touch(&r, kinds[0], 14) > 0, "the host had the pages");
	for (int i = 1; i < 3; i++)
		assert_int_equal(must_be_touch(&r, kinds[i], 14), 0);
	for (int i = 3; i < 5; i++)
		must_be_touch(&r, kinds[i], 500);
	assert_int_equal(logged(&r), 502);
	run_free(&r);
}

TEST(mem_touch_of_a_1g_page_has_no_other_half)
{
	struct run r;
	json_t *m;

	if (free_pages("1048576kB") < 2) {
		print_message("# needs 2 free pages of 1G\n");
		skip();
	}
	run_now(&r, "mem-touch", "page=1G", "pages=100", "warmup=2");
	must_pass(&r);
	must(must_be_touch(&r, kinds[0], 1) > 0, "the host had the page");
	m = find_metric(r.json, "prefaulted", 0);
	must(m, "there is no metric prefaulted");
	assert_string_equal(get_text(m, "status"), "skip");
	must_be_touch(&r, "dirty_first", 100);
	run_free(&r);
}
