/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reader.h - values out of a JSON file that nobody vouches for: each function
 * gives a value within bounds, or keeps the first error and gives a harmless
 * one.  Missing keys are errors, but where "maybe" is in the name.
 */
#ifndef VMM_RESULT_READER_H
#define VMM_RESULT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/base/ticks.h"
#include "vmm/result/json.h"

struct reader {
	struct ticks ticks; /* what times are in */
	const char *where;  /* the object that is read, for messages */
	unsigned int index; /* of it, where it is one of several */
	bool failed;
	char error[256]; /* "metrics[3].asked: wanted ..., got ..." */
};

/* The first one is kept; printf-like. */
void reader_fail(struct reader *rd, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The object is all of "where" from here on. */
void reader_at(struct reader *rd, const char *where, unsigned int index);

/* NULL and an error: it is not there, or no object. */
json_t *read_object(struct reader *rd, const json_t *o, const char *key);
/* Of at most max entries. */
json_t *read_array(struct reader *rd, const json_t *o, const char *key,
		   size_t max);
/* NULL: it is not there. */
json_t *maybe_object(struct reader *rd, const json_t *o, const char *key);

/* min to max, both included. */
int64_t read_int(struct reader *rd, const json_t *o, const char *key,
		 int64_t min, int64_t max);
/* 0 where it is not there. */
int64_t maybe_int(struct reader *rd, const json_t *o, const char *key,
		  int64_t min, int64_t max);
/* A count, or a time: 0 to INT64_MAX. */
uint64_t read_count(struct reader *rd, const json_t *o, const char *key);
uint64_t maybe_count(struct reader *rd, const json_t *o, const char *key);
/* Any 64 bits, of what a guest wrote: negative numbers are large ones. */
uint64_t read_u64(struct reader *rd, const json_t *o, const char *key);

bool read_bool(struct reader *rd, const json_t *o, const char *key);

/* Printable ASCII that fits into len bytes with its NUL; "" else. */
void read_text(struct reader *rd, const json_t *o, const char *key, char *text,
	       size_t len);
void maybe_text(struct reader *rd, const json_t *o, const char *key, char *text,
		size_t len);
/* The same of a value that is no member; key is for the message. */
void take_text(struct reader *rd, const json_t *value, const char *key,
	       char *text, size_t len);

/* A member's name into len bytes; false: it is too long, and key is told. */
bool take_name(struct reader *rd, const char *name, const char *key, char *to,
	       size_t len);

/* The cycles of {"ns": ..., "cycles": ...}, or {"instructions": ...}. */
int64_t take_cycles(struct reader *rd, const json_t *value, const char *key);
/* The same of a member, which is not below 0. */
uint64_t read_ticks(struct reader *rd, const json_t *o, const char *key);
/* 0 where it is not there. */
int64_t maybe_cycles(struct reader *rd, const json_t *o, const char *key);

/* "0x12ab" */
uint64_t take_hex(struct reader *rd, const json_t *value, const char *key);

#endif
