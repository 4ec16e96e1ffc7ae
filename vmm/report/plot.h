/* SPDX-License-Identifier: BSD-2-Clause */
/* plot.h - curves and bars made of characters, for a terminal. */
#ifndef VMM_REPORT_PLOT_H
#define VMM_REPORT_PLOT_H

#include <stdio.h>

#define PLOT_MAX_SERIES 26 /* a letter each */

struct plot {
	const char *x_title, *y_title;
	unsigned int nr_x, nr_series;
	const char *const *x_labels;	  /* nr_x */
	const char *const *series_labels; /* nr_series */
	const double *values; /* [series * nr_x + x], above 0; NaN: none */
};

/* Curves over x, which is spaced evenly whatever its labels say. */
void plot_curves(const struct plot *p, FILE *out);

/* A bar a value, for one x only. */
void plot_bars(const struct plot *p, FILE *out);

#endif
