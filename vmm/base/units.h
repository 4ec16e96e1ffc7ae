/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * units.h - the one grammar of times and counts, for options, parameters and
 * thresholds: a decimal number, perhaps an exponent, and a unit, as in "200us",
 * "1.5ms", "10m", "1e6".
 */
#ifndef VMM_BASE_UNITS_H
#define VMM_BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNITS_SHORT "ns, us, ms, s, m" /* and h, for messages */

/* A number as it was written, without loss. */
struct quantity {
	uint64_t digits; /* times 10 to the power of exponent */
	int exponent;
	char unit[16]; /* what is behind it; may be empty */
};

/*
 * Takes the len bytes of text.  False: there is no number, one beyond 64 bits,
 * an exponent beyond 30, or a unit that is no word.  No sign is taken.
 */
bool quantity_parse(struct quantity *q, const char *text, size_t len);

/* The ns of a unit of time; 0: it is none. */
uint64_t unit_ns(const char *unit);

/*
 * The quantity, its unit being per of what is wanted: "1.5" and 1000 is 1500.
 * False: it is no whole number of them, or does not fit.
 */
bool quantity_scale(const struct quantity *q, uint64_t per, uint64_t *value);

/* The same of a time in ns; plain: the unit of one that has none, 0: refused.
 */
bool quantity_ns(const struct quantity *q, uint64_t plain_ns, uint64_t *ns);

/* A count: no unit. */
bool quantity_count(const struct quantity *q, uint64_t *count);

/* As near as a double is: for what need not be whole. */
double quantity_double(const struct quantity *q);

#endif
