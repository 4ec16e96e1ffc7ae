/* SPDX-License-Identifier: BSD-2-Clause */
/* plot.c - see plot.h. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/report/plot.h"

#define HEIGHT	    16
#define MAX_WIDTH   64
#define COLUMN	    10 /* characters between two values of x */
#define BAR_WIDTH   50
#define LOG_FROM    10.0 /* ratio of the values that wants a logarithm */
#define SHARED_MARK '*'

struct scale {
	double low, high;
	bool log;
};

static struct scale scale_of(const struct plot *p)
{
	struct scale s = {.low = INFINITY, .high = 0};

	for (unsigned int i = 0; i < p->nr_x * p->nr_series; i++) {
		if (isnan(p->values[i]))
			continue;
		s.low = fmin(s.low, p->values[i]);
		s.high = fmax(s.high, p->values[i]);
	}
	if (s.high <= 0)
		s.low = s.high = 1;
	s.log = s.low > 0 && s.high / s.low > LOG_FROM;
	if (!s.log)
		s.low = 0;
	return s;
}

/* 0..1 of the way from bottom to top. */
static double position(const struct scale *s, double value)
{
	double at = s->log ? log(value / s->low) / log(s->high / s->low)
			   : (value - s->low) / (s->high - s->low);

	return fmin(1, fmax(0, at));
}

static double value_at(const struct scale *s, double at)
{
	return s->log ? s->low * pow(s->high / s->low, at)
		      : s->low + (s->high - s->low) * at;
}

struct canvas {
	unsigned int width;
	char cell[HEIGHT][MAX_WIDTH + 1];
};

static unsigned int column_of(const struct plot *p, const struct canvas *c,
			      unsigned int x)
{
	unsigned int gaps = p->nr_x - 1;

	return gaps ? x * (c->width - 1) / gaps : c->width / 2;
}

static unsigned int row_of(const struct scale *s, double value)
{
	return (HEIGHT - 1) -
	       (unsigned int)lround(position(s, value) * (HEIGHT - 1));
}

static void put(struct canvas *c, unsigned int row, unsigned int column,
		char mark)
{
	char *cell = &c->cell[row][column];

	if (mark != '.')
		*cell = *cell == ' ' || *cell == '.' ? mark : SHARED_MARK;
	else if (*cell == ' ')
		*cell = mark;
}

/* Dots from one value to the next. */
static void connect(const struct plot *p, const struct scale *s,
		    struct canvas *c, unsigned int x, double from, double to)
{
	unsigned int a = column_of(p, c, x), b = column_of(p, c, x + 1);
	double y0 = position(s, from), y1 = position(s, to);

	for (unsigned int k = a + 1; k < b; k++) {
		double at = y0 + (y1 - y0) * (k - a) / (b - a);

		put(c, (HEIGHT - 1) - (unsigned int)lround(at * (HEIGHT - 1)),
		    k, '.');
	}
}

static void draw(const struct plot *p, const struct scale *s, struct canvas *c)
{
	for (unsigned int i = 0; i < p->nr_series; i++) {
		const double *v = p->values + (size_t)i * p->nr_x;

		for (unsigned int x = 0; x < p->nr_x; x++) {
			if (isnan(v[x]))
				continue;
			put(c, row_of(s, v[x]), column_of(p, c, x),
			    (char)('a' + i));
			if (x + 1 < p->nr_x && !isnan(v[x + 1]))
				connect(p, s, c, x, v[x], v[x + 1]);
		}
	}
}

static void print_x(const struct plot *p, const struct canvas *c, FILE *out)
{
	unsigned int at = 0;

	fprintf(out, "%12s +", "");
	for (unsigned int i = 0; i < c->width; i++)
		fputc('-', out);
	fprintf(out, "\n%14s", "");
	for (unsigned int x = 0; x < p->nr_x; x++) {
		unsigned int want = column_of(p, c, x);
		size_t len = strlen(p->x_labels[x]);

		/* The last one ends where the axis does. */
		if (x + 1 == p->nr_x && p->nr_x > 1 && want + 1 >= len)
			want = want + 1 - (unsigned int)len;
		if (x && want <= at)
			continue; /* no room for it */
		at += (unsigned int)fprintf(out, "%*s%s", (int)(want - at), "",
					    p->x_labels[x]);
	}
	fprintf(out, "  %s\n", p->x_title);
}

void plot_curves(const struct plot *p, FILE *out)
{
	struct scale s = scale_of(p);
	struct canvas c;

	c.width = (p->nr_x - 1) * COLUMN + 1;
	if (c.width > MAX_WIDTH || c.width < COLUMN)
		c.width = c.width < COLUMN ? COLUMN : MAX_WIDTH;
	memset(c.cell, ' ', sizeof(c.cell));
	draw(p, &s, &c);
	fprintf(out, "%s%s\n", p->y_title, s.log ? ", logarithmic" : "");
	for (unsigned int row = 0; row < HEIGHT; row++) {
		double at = (double)(HEIGHT - 1 - row) / (HEIGHT - 1);

		c.cell[row][c.width] = '\0';
		if (row % 3 == 0)
			fprintf(out, "%12.0f |%s\n", value_at(&s, at),
				c.cell[row]);
		else
			fprintf(out, "%12s |%s\n", "", c.cell[row]);
	}
	print_x(p, &c, out);
	for (unsigned int i = 0; i < p->nr_series; i++)
		fprintf(out, "%14c  %s\n", (int)('a' + i), p->series_labels[i]);
	if (memchr(c.cell, SHARED_MARK, sizeof(c.cell)))
		fprintf(out, "%14c  several of them\n", SHARED_MARK);
}

void plot_bars(const struct plot *p, FILE *out)
{
	struct scale s = scale_of(p);
	int label = 0;

	for (unsigned int i = 0; i < p->nr_series; i++) {
		int len = (int)strlen(p->series_labels[i]);

		label = len > label ? len : label;
	}
	s.low = 0; /* the length of a bar is its value */
	s.log = false;
	fprintf(out, "%s\n", p->y_title);
	for (unsigned int i = 0; i < p->nr_series; i++) {
		int len = 0;

		fprintf(out, "  %-*s ", label, p->series_labels[i]);
		if (isnan(p->values[i])) {
			fprintf(out, "-\n");
			continue;
		}
		len = (int)lround(position(&s, p->values[i]) * BAR_WIDTH);
		for (int k = 0; k < len; k++)
			fputc('#', out);
		fprintf(out, " %.0f\n", p->values[i]);
	}
}
