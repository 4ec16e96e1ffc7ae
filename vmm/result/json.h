/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.h - what result files and sweeps have in common, over jansson, of which
 * this is the only user.
 */
#ifndef VMM_RESULT_JSON_H
#define VMM_RESULT_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "vmm/base/ticks.h"
#include "vmm/host/host.h"
#include "vmm/statistics/dist.h"

#define JSON_DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(15))

static inline json_t *number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static inline void set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static inline void set_text(json_t *object, const char *key, const char *value)
{
	set(object, key, json_string(value));
}

/* {"ns": ..., "cycles": ...}, or {"instructions": ...} */
json_t *json_ticks(const struct ticks *t, uint64_t tsc_khz, int64_t cycles);

/* "unit", and the step of one that is no time. */
void json_unit(json_t *object, const struct ticks *t);

/* [lowest value, width, count] of every bucket that is not empty. */
json_t *json_histogram(const struct dist *d);

/* The host as in a result file; the caller owns it. */
json_t *json_host(const struct host *h);

/* To a file, whole or not at all, or to "-"; 0 or -errno. */
int json_write(json_t *o, const char *path);

#endif
