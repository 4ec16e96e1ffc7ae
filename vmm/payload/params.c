/* SPDX-License-Identifier: BSD-2-Clause */
/* params.c - see params.h. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/nearest.h"
#include "vmm/base/units.h"
#include "vmm/payload/params.h"

unsigned int params_count(const struct payload_note *note)
{
	unsigned int nr = 0;

	while (nr < PAYLOAD_MAX_PARAMS && note->params[nr].kind != PARAM_END)
		nr++;
	return nr;
}

int params_find_role(const struct payload_note *note, uint32_t role)
{
	for (unsigned int i = 0; i < params_count(note); i++)
		if (note->params[i].role == role)
			return (int)i;
	return -1;
}

void params_defaults(const struct payload_note *note,
		     struct param_setting *settings)
{
	for (unsigned int i = 0; i < params_count(note); i++) {
		const struct param_desc *d = &note->params[i];

		settings[i] = (struct param_setting){
			.lo = d->def,
			.hi = d->kind == PARAM_RANGE ? d->def_hi : d->def,
		};
	}
}

const char *param_choice(const struct param_desc *d, uint64_t index, char *word,
			 size_t len)
{
	const char *p = d->choices;

	while (index-- > 0) {
		p = strchr(p, '|');
		if (!p)
			return "?";
		p++;
	}
	snprintf(word, len, "%.*s", (int)strcspn(p, "|"), p);
	return word;
}

const char *param_unit(const struct param_desc *d)
{
	static const char *const units[] = {"ns", "us", "ms", "s"};
	const char *tail = strrchr(d->name, '_');

	for (size_t i = 0; tail && i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(tail + 1, units[i]) == 0)
			return units[i];
	return "";
}

static const char *parse_choice(const struct param_desc *d, const char *value,
				struct param_setting *s, char *error,
				size_t len)
{
	char word[sizeof(d->choices)];

	for (uint64_t i = 0;
	     strcmp(param_choice(d, i, word, sizeof(word)), "?") != 0; i++) {
		if (strcmp(word, value) == 0) {
			*s = (struct param_setting){i, i, true};
			return NULL;
		}
	}
	snprintf(error, len, "%s: wanted one of %s, got '%s'", d->name,
		 d->choices, value);
	return error;
}

/* In the parameter's unit, whatever unit it was written in. */
static bool parse_number(const struct param_desc *d, const char *text,
			 const char *end, uint64_t *value)
{
	uint64_t unit = unit_ns(param_unit(d)), ns;
	struct quantity q;

	if (!quantity_parse(&q, text, (size_t)(end - text)))
		return false;
	if (!unit)
		return quantity_count(&q, value);
	if (!q.unit[0])
		return quantity_scale(&q, 1, value);
	if (!quantity_ns(&q, 0, &ns) || ns % unit)
		return false;
	*value = ns / unit;
	return true;
}

static bool parse_value(const struct param_desc *d, const char *value,
			struct param_setting *s)
{
	const char *dots = strstr(value, "..");
	const char *end = value + strlen(value);

	if (d->kind == PARAM_RANGE && dots)
		return parse_number(d, value, dots, &s->lo) &&
		       parse_number(d, dots + 2, end, &s->hi) && s->lo <= s->hi;
	if (!parse_number(d, value, end, &s->lo))
		return false;
	s->hi = s->lo;
	return true;
}

static const char *unknown(const struct payload_note *note, const char *key,
			   size_t key_len, char *error, size_t len)
{
	struct nearest near = {.wanted = key, .len = key_len};

	if (params_count(note) == 0) {
		snprintf(error, len, "%s has no parameters, got '%.*s'",
			 note->name, (int)key_len, key);
		return error;
	}
	for (unsigned int i = 0; i < params_count(note); i++) {
		const struct param_desc *d = &note->params[i];

		if (*param_unit(d) && strncmp(d->name, key, key_len) == 0 &&
		    d->name[key_len] == '_' &&
		    strcmp(d->name + key_len + 1, param_unit(d)) == 0) {
			snprintf(error, len,
				 "%s: the unit is missing, say %s=", note->name,
				 d->name);
			return error;
		}
	}
	for (unsigned int i = 0; i < params_count(note); i++)
		nearest_try(&near, note->params[i].name);
	if (near.best)
		snprintf(error, len,
			 "%s has no parameter '%.*s'; did you mean %s?",
			 note->name, (int)key_len, key, near.best);
	else
		snprintf(error, len, "%s has no parameter '%.*s'; it has %s",
			 note->name, (int)key_len, key, near.known);
	return error;
}

const char *params_set(const struct payload_note *note,
		       struct param_setting *settings, const char *assignment,
		       char *error, size_t len)
{
	size_t key_len = strcspn(assignment, "=");
	const char *value = assignment + key_len + 1;
	const struct param_desc *d = NULL;
	struct param_setting s;
	unsigned int i;

	if (assignment[key_len] != '=') {
		snprintf(error, len, "wanted key=value, got '%s'", assignment);
		return error;
	}
	for (i = 0; i < params_count(note) && !d; i++)
		if (strlen(note->params[i].name) == key_len &&
		    strncmp(note->params[i].name, assignment, key_len) == 0)
			d = &note->params[i];
	if (!d)
		return unknown(note, assignment, key_len, error, len);
	if (d->kind == PARAM_ENUM)
		return parse_choice(d, value, &settings[i - 1], error, len);
	if (!parse_value(d, value, &s) || s.lo < d->min || s.hi > d->max) {
		snprintf(error, len,
			 "%s: wanted %s%s%s from %ju to %ju, got "
			 "'%s'",
			 d->name,
			 d->kind == PARAM_RANGE ? "a number or a range a..b"
						: "a number",
			 *param_unit(d) ? " in " : "", param_unit(d),
			 (uintmax_t)d->min, (uintmax_t)d->max, value);
		return error;
	}
	s.given = true;
	settings[i - 1] = s;
	return NULL;
}

/* No product of two of them, nor a few of those, is beyond 128 bits. */
static uint64_t at_most_half(__uint128_t value)
{
	return value > UINT64_MAX / 2 ? UINT64_MAX / 2 : (uint64_t)value;
}

/* The samples that the run takes, of all kinds and the warm-up's. */
static uint64_t all_samples(const struct payload_note *note,
			    const struct param_setting *settings)
{
	__uint128_t nr = note->work_extra;

	for (unsigned int i = 0; i < params_count(note); i++) {
		__uint128_t value = settings[i].hi;

		if (note->params[i].role == PARAM_ROLE_COUNT)
			nr += value * note->work_percent / 100;
		else if (note->params[i].role == PARAM_ROLE_WARMUP)
			nr += value;
	}
	return at_most_half(nr);
}

uint64_t params_limit_ms(const struct payload_note *note,
			 const struct param_setting *settings)
{
	__uint128_t sample_us = note->sample_us, ms = note->limit_ms;

	for (unsigned int i = 0; i < params_count(note); i++) {
		__uint128_t value = settings[i].hi;

		switch (note->params[i].role) {
		case PARAM_ROLE_PERIOD:
			sample_us += value;
			break;
		case PARAM_ROLE_DURATION:
			ms += value * 1000;
			break;
		case PARAM_ROLE_STAGGER:
			ms += value * (note->max_vcpus - 1) / 1000;
			break;
		default:
			break;
		}
	}
	ms += (__uint128_t)all_samples(note, settings) *
	      at_most_half(sample_us) / 1000;
	return ms > UINT64_MAX / 2000000 ? UINT64_MAX / 2000000 : (uint64_t)ms;
}
