/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grid.h - every combination of the values that a sweep gives to parameters:
 * "idle=hlt,spin gap_us=10,100" is four rows.
 */
#ifndef VMM_RESULT_GRID_H
#define VMM_RESULT_GRID_H

#include <stddef.h>

#include "guest-firmware/abi/payload.h"

#define GRID_MAX_VALUES 32  /* of one parameter */
#define GRID_MAX_ROWS	256 /* combinations */

struct axis {
	const struct param_desc *desc;
	unsigned int nr;
	char *values[GRID_MAX_VALUES];	    /* as they were written */
	char *assignments[GRID_MAX_VALUES]; /* "key=value" */
};

struct grid {
	unsigned int nr_axes; /* in the order of the command line */
	struct axis axes[PAYLOAD_MAX_PARAMS];
	unsigned int nr_rows;
	char error[512]; /* what grid_parse() refuses */
};

/* The index of an axis' value in a row; the last axis changes fastest. */
unsigned int grid_value(const struct grid *g, unsigned int row,
			unsigned int axis);

/*
 * The last axis with more than one value whose values are all numbers: what a
 * plot has on its x axis.  -1: there is none.
 */
int grid_number_axis(const struct grid *g);

/* "hlt 1000": the row's values of the axes with several, but for one. */
void grid_label(const struct grid *g, unsigned int row, int but, char *text,
		size_t len);

/* The values of the axes; the grid itself is the caller's. */
void grid_free(struct grid *g);

#endif
