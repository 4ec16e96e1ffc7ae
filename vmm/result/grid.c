/* SPDX-License-Identifier: BSD-2-Clause */
/* grid.c - see grid.h. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/result/grid.h"

unsigned int grid_value(const struct grid *g, unsigned int row,
			unsigned int axis)
{
	for (unsigned int i = g->nr_axes - 1; i > axis; i--)
		row /= g->axes[i].nr;
	return row % g->axes[axis].nr;
}

static bool is_number(const struct axis *a)
{
	for (unsigned int i = 0; i < a->nr; i++)
		if (!isdigit((unsigned char)*a->values[i]))
			return false;
	return a->desc->kind != PARAM_ENUM;
}

int grid_number_axis(const struct grid *g)
{
	for (int i = (int)g->nr_axes - 1; i >= 0; i--)
		if (g->axes[i].nr > 1 && is_number(&g->axes[i]))
			return i;
	return -1;
}

void grid_label(const struct grid *g, unsigned int row, int but, char *text,
		size_t len)
{
	size_t at = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < g->nr_axes && at < len; i++) {
		const struct axis *a = &g->axes[i];

		if (a->nr < 2 || (int)i == but)
			continue;
		at += (size_t)snprintf(
			text + at, len - at, "%s%s%s%s", at ? " " : "",
			a->desc->kind == PARAM_ENUM ? "" : a->desc->name,
			a->desc->kind == PARAM_ENUM ? "" : "=",
			a->values[grid_value(g, row, i)]);
	}
}

void grid_free(struct grid *g)
{
	for (unsigned int i = 0; i < g->nr_axes; i++) {
		for (unsigned int k = 0; k < g->axes[i].nr; k++) {
			free(g->axes[i].values[k]);
			free(g->axes[i].assignments[k]);
		}
	}
}
