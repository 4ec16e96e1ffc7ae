/* SPDX-License-Identifier: BSD-2-Clause */
/* test_plot.c - what a plot shows is where it belongs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/report/plot.h"

static char *drawn(void (*draw)(const struct plot *, FILE *),
		   const struct plot *p)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	draw(p, f);
	fclose(f);
	return text;
}

/* The line (from 0) on which a character is first, -1: nowhere. */
static int line_of(const char *text, char c)
{
	int line = 0;

	for (; *text; text++) {
		if (*text == c)
			return line;
		line += *text == '\n';
	}
	return -1;
}

TEST(plot_puts_the_higher_curve_above_the_lower_one)
{
	static const char *const x[] = {"10", "20"};
	static const char *const names[] = {"LOW", "HIGH"};
	static const double values[] = {100, 100, 90000, 80000};
	struct plot p = {"X", "Y", 2, 2, x, names, values};
	char *text = drawn(plot_curves, &p), *drawing;

	assert_non_null(strstr(text, "logarithmic"));
	/* Behind the title, which has letters too. */
	drawing = strchr(text, '\n');
	assert_true(line_of(drawing, 'b') > 0);
	assert_true(line_of(drawing, 'b') < line_of(drawing, 'a'));
	assert_non_null(strstr(text, "a  LOW"));
	assert_non_null(strstr(text, "b  HIGH"));
	assert_non_null(strstr(text, "90000 |"));
	assert_non_null(strstr(text, "  100 |"));
	free(text);
}

TEST(plot_marks_points_that_meet)
{
	static const char *const x[] = {"10"};
	static const char *const names[] = {"ONE", "TWO"};
	static const double values[] = {50, 50};
	struct plot p = {"X", "Y", 1, 2, x, names, values};
	char *text = drawn(plot_curves, &p);

	assert_non_null(strstr(text, "*  several of them"));
	free(text);
}

TEST(plot_leaves_out_what_was_not_measured)
{
	static const char *const x[] = {"1", "2", "3"};
	static const char *const names[] = {"ONE"};
	const double values[] = {NAN, 5, NAN};
	struct plot p = {"X", "Y", 3, 1, x, names, values};
	char *text = drawn(plot_curves, &p);
	int marks = 0;

	for (const char *c = strchr(text, '\n'); *c; c++)
		marks += c[0] == 'a' && (c[-1] == ' ' || c[-1] == '|');
	/* The point and the legend. */
	assert_int_equal(marks, 2);
	free(text);
}

TEST(plot_of_many_values_stays_in_its_width)
{
	enum {
		MANY = 256
	};
	static double values[PLOT_MAX_SERIES * MANY];
	static const char *x[MANY], *names[PLOT_MAX_SERIES];
	struct plot p = {"X", "Y", MANY, PLOT_MAX_SERIES, x, names, values};
	char *text, *end;

	for (int i = 0; i < MANY; i++)
		x[i] = "label";
	for (int i = 0; i < PLOT_MAX_SERIES; i++)
		names[i] = "name";
	for (int i = 0; i < PLOT_MAX_SERIES * MANY; i++)
		values[i] = 1 + i % 977;
	text = drawn(plot_curves, &p);
	for (char *line = text; (end = strchr(line, '\n')); line = end + 1)
		assert_true(end - line <= 100);
	free(text);
}

TEST(plot_bars_are_as_long_as_their_values)
{
	static const char *const names[] = {"whole", "half", "none"};
	const double values[] = {1000, 500, NAN};
	struct plot p = {"", "Y", 1, 3, NULL, names, values};
	char *text = drawn(plot_bars, &p);
	char *half = strstr(text, "half");

	assert_non_null(half);
	assert_int_equal(strspn(strchr(text, '#'), "#"), 50);
	assert_int_equal(strspn(strchr(half, '#'), "#"), 25);
	assert_non_null(strstr(text, "none  -"));
	free(text);
}
