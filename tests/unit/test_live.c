/* SPDX-License-Identifier: BSD-2-Clause */
/* test_live.c - the line of a run that goes on, of what a guest left. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/run/live.h"

#define RAM_LEN 0x400000ull
#define HIST	(LAYOUT_BASE + 0x300000)

/* What it writes to a terminal; "": nothing. */
static void shown(const struct fake_vm *f, char *text, size_t len)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY), was = dup(2), end;
	size_t got = 0;
	ssize_t n;
	bool any;

	assert_true(terminal >= 0 && was >= 0);
	assert_int_equal(grantpt(terminal), 0);
	assert_int_equal(unlockpt(terminal), 0);
	end = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	assert_true(end >= 0);
	dup2(end, 2);
	any = live_show(&f->vm, &f->setup);
	dup2(was, 2);
	close(end);
	/* A line is several writes, and its end is the closed terminal's. */
	while (any && (n = read(terminal, text + got, len - 1 - got)) > 0)
		got += (size_t)n;
	text[got] = '\0';
	close(was);
	close(terminal);
}

TEST(live_shows_a_histogram_that_can_be)
{
	struct fake_vm *f = fake_vm_new(RAM_LEN, 1);
	struct result_area *area = vm_result(&f->vm);
	struct hist *h = vm_hva(&f->vm, HIST, sizeof(*h));
	static const gpa_t others[] = {HIST + 4, HIST + 1, 0, UINT64_MAX - 7,
				       LAYOUT_BASE + RAM_LEN - 8};
	char text[256];

	assert_non_null(h);
	hist_init(h);
	hist_record(h, 4000, 1);
	area->nr_metrics = 1;
	strcpy(area->metrics[0].name, "wait");
	area->metrics[0].hist_gpa = HIST;
	area->metrics[0].asked = 20;
	shown(f, text, sizeof(text));
	assert_non_null(strstr(text, "wait: 1 of 20 samples, max 2.0 us"));
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		area->metrics[0].hist_gpa = others[i];
		shown(f, text, sizeof(text));
		assert_string_equal(text, "");
	}
	fake_vm_free(f);
}
