/* SPDX-License-Identifier: BSD-2-Clause */
/* write_parts.h - the parts of a result file; each function gives a new value.
 */
#ifndef VMM_RESULT_WRITE_PARTS_H
#define VMM_RESULT_WRITE_PARTS_H

#include "vmm/result/figures.h"
#include "vmm/result/json.h"

static inline json_t *time_value(const struct result *r, int64_t cycles)
{
	return json_ticks(&r->ticks, r->machine.tsc_khz, cycles);
}

/* The same for what is no single sample: with a fraction of a cycle. */
json_t *real_time(const struct result *r, double cycles);

/* The VM and its vCPUs; and what it is made of, for others. */
json_t *write_policy(const struct policy *p);
json_t *write_placed(const struct result_placed *p);
json_t *write_machine(const struct result *r);
json_t *write_lines(const char *first, size_t stride, unsigned int nr);
json_t *write_hex(uint64_t value); /* addresses, as people read them */
void write_place(json_t *o, const struct result_place *p);

/* One metric with its histogram; of one vCPU with its windows too. */
json_t *write_metric(const struct result *r, const struct result_metric *m);

/* A metric of several rounds: what each of them gave alone. */
json_t *write_rounds(const struct result *r, const struct result_metric *m);

/* The order of a metric's samples, which is there. */
json_t *write_bins(const uint32_t *bin, unsigned int nr);
json_t *write_phases(const struct result *r, const struct result_metric *m);
json_t *write_series(const struct series *s);

/* What --explain found out; key: what the number of a metric is of. */
json_t *write_explain(const struct result *r);
json_t *write_trace(const struct result_trace *t, const struct ticks *ticks,
		    uint64_t tsc_khz, const char *key);

/* What --exits did. */
json_t *write_exits(const struct result *r);

/* The windows of a metric, by vCPU. */
json_t *write_windows(const struct result *r, unsigned int index);

/* What --fail-if came to. */
json_t *write_thresholds(const struct result *r);

/* What happened on the CPUs of vCPUs that measured. */
json_t *write_proof(const struct result *r);

/* What --stress did. */
json_t *write_stress(const struct result *r);

/* From the first instruction to the last, of vCPUs that ended in order. */
json_t *write_whole_run(const struct result *r);

#endif
