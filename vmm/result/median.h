/* SPDX-License-Identifier: BSD-2-Clause */
/* median.h - medians, what lies between two of them, and how well it is known.
 */
#ifndef VMM_RESULT_MEDIAN_H
#define VMM_RESULT_MEDIAN_H

#include "vmm/result/result.h"

/* In one unit: cycles, or what they were scaled to. */
struct median {
	double mid;
	double mid_low, mid_high; /* the ends of its bucket */
	double low, high;	  /* 95 % interval; NAN: not known */
};

/*
 * The interval reaches up to the least or the most sample where there are too
 * few to bound it; gain_usable() says when that is too little.
 */
struct median median_of(const struct result_metric *m);

struct median median_scale(struct median m, double factor);

/* a - b, of independent samples. */
struct median median_difference(struct median a, struct median b);

/* a / b; false: one of them may be 0 or less. */
bool median_ratio(struct median a, struct median b, struct median *ratio);

#endif
