/* SPDX-License-Identifier: BSD-2-Clause */
/* note.h - is a payload's note sane, and how much RAM does it ask for? */
#ifndef VMM_PAYLOAD_NOTE_H
#define VMM_PAYLOAD_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/payload.h"

/*
 * What one sample may take beyond its period before the run counts as hung: a
 * host that emulates the guest's ring 0 needs most of 0.1 ms for its loop.
 */
#define SAMPLE_US_DEFAULT 1000

/*
 * Checks every field and fills in what 0 stands for.  NULL, or a sentence
 * about the payload in error.
 */
const char *note_check(struct payload_note *note, char *error, size_t len);

/* One to len - 1 of a to z, 0 to 9 and _, then NUL. */
bool metric_name_ok(const char *name, size_t len);
bool note_metric_ok(const struct metric_desc *d);

/* How many windows to expect: a metric has one, and has a histogram. */
uint32_t note_windows(const struct payload_note *note, uint32_t nr_vcpus);

/* Bytes of histograms for that many vCPUs. */
uint64_t note_heap_len(const struct payload_note *note, uint32_t nr_vcpus);

#endif
