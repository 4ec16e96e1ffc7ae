/* SPDX-License-Identifier: BSD-2-Clause */
/* json.h - small helpers over jansson for the files report_json*.c. */
#ifndef VMM_REPORT_JSON_H
#define VMM_REPORT_JSON_H

#include <jansson.h>

#include "vmm/report/report.h"
#include "vmm/statistics/dist.h"

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

static inline json_t *time_value(const struct result *r, int64_t cycles)
{
	return json_ticks(&r->setup->config.ticks, r->vm->tsc_khz, cycles);
}

/* The same for what is no single sample: with a fraction of a cycle. */
json_t *real_time(const struct result *r, double cycles);

/* "unit", and the step of one that is no time. */
void json_unit(json_t *object, const struct ticks *t);

/* One metric with its histogram; of one vCPU with its windows too. */
json_t *json_metric(const struct result *r, const struct result_metric *m);

/* [lowest value, width, count] of every bucket that is not empty. */
json_t *json_histogram(const struct dist *d);

json_t *json_host(const struct host *h);

/* To a file, whole or not at all, or to "-"; 0 or -errno. */
int json_write(json_t *o, const char *path);

/* What --fail-if came to. */
json_t *json_thresholds(const struct result *r);

/* From the first instruction to the last, of vCPUs that ended in order. */
json_t *json_whole_run(const struct result *r);

#endif
