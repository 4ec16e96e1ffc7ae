/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_result.c - any bytes as a result file: refused with a sentence, or a
 * result that every report can show and that is written and read again as it
 * is.
 */
#include <jansson.h>
#include <stdio.h>

#include "tests/fuzz/fuzz.h"
#include "vmm/report/report.h"
#include "vmm/result/read.h"
#include "vmm/result/write.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t max_len);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t max_len,
			       unsigned int seed);

/*
 * jansson's memory, which is not what is tried here: taken from one end to the
 * other and given back as a whole.  With ASan's it was most of an input's time.
 */
static _Alignas(16) unsigned char arena[16 << 20];
static size_t arena_used;

static void *arena_take(size_t len)
	__attribute__((no_sanitize("coverage", "address")));

static void *arena_take(size_t len)
{
	size_t at = arena_used;

	len = (len + 15) & ~(size_t)15;
	if (len > sizeof(arena) - at)
		return NULL;
	arena_used += len;
	return arena + at;
}

/* Frees only what another one has given. */
static void arena_keep(void *p)
{
	unsigned char *byte = p;

	if (byte < arena || byte >= arena + sizeof(arena))
		free(p);
}

/* No JSON of before is used any more.  Some inputs have ASan's all the same. */
static void arena_begin(bool is_used)
{
	arena_used = 0;
	if (is_used)
		json_set_alloc_funcs(arena_take, arena_keep);
	else
		json_set_alloc_funcs(malloc, arena_keep);
}

/* A value that a careless reader falls over. */
static json_t *nasty(unsigned int n)
{
	static const json_int_t numbers[] = {
		0,	   1,	      -1,	    2,
		63,	   64,	      127,	    128,
		65535,	   65536,     INT32_MAX,    INT64_MAX,
		INT64_MIN, 1ll << 36, -(1ll << 36), 1000000000};
	static const char *const words[] = {
		"",   "x",	    "done",
		"ns", "%s%n",	    "p50>1us",
		"0x", "0xffffffff", "99999999999999999999"};

	switch (n % 8) {
	case 0:
		return json_null();
	case 1:
		return json_object();
	case 2:
		return json_array();
	case 3:
		return json_true();
	case 4:
		return json_string(
			words[n / 8 % (sizeof(words) / sizeof(*words))]);
	default:
		return json_integer(
			numbers[n / 8 % (sizeof(numbers) / sizeof(*numbers))]);
	}
}

/* Changes, drops or doubles one value somewhere below o. */
static void spoil(json_t *o, unsigned int *n)
{
	size_t size =
		json_is_array(o) ? json_array_size(o) : json_object_size(o);
	void *iter = json_object_iter(o);
	size_t at = size ? *n % size : 0;
	json_t *child;

	*n = *n / 7 + 12345;
	if (size == 0)
		return;
	for (size_t i = 0; i < at && iter; i++)
		iter = json_object_iter_next(o, iter);
	child = iter ? json_object_iter_value(iter) : json_array_get(o, at);
	if ((json_is_object(child) || json_is_array(child)) && *n % 16) {
		spoil(child, n);
		return;
	}
	if (json_is_array(o) && *n % 5 == 0)
		json_array_append(o, child);
	else if (json_is_array(o))
		json_array_set_new(o, at, nasty(*n / 5));
	else if (*n % 5 == 0)
		json_object_del(o, json_object_iter_key(iter));
	else
		json_object_iter_set_new(o, iter, nasty(*n / 5));
}

/* Bytes are changed by libFuzzer; values here. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t max_len,
			       unsigned int seed)
{
	json_t *o = NULL;
	char *text;

	arena_begin(true);
	if (seed % 4)
		o = json_loadb((const char *)data, len, 0, NULL);
	if (!o)
		return LLVMFuzzerMutate(data, len, max_len);
	spoil(o, &seed);
	text = json_dumps(o, JSON_COMPACT);
	if (text && strlen(text) <= max_len) {
		len = strlen(text);
		memcpy(data, text, len);
	}
	return len;
}

static char *shown(const struct result *r)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	report_text(r, out);
	report_summary(r, "fuzz", out);
	fclose(out);
	return text;
}

static struct result *parse(const void *data, size_t len, char *error)
{
	FILE *f = fmemopen((void *)(uintptr_t)data, len, "r");
	struct result *r;

	if (!f)
		return NULL;
	r = result_read(f, "fuzz", error, 256);
	fclose(f);
	return r;
}

static void must_be_text(const char *text)
{
	for (; *text; text++)
		if ((*text < 0x20 && *text != '\n') || *text == 0x7f)
			abort();
}

/* What was read is written so that it is read as the same. */
static void must_be_inverse(const struct result *r, const char *text)
{
	char error[256] = "", *file = result_text(r), *file_again, *text_again;
	struct result *again;

	if (!file)
		abort();
	again = parse(file, strlen(file), error);
	if (!again) {
		fprintf(stderr, "%s\n", error);
		abort();
	}
	file_again = result_text(again);
	text_again = shown(again);
	if (strcmp(file, file_again) != 0 || strcmp(text, text_again) != 0)
		abort();
	arena_keep(file);
	arena_keep(file_again);
	free(text_again);
	result_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char error[256] = "", *text;
	struct result *r;

	if (len == 0)
		return 0;
	arena_begin(data[len / 2] % 16 != 0);
	r = parse(data, len, error);
	if (!r) {
		if (!*error)
			abort();
		must_be_text(error);
		return 0;
	}
	text = shown(r);
	must_be_text(text);
	/* Most of an input's time: not each time, though of each kind. */
	if (data[len / 3] % 4 == 0)
		must_be_inverse(r, text);
	free(text);
	result_free(r);
	return 0;
}
