/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz.h - what all fuzzers share. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer calls it with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A broken promise is a finding, as a crash is. */
static inline void must(int holds)
{
	if (!holds)
		abort();
}

static inline void must_be_printable(const char *text)
{
	for (; *text; text++)
		must(*text >= 0x20 && *text < 0x7f);
}

/* An input, taken from its beginning; what is not there is 0. */
struct input {
	const uint8_t *data;
	size_t len;
};

static inline uint64_t input_take(struct input *in, size_t len)
{
	uint64_t value = 0;
	size_t n = len < in->len ? len : in->len;

	memcpy(&value, in->data, n);
	in->data += n;
	in->len -= n;
	return value;
}

#endif
