/* SPDX-License-Identifier: BSD-2-Clause */
/* threshold.c - see threshold.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/setup/threshold.h"
#include "vmm/statistics/dist.h"

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define NAME   LOWER DIGITS "_"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ" /* refused, but as a word */

#define DIGITS_MAX 18 /* of a number, on each side of its point */

/* A part of the expression, not NUL-terminated. */
struct token {
	const char *at;
	size_t len;
};

static const char *const stats[NR_THRESHOLD_STATS] = {
	[THRESHOLD_MIN] = "min",
	[THRESHOLD_MEAN] = "mean",
	[THRESHOLD_MAX_SEEN] = "max",
	[THRESHOLD_QUANTILE] = "",
	[THRESHOLD_MISSED] = "missed",
	[THRESHOLD_EARLY] = "early",
	[THRESHOLD_SAMPLES] = "samples",
	[THRESHOLD_OUT_OF_RANGE] = "out_of_range",
};

bool threshold_is_count(const struct threshold *t)
{
	return t->stat >= THRESHOLD_MISSED;
}

static bool is(struct token t, const char *word)
{
	return strlen(word) == t.len && strncmp(t.at, word, t.len) == 0;
}

/* What is made of these characters, and the blanks behind it. */
static struct token take(const char **p, const char *accept)
{
	struct token t = {.at = *p, .len = strspn(*p, accept)};

	*p += t.len;
	*p += strspn(*p, " \t");
	return t;
}

/* "p" and 50 to 99.999, with at most three digits behind the point. */
static bool take_quantile(struct threshold *t, struct token word)
{
	uint32_t q = 0, unit = QUANTILE_ONE / 1000;
	size_t i = 1;

	if (word.len < 3 || word.len > 7 || word.at[0] != 'p')
		return false;
	for (; i < 3; i++) {
		if (word.at[i] < '0' || word.at[i] > '9')
			return false;
		q = q * 10 + (uint32_t)(word.at[i] - '0') * 1000;
	}
	if (i < word.len && (word.at[i++] != '.' || i == word.len))
		return false;
	for (; i < word.len; i++, unit /= 10) {
		if (word.at[i] < '0' || word.at[i] > '9')
			return false;
		q += (uint32_t)(word.at[i] - '0') * unit;
	}
	t->stat = THRESHOLD_QUANTILE;
	t->q = q;
	return q >= QUANTILE_ONE / 2;
}

static bool take_stat(struct threshold *t, struct token word)
{
	text_copy(t->stat_name, sizeof(t->stat_name), word.at, word.len);
	for (int i = 0; i < NR_THRESHOLD_STATS && word.len; i++) {
		if (is(word, stats[i])) {
			t->stat = (enum threshold_stat)i;
			return true;
		}
	}
	return take_quantile(t, word);
}

static bool take_op(struct threshold *t, struct token op)
{
	static const char *const ops[] = {
		[THRESHOLD_ABOVE] = ">",
		[THRESHOLD_AT_LEAST] = ">=",
		[THRESHOLD_BELOW] = "<",
		[THRESHOLD_AT_MOST] = "<=",
	};

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		if (is(op, ops[i])) {
			t->op = (enum threshold_op)i;
			return true;
		}
	}
	return false;
}

/* A decimal number; counts have no sign and no fraction. */
static bool take_number(struct threshold *t, struct token number)
{
	const char *p = number.at, *end = number.at + number.len;
	char copy[2 * DIGITS_MAX + 3];
	bool count = threshold_is_count(t);
	size_t whole, rest = 0;

	if (number.len == 0 || number.len >= sizeof(copy))
		return false;
	memcpy(copy, number.at, number.len);
	copy[number.len] = '\0';
	if (*p == '-' && !count)
		p++;
	whole = strspn(p, DIGITS);
	p += whole;
	if (p < end && *p == '.' && !count) {
		rest = strspn(++p, DIGITS);
		p += rest;
		if (rest == 0)
			return false;
	}
	if (p != end || whole == 0 || whole > DIGITS_MAX || rest > DIGITS_MAX)
		return false;
	if (count)
		t->count = strtoull(copy, NULL, 10);
	else
		t->value = strtod(copy, NULL);
	return true;
}

