/* SPDX-License-Identifier: BSD-2-Clause */
/* threshold.c - see threshold.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/base/units.h"
#include "vmm/setup/threshold.h"
#include "vmm/statistics/dist.h"

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define NAME   LOWER DIGITS "_"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ" /* refused, but as a word */

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

/* One at least above it. */
uint32_t threshold_samples(const struct threshold *t)
{
	uint32_t above = QUANTILE_ONE - t->q;

	return (QUANTILE_ONE + above - 1) / above;
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

/* A number and what is behind it, without blanks. */
static struct token take_quantity(const char **p)
{
	const char *s = *p;
	size_t n = 0;

	while (s[n] && (strchr(DIGITS "." LOWER UPPER, s[n]) ||
			/* The sign of an exponent. */
			(n && strchr("eE", s[n - 1]) && strchr("+-", s[n]))))
		n++;
	*p += n;
	*p += strspn(*p, " \t");
	return (struct token){.at = s, .len = n};
}

/* A number with its unit, if it has one; only times may be negative. */
static bool take_number(struct threshold *t, struct quantity *q, const char **p)
{
	bool minus = **p == '-' && !threshold_is_count(t);
	struct token word;

	*p += minus;
	word = take_quantity(p);
	if (!quantity_parse(q, word.at, word.len))
		return false;
	t->value = quantity_double(q) * (minus ? -1 : 1);
	return true;
}

/* ns of a unit, or 1 of cycles and instructions. */
static bool take_unit(struct threshold *t, const struct quantity *q)
{
	uint64_t ns = unit_ns(q->unit);

	if (strcmp(q->unit, "cycles") == 0)
		t->unit = THRESHOLD_CYCLES;
	else if (strcmp(q->unit, "instructions") == 0)
		t->unit = THRESHOLD_INSNS;
	else if (!ns)
		return false;
	if (ns)
		t->value *= (double)ns;
	return true;
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

static const char *take_unit_or_end(struct threshold *t, struct quantity *q,
				    const char *p, char *error, size_t len)
{
	/* Blanks between the number and its unit do not matter. */
	struct token unit = take(&p, LOWER UPPER);

	if (unit.len && (q->unit[0] || unit.len >= sizeof(q->unit)))
		p = unit.at; /* one too many */
	else if (unit.len)
		text_copy(q->unit, sizeof(q->unit), unit.at, unit.len);
	if (threshold_is_count(t)) {
		if (*p == '\0' && quantity_count(q, &t->count))
			return NULL;
		snprintf(error, len,
			 "%s is a count and takes a whole number without a "
			 "unit, got '%s'",
			 t->stat_name, t->text);
		return error;
	}
	if (*p == '\0' && take_unit(t, q))
		return NULL;
	snprintf(error, len,
		 "%s is a time and wants a unit, " UNITS_SHORT
		 ", h or cycles, at "
		 "the end of '%s'",
		 t->stat_name, t->text);
	return error;
}

const char *threshold_parse(struct threshold *t, const char *text, char *error,
			    size_t len)
{
	const char *p = text;
	struct quantity q;

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
	if (!take_number(t, &q, &p)) {
		snprintf(error, len, "wanted %s behind the comparison in '%s'",
			 threshold_is_count(t) ? "a whole number, like 0,"
					       : "a number, like 20 or 0.5,",
			 t->text);
		return error;
	}
	return take_unit_or_end(t, &q, p, error, len);
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
