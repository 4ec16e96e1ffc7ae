/* SPDX-License-Identifier: BSD-2-Clause */
/* reader.c - see reader.h. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/result/reader.h"

void reader_at(struct reader *rd, const char *where, unsigned int index)
{
	rd->where = where;
	rd->index = index;
}

void reader_fail(struct reader *rd, const char *key, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	if (rd->failed)
		return;
	rd->failed = true;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!rd->where)
		snprintf(rd->error, sizeof(rd->error), "%s: %s", key, text);
	else if (strchr(rd->where, '['))
		snprintf(rd->error, sizeof(rd->error), "%.40s%u].%s: %s",
			 rd->where, rd->index, key, text);
	else
		snprintf(rd->error, sizeof(rd->error), "%.40s.%s: %s",
			 rd->where, key, text);
}

static const char *type_name(const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array",
		[JSON_STRING] = "text",	     [JSON_INTEGER] = "a number",
		[JSON_REAL] = "a fraction",  [JSON_TRUE] = "true",
		[JSON_FALSE] = "false",	     [JSON_NULL] = "null",
	};

	return value ? names[json_typeof(value)] : "nothing";
}

static void wanted(struct reader *rd, const char *key, const char *what,
		   const json_t *got)
{
	reader_fail(rd, key, "wanted %s, got %s", what, type_name(got));
}

json_t *maybe_object(struct reader *rd, const json_t *o, const char *key)
{
	json_t *value = json_object_get(o, key);

	if (value && !json_is_object(value)) {
		wanted(rd, key, "an object", value);
		return NULL;
	}
	return value;
}

json_t *read_object(struct reader *rd, const json_t *o, const char *key)
{
	json_t *value = maybe_object(rd, o, key);

	if (!value)
		wanted(rd, key, "an object", NULL);
	return value;
}

json_t *read_array(struct reader *rd, const json_t *o, const char *key,
		   size_t max)
{
	json_t *value = json_object_get(o, key);

	if (!json_is_array(value)) {
		wanted(rd, key, "an array", value);
		return NULL;
	}
	if (json_array_size(value) > max) {
		reader_fail(rd, key, "wanted %zu entries at most, got %zu", max,
			    json_array_size(value));
		return NULL;
	}
	return value;
}

static int64_t take_int(struct reader *rd, const json_t *value, const char *key,
			int64_t min, int64_t max)
{
	int64_t n = json_integer_value(value);

	if (!json_is_integer(value)) {
		wanted(rd, key, "a number", value);
		return 0;
	}
	if (n < min || n > max) {
		reader_fail(rd, key, "wanted a number from %jd to %jd, got %jd",
			    (intmax_t)min, (intmax_t)max, (intmax_t)n);
		return min;
	}
	return n;
}

int64_t read_int(struct reader *rd, const json_t *o, const char *key,
		 int64_t min, int64_t max)
{
	return take_int(rd, json_object_get(o, key), key, min, max);
}

int64_t maybe_int(struct reader *rd, const json_t *o, const char *key,
		  int64_t min, int64_t max)
{
	return json_object_get(o, key) ? read_int(rd, o, key, min, max) : 0;
}

uint64_t read_count(struct reader *rd, const json_t *o, const char *key)
{
	return (uint64_t)read_int(rd, o, key, 0, INT64_MAX);
}

uint64_t maybe_count(struct reader *rd, const json_t *o, const char *key)
{
	return (uint64_t)maybe_int(rd, o, key, 0, INT64_MAX);
}

uint64_t read_u64(struct reader *rd, const json_t *o, const char *key)
{
	return (uint64_t)read_int(rd, o, key, INT64_MIN, INT64_MAX);
}

bool read_bool(struct reader *rd, const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	if (!json_is_boolean(value))
		wanted(rd, key, "true or false", value);
	return json_is_true(value);
}

void take_text(struct reader *rd, const json_t *value, const char *key,
	       char *text, size_t len)
{
	const char *from = json_string_value(value);
	size_t n = json_string_length(value);

	text[0] = '\0';
	if (!from) {
		wanted(rd, key, "text", value);
		return;
	}
	if (n >= len) {
		reader_fail(rd, key, "wanted %zu characters at most, got %zu",
			    len - 1, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (isprint((unsigned char)from[i]))
			continue;
		reader_fail(rd, key, "wanted printable text, got a byte %#x",
			    (unsigned char)from[i]);
		return;
	}
	memcpy(text, from, n + 1);
}

void read_text(struct reader *rd, const json_t *o, const char *key, char *text,
	       size_t len)
{
	take_text(rd, json_object_get(o, key), key, text, len);
}

void maybe_text(struct reader *rd, const json_t *o, const char *key, char *text,
		size_t len)
{
	text[0] = '\0';
	if (json_object_get(o, key))
		read_text(rd, o, key, text, len);
}

bool take_name(struct reader *rd, const char *name, const char *key, char *to,
	       size_t len)
{
	size_t n = strlen(name);

	if (n >= len) {
		reader_fail(rd, key,
			    "a name in it has %zu characters, wanted "
			    "%zu at most",
			    n, len - 1);
		return false;
	}
	/* What is not printable is no name that this program wrote. */
	text_copy(to, len, name, n);
	return true;
}

int64_t take_cycles(struct reader *rd, const json_t *value, const char *key)
{
	const char *unit = rd->ticks.insns ? "instructions" : "cycles";

	if (!json_is_object(value)) {
		wanted(rd, key, "a time", value);
		return 0;
	}
	return take_int(rd, json_object_get(value, unit), unit, INT64_MIN + 1,
			INT64_MAX);
}

uint64_t read_ticks(struct reader *rd, const json_t *o, const char *key)
{
	int64_t cycles = take_cycles(rd, json_object_get(o, key), key);

	if (cycles >= 0)
		return (uint64_t)cycles;
	reader_fail(rd, key, "wanted a time, got a negative one");
	return 0;
}

int64_t maybe_cycles(struct reader *rd, const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return value ? take_cycles(rd, value, key) : 0;
}

uint64_t take_hex(struct reader *rd, const json_t *value, const char *key)
{
	const char *text = json_string_value(value);
	uint64_t n = 0;
	char *end;

	if (!text) {
		wanted(rd, key, "text like 0x1f", value);
		return 0;
	}
	errno = 0;
	if (isxdigit((unsigned char)*text))
		n = strtoull(text, &end, 16);
	else
		end = NULL;
	if (errno || !end || *end) {
		char got[40];

		text_copy(got, sizeof(got), text, json_string_length(value));
		reader_fail(rd, key, "wanted a number like 0x1f, got '%s'",
			    got);
	}
	return n;
}