static bool take_unit(struct threshold *t, struct token unit)
{
	static const struct {
		const char *name;
		enum threshold_unit unit;
		double factor;
	} units[] = {
		{"ns", THRESHOLD_NS, 1},
		{"us", THRESHOLD_NS, 1e3},
		{"ms", THRESHOLD_NS, 1e6},
		{"s", THRESHOLD_NS, 1e9},
		{"cycles", THRESHOLD_CYCLES, 1},
		{"instructions", THRESHOLD_INSNS, 1},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (is(unit, units[i].name)) {
			t->unit = units[i].unit;
			t->value *= units[i].factor;
			return true;
		}
	}
	return false;
}

/* [METRIC:]STAT */
static const char *take_what(struct threshold *t, const char **p, char *error,
			     size_t len)
{
	struct token word = take(p, NAME "." UPPER);

	if (**p == ':') {
		if (word.len == 0 || word.len >= sizeof(t->metric) ||
		    strspn(word.at, NAME) < word.len) {
			snprintf(error, len,
				 "wanted a metric's name before the colon, "
				 "a to z, 0 to 9 and _, 32 at most, in '%s'",
				 t->text);
			return error;
		}
		text_copy(t->metric, sizeof(t->metric), word.at, word.len);
		++*p;
		take(p, "");
		word = take(p, NAME "." UPPER);
	}
	if (take_stat(t, word))
		return NULL;
	snprintf(error, len,
		 "wanted min, mean, max, p50 to p99.999, missed, early, "
		 "samples or out_of_range, got '%.*s' in '%s'",
		 (int)(word.len < sizeof(t->text) ? word.len : 0), word.at,
		 t->text);
	return error;
}

static const char *take_unit_or_end(struct threshold *t, const char *p,
				    char *error, size_t len)
{
	struct token unit = take(&p, LOWER UPPER);

	if (threshold_is_count(t)) {
		if (unit.len == 0 && *p == '\0')
			return NULL;
		snprintf(error, len,
			 "%s is a count and takes a whole number without a "
			 "unit, got '%s'",
			 t->stat_name, t->text);
		return error;
	}
	if (take_unit(t, unit) && *p == '\0')
		return NULL;
	snprintf(error, len,
		 "%s is a time and wants a unit, ns, us, ms, s or cycles, at "
		 "the end of '%s'",
		 t->stat_name, t->text);
	return error;
}

const char *threshold_parse(struct threshold *t, const char *text, char *error,
			    size_t len)
{
	const char *p = text;

	*t = (struct threshold){.text = ""};
	if (strlen(text) >= sizeof(t->text)) {
		snprintf(error, len, "wanted %zu characters at most, got %zu",
			 sizeof(t->text) - 1, strlen(text));
		return error;
	}
	text_copy(t->text, sizeof(t->text), text, sizeof(t->text));
	take(&p, "");
	if (take_what(t, &p, error, len))
		return error;
	if (!take_op(t, take(&p, "<>="))) {
		snprintf(error, len,
			 "wanted >, >=, < or <= behind '%s' in '%s'",
			 t->stat_name, t->text);
		return error;
	}
	if (!take_number(t, take(&p, DIGITS ".-"))) {
		snprintf(error, len, "wanted %s behind the comparison in '%s'",
			 threshold_is_count(t) ? "a whole number, like 0,"
					       : "a number, like 20 or 0.5,",
			 t->text);
		return error;
	}
	return take_unit_or_end(t, p, error, len);
}

bool threshold_breaks_time(const struct threshold *t, double value)
{
	switch (t->op) {
	case THRESHOLD_ABOVE:
		return value > t->value;
	case THRESHOLD_AT_LEAST:
		return value >= t->value;
	case THRESHOLD_BELOW:
		return value < t->value;
	case THRESHOLD_AT_MOST:
		return value <= t->value;
	}
	return true;
}

bool threshold_breaks_count(const struct threshold *t, uint64_t value)
{
	switch (t->op) {
	case THRESHOLD_ABOVE:
		return value > t->count;
	case THRESHOLD_AT_LEAST:
		return value >= t->count;
	case THRESHOLD_BELOW:
		return value < t->count;
	case THRESHOLD_AT_MOST:
		return value <= t->count;
	}
	return true;
}
