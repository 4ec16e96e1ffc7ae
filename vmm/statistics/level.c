/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * level.c - see level.h.  Neither function has an inverse in the C library:
 * where the probability is alpha is found by halving.
 */
#include <math.h>

#include "vmm/statistics/level.h"

#define HALVINGS 64

/* What the normal distribution exceeds x with. */
static double normal_above(double x, unsigned int unused)
{
	(void)unused;
	return erfc(x / sqrt(2)) / 2;
}

/*
 * The same of Student's t, a finite sum (Abramowitz and Stegun, Handbook of
 * Mathematical Functions, 26.7.3 and 26.7.4).
 */
static double students_above(double x, unsigned int freedom)
{
	double angle = atan(x / sqrt((double)freedom));
	double term = freedom % 2 ? cos(angle) : 1, sum = 0;

	for (unsigned int k = 2 + freedom % 2; k <= freedom; k += 2) {
		sum += term;
		term *= cos(angle) * cos(angle) * (k - 1) / k;
	}
	sum *= sin(angle);
	return (1 - (freedom % 2 ? (angle + sum) * M_2_PI : sum)) / 2;
}

static double find(double (*above)(double, unsigned int), double alpha,
		   unsigned int freedom)
{
	double low = 0, high = 1;

	while (above(high, freedom) > alpha)
		high *= 2;
	for (int i = 0; i < HALVINGS; i++) {
		double x = (low + high) / 2;

		if (above(x, freedom) > alpha)
			low = x;
		else
			high = x;
	}
	return (low + high) / 2;
}

double level_z(double alpha)
{
	return find(normal_above, alpha, 0);
}

double level_t(double alpha, unsigned int freedom)
{
	return find(students_above, alpha, freedom);
}
