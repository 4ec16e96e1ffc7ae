/* SPDX-License-Identifier: BSD-2-Clause */
/* units.c - see units.h. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/units.h"

#define EXPONENT_MAX 30

static bool is_digit(const char *p, const char *end)
{
	return p < end && isdigit((unsigned char)*p);
}

/* Digits from *p on; false: more than 64 bits. */
static bool take_digits(struct quantity *q, const char **p, const char *end)
{
	for (; is_digit(*p, end); ++*p)
		if (__builtin_mul_overflow(q->digits, 10, &q->digits) ||
		    __builtin_add_overflow(q->digits, (uint64_t)(**p - '0'),
					   &q->digits))
			return false;
	return true;
}

/* "e6", "E-3": only with a digit is it an exponent, and no unit. */
static bool take_exponent(struct quantity *q, const char **p, const char *end)
{
	const char *at = *p;
	int sign = 1, exponent = 0;

	if (at == end || (*at != 'e' && *at != 'E'))
		return true;
	at++;
	if (at < end && (*at == '-' || *at == '+'))
		sign = *at++ == '-' ? -1 : 1;
	if (!is_digit(at, end))
		return true;
	for (; is_digit(at, end); at++) {
		exponent = exponent * 10 + (*at - '0');
		if (exponent > EXPONENT_MAX)
			return false;
	}
	q->exponent += sign * exponent;
	*p = at;
	return true;
}

bool quantity_parse(struct quantity *q, const char *text, size_t len)
{
	const char *p = text, *end = text + len;

	*q = (struct quantity){.digits = 0};
	if (!is_digit(p, end) || !take_digits(q, &p, end))
		return false;
	if (p < end && *p == '.') {
		const char *dot = ++p;

		if (!is_digit(p, end) || !take_digits(q, &p, end))
			return false;
		q->exponent = -(int)(p - dot);
	}
	if (!take_exponent(q, &p, end))
		return false;
	if ((size_t)(end - p) >= sizeof(q->unit))
		return false;
	for (size_t i = 0; p < end; p++, i++) {
		if (!isalpha((unsigned char)*p))
			return false;
		q->unit[i] = *p;
	}
	return true;
}

uint64_t unit_ns(const char *unit)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{"ns", 1},	   {"us", 1000},       {"ms", 1000000},
		{"s", 1000000000}, {"m", 60000000000}, {"h", 3600000000000},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(units[i].name, unit) == 0)
			return units[i].ns;
	return 0;
}

bool quantity_scale(const struct quantity *q, uint64_t per, uint64_t *value)
{
	__uint128_t n = (__uint128_t)q->digits * per;

	for (int i = 0; i < q->exponent; i++) {
		n *= 10;
		if (n > UINT64_MAX)
			return false;
	}
	for (int i = 0; i > q->exponent; i--) {
		if (n % 10)
			return false;
		n /= 10;
	}
	*value = (uint64_t)n;
	return n <= UINT64_MAX;
}

bool quantity_ns(const struct quantity *q, uint64_t plain_ns, uint64_t *ns)
{
	uint64_t per = q->unit[0] ? unit_ns(q->unit) : plain_ns;

	return per && quantity_scale(q, per, ns);
}

bool quantity_count(const struct quantity *q, uint64_t *count)
{
	return !q->unit[0] && quantity_scale(q, 1, count);
}

double quantity_double(const struct quantity *q)
{
	double power = pow(10, abs(q->exponent));

	/* One rounding more than strtod() at most, and none to 10^22. */
	return q->exponent < 0 ? (double)q->digits / power
			       : (double)q->digits * power;
}
