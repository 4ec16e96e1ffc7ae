/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * raw.h - --raw: every sample in a file.  docs/raw.md describes its formats.
 *
 * While the guest runs, the main thread takes the samples out of the rings
 * (guest-firmware/abi/raw.h) into a file without a name, as records.  The
 * file that was asked for is made of it after the end: its header tells how
 * many there are, and nothing is left behind if it never comes to that.
 */
#ifndef VMM_RESULT_RAW_H
#define VMM_RESULT_RAW_H

#include <stdint.h>
#include <stdio.h>

#include "guest-firmware/abi/raw.h"
#include "guest-firmware/abi/result.h"
#include "vmm/machine/vm.h"

#define RAW_MAGIC   "LATRAW\r\n" /* 8 bytes, and no NUL */
#define RAW_VERSION 1u

/* All little-endian: what x86 writes. */
struct raw_header {
	char magic[8];	     /* RAW_MAGIC */
	uint32_t version;    /* RAW_VERSION */
	uint32_t header_len; /* bytes to the first record, the table too */
	uint64_t tsc_khz;
	uint64_t nr_records;
	uint32_t nr_metrics; /* entries of the table, which follows */
	uint32_t record_len; /* bytes */
};

struct raw_metric {
	char name[32]; /* NUL-padded, [A-Za-z0-9_-], '?' for the rest */
	uint32_t vcpu; /* as in the result file */
	uint32_t reserved;
	uint64_t written; /* records of it */
	uint64_t lost;	  /* samples that came too fast */
};

struct raw_record {
	uint64_t tsc;
	int64_t value;	 /* cycles */
	uint32_t metric; /* index of the table */
	uint32_t vcpu;	 /* the metric's */
};

_Static_assert(sizeof(struct raw_header) == 40, "file format");
_Static_assert(sizeof(struct raw_metric) == 56, "file format");
_Static_assert(sizeof(struct raw_record) == 24, "file format");

/* What the host knows of a ring; it believes nothing in the ring but this. */
struct raw_source {
	bool seen;
	bool broken;   /* the guest wrote what it cannot have written */
	uint32_t slot; /* of struct raw's table */
	uint64_t tail; /* entries ever read */
};

struct raw {
	const char *path; /* NULL: for who reads them here */
	FILE *spool; /* records; it has no name; NULL: raw_write() was there */
	int err;     /* errno: not all of them could be kept or written */
	struct raw_source source[RESULT_MAX_WINDOWS];
	unsigned int
		nr; /* entries of the two below, in order of metric_add() */
	uint32_t index[RESULT_MAX_WINDOWS]; /* of result_area.metrics */
	struct raw_metric metric[RESULT_MAX_WINDOWS];
};

/*
 * Opens the spool beside path, which is kept; NULL: no file will come of it,
 * and in_memory takes none of the disk either: where the sandbox lets nobody
 * make one any more.  Dies.
 */
struct raw *raw_open(const char *path, bool in_memory);

/* Takes what the guest has written; at most each ring once. */
void raw_drain(struct raw *raw, const struct vm *vm);

/*
 * Hands over all of them, in the order in which they were taken, with the
 * metric's index in result_area.metrics, which was checked; what the guest
 * wrote of the rest was not.  0, or -errno: not all of them can be read.
 */
typedef void raw_user(void *arg, uint32_t index, const struct raw_entry *e);
int raw_each(struct raw *raw, raw_user *use, void *arg);

/* How many of a metric's were lost, by the same index. */
uint64_t raw_lost_of(const struct raw *raw, uint32_t index);

/* Sums over all metrics. */
uint64_t raw_records(const struct raw *raw);
uint64_t raw_lost(const struct raw *raw);

/*
 * Writes the file: CSV if its name ends so, else binary.  Signals wait.  0, or
 * -errno with nothing left behind.  Once: the spool is gone after it.
 */
int raw_write(struct raw *raw, const struct ticks *ticks, uint64_t tsc_khz);

/* With its samples, written or not; NULL does nothing. */
void raw_free(struct raw *raw);

#endif
