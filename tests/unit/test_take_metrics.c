/* SPDX-License-Identifier: BSD-2-Clause */
/* test_take_metrics.c - windows and names that a metric must have. */
#include <string.h>

#include "tests/unit/finished.h"
#include "tests/unit/unit.h"

/* The payload says that it has done all, and PASS. */
TEST(take_wants_every_window_that_was_begun_ended)
{
	struct finished *x = finished_new();

	x->vcpu.windows[0].ended = false;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
		       "metric made: vCPU 0 began its window and never ended "
		       "it");
	x = finished_new();
	x->vcpu.windows[1].begun = x->vcpu.windows[1].ended = true;
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
		       "vCPU 0 began window 1, and there is no such metric");
	/* From outside, a run may be ended inside a window. */
	x = finished_new();
	x->vcpu.windows[0].ended = false;
	assert_verdict(x, STOP_INTERRUPTED, VERDICT_PASS, "interrupted");
	/* A step that was ended began one, too. */
	x = finished_new();
	x->vcpu.windows[0].ended = false;
	x->area->metrics[0].status = METRIC_TIMEOUT;
	assert_verdict(x, STOP_ENDED, VERDICT_TIMEOUT, "made did not return");
}

TEST(take_wants_a_window_of_each_metric_that_does_not_say_otherwise)
{
	static const struct {
		uint32_t flags;
		uint64_t blocking;
		bool wanted;
	} cases[] = {
		{0, 0, true},
		{METRIC_PER_OP, 0, true},
		{METRIC_NO_WINDOW, 0, false},
		{METRIC_PART, 0, false},
		{METRIC_NO_WINDOW | METRIC_PER_OP, 0, false},
		/* What is made of a window cannot do without. */
		{METRIC_NO_WINDOW, 1, true},
		{METRIC_PART, 1, true},
		{METRIC_PART | METRIC_COUNTED, 0, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct finished *x = finished_new();
		bool wanted = cases[i].wanted;

		x->vcpu.windows[0] = (struct window){.begun = false};
		x->area->metrics[0].flags = cases[i].flags;
		x->area->metrics[0].blocking = cases[i].blocking;
		assert_verdict(
			x, STOP_ENDED, wanted ? VERDICT_ERROR : VERDICT_PASS,
			wanted ? "metric made: vCPU 0 had no window" : "");
	}
}

TEST(take_wants_the_names_that_the_notes_have)
{
	struct finished *x = finished_new();
	struct image *image = &x->f->setup.image;

	image->nr_metrics = 1;
	strcpy(image->metrics[0].name, "another");
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
		       "metric made: the payload's notes do not name it");
	x = finished_new();
	image = &x->f->setup.image;
	image->nr_metrics = 2;
	strcpy(image->metrics[0].name, "another");
	strcpy(image->metrics[1].name, "made");
	assert_verdict(x, STOP_ENDED, VERDICT_PASS, "");
}

TEST(take_refuses_names_that_are_none)
{
	static const char *const broken[] = {
		"",	     "Made",  "ma-de", "ma de", "made\n",
		"m\xc3\xa4", "ma.de", "ma:de", "ma%de",
	};
	struct finished *x;

	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		x = finished_new();
		strcpy(x->area->metrics[0].name, broken[i]);
		assert_verdict(x, STOP_ENDED, VERDICT_ERROR,
			       "metric 0 is named '");
	}
	/* All of it, without an end; and the longest one. */
	x = finished_new();
	memset(x->area->metrics[0].name, 'a', 32);
	assert_verdict(x, STOP_ENDED, VERDICT_ERROR, "wanted 1 to 31 of");
	x = finished_new();
	memset(x->area->metrics[0].name, 'a', 31);
	assert_verdict(x, STOP_ENDED, VERDICT_PASS, "");
	x = finished_new();
	strcpy(x->area->metrics[0].name, "az_09");
	assert_verdict(x, STOP_ENDED, VERDICT_PASS, "");
}
