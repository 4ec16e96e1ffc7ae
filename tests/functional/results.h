/* SPDX-License-Identifier: BSD-2-Clause */
/* results.h - what must hold in every result, whatever was measured. */
#ifndef FUNC_RESULTS_H
#define FUNC_RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/functional/func.h"

/* Fails, naming the key, where the value is missing or of another type. */
int64_t get_int(const json_t *object, const char *key);
const char *get_text(const json_t *object, const char *key);
bool get_bool(const json_t *object, const char *key);
json_t *get_array(const json_t *object, const char *key);

/* The cycles of {"ns": ..., "cycles": ...}, or of {"instructions": ...}. */
int64_t cycles_of(const json_t *figure);
/* In us; of instructions by the clock that they are. */
int64_t us_of(const json_t *result, const json_t *figure);
int64_t get_cycles(const json_t *object, const char *key);

/* The result's figures are instructions: its host's TSC counts them. */
bool is_insns(const json_t *result);

/* Its first line says that the clock counts instructions; or does not. */
void must_announce(const char *out, bool insns);

/* The text of a verdict's exit status; NULL: it is none. */
const char *status_verdict(int status);

/*
 * The program ended by itself, and its exit status, the verdict and the result
 * file agree.
 */
void must_be_whole(const struct run *r);

/* PASS, or a host too slow for a period: no test wants a latency. */
bool has_passed(const struct run *r);

/* The same, and everything in it holds: must_be_result(), agreeing checks. */
void must_pass(const struct run *r);

/* SKIP, status 77, and a reason was given. */
bool is_skip(const struct run *r);

/* Metrics, quantiles, histograms and worst lists contradict nothing. */
void must_be_result(const json_t *result);

/* NULL: there is none. */
json_t *find_metric(const json_t *result, const char *name, int64_t vcpu);
json_t *find_window(const json_t *metric, int64_t vcpu);

/* The statistics of a device; fails where it has none. */
json_t *device_stats(const struct run *r, const char *name);

/* KVM's count in a window; -1: it did not change, or KVM has none. */
int64_t kvm_count(const json_t *window, const char *name);

/*
 * What may end a halt beside what is waited for: a timer that is a second
 * ahead, once a second at most.  In a window that was as short as it should be,
 * nothing.
 */
int64_t late_timers(const json_t *window);

/*
 * No sample of a timer comes before its time, by more than its clock drifts
 * in the seconds that it was set ahead.
 */
void must_not_be_early(const json_t *result, const json_t *metric,
		       int64_t seconds);

#endif
