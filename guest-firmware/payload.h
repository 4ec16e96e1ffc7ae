/* SPDX-License-Identifier: BSD-2-Clause */
/* payload.h - what makes a file a payload: its note and its function. */
#ifndef FW_PAYLOAD_H
#define FW_PAYLOAD_H

#include <stdint.h>

#include "guest-firmware/abi/payload.h"

/*
 * Declares the payload: one a file; its name is the file's.  The fields are
 * those of struct payload_note, which says what one that is left out means.
 */
#define PAYLOAD(payload_name, fn, ...)                             \
	void (*const payload_main)(void) = fn;                     \
	const struct payload_elf_note payload_note __attribute__(( \
		section(".note.latvisor"), used, aligned(4))) = {  \
		.namesz = sizeof(PAYLOAD_NOTE_NAME),               \
		.descsz = sizeof(struct payload_note),             \
		.type = PAYLOAD_NOTE_TYPE,                         \
		.name = PAYLOAD_NOTE_NAME,                         \
		.desc = {.abi_version = ABI_VERSION,               \
			 .name = payload_name,                     \
			 __VA_ARGS__},                             \
	}

struct payload_elf_note {
	uint32_t namesz, descsz, type;
	char name[12]; /* sizeof(PAYLOAD_NOTE_NAME) rounded up to 4 */
	struct payload_note desc;
};

struct metric_elf_note {
	uint32_t namesz, descsz, type;
	char name[12];
	struct metric_desc desc;
};

#define METRIC_NOTE(metric, how_many)                                \
	{                                                            \
		.namesz = sizeof(PAYLOAD_NOTE_NAME),                 \
		.descsz = sizeof(struct metric_desc),                \
		.type = METRIC_NOTE_TYPE, .name = PAYLOAD_NOTE_NAME, \
		.desc = {.name = metric, .most = how_many},          \
	}

/* A name with as many samples as PARAM_ROLE_COUNT says at most; any number. */
#define METRIC(metric)	   METRIC_NOTE(metric, METRIC_MOST_COUNT)
#define METRIC_ANY(metric) METRIC_NOTE(metric, METRIC_MOST_ANY)

/*
 * Every name that the payload gives to metric_add() and metric_skip(), once a
 * file: METRICS(METRIC("gap"), METRIC_ANY("loop")).  --fail-if is checked by
 * them before the VM exists, and a metric that is none of them is an ERROR.
 */
#define METRICS(...) METRIC_NOTES(metric_notes, __VA_ARGS__)
#define METRIC_NOTES(array, ...)                                    \
	static const struct metric_elf_note array[] __attribute__(( \
		section(".note.latvisor"), used, aligned(4))) = {__VA_ARGS__}

extern void (*const payload_main)(void);
extern const struct payload_elf_note payload_note;

#endif
