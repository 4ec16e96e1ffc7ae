/* SPDX-License-Identifier: BSD-2-Clause */
/* read_parts.h - the parts of reading a result file, in the order they need. */
#ifndef VMM_RESULT_READ_PARTS_H
#define VMM_RESULT_READ_PARTS_H

#include "vmm/result/reader.h"
#include "vmm/result/result.h"

/* vCPUs and statistics must be there before the metrics. */
void read_host(struct reader *rd, const json_t *file, struct host *h);
void read_policy(struct reader *rd, const json_t *vcpu, struct result_vcpu *v);
void read_placed(struct reader *rd, const json_t *machine,
		 struct result_placed *p);
void read_machine(struct reader *rd, const json_t *file, struct result *r);
void read_metrics(struct reader *rd, const json_t *file, struct result *r);
void read_whole_run(struct reader *rd, const json_t *file, struct result *r);
/* Of checks, thresholds and the break, which name metrics. */
void read_judged(struct reader *rd, const json_t *file, struct result *r);
void read_crash(struct reader *rd, const json_t *file, struct result *r);
void read_devices(struct reader *rd, const json_t *file, struct result *r);

/* After the vCPUs, which it is of. */
void read_proof(struct reader *rd, const json_t *file, struct result *r);

/* The same. */
void read_stress(struct reader *rd, const json_t *file, struct result *r);

/* After the metrics, which it is of. */
void read_explain(struct reader *rd, const json_t *file, struct result *r);

/* After the vCPUs, which it is of. */
void read_exits(struct reader *rd, const json_t *file, struct result *r);

/* A place in the code: rip, symbol, instruction. */
void read_place(struct reader *rd, const json_t *o, struct result_place *p);

/* One window of a metric, of the vCPU that it names. */
void read_window(struct reader *rd, const json_t *o, unsigned int metric,
		 struct result *r);

/*
 * The order of m's samples, where the file has it, and it is possible: the
 * histograms are there before.
 */
/* [number of the bin, its samples], of those that have any. */
void read_bins(struct reader *rd, const json_t *a, const char *key,
	       uint32_t *bin, unsigned int nr_bins);
void read_phases(struct reader *rd, const json_t *o, struct result_metric *m);
void read_series(struct reader *rd, const json_t *o, struct result_metric *m);

/*
 * The rounds of m, where o has them.  Of merged metrics once they are made: by
 * their order in the file, which must be theirs.
 */
void read_rounds(struct reader *rd, const json_t *o, struct result_metric *m);
void read_merged_rounds(struct reader *rd, const json_t *file,
			struct result *r);

/* Entries of a file's array of text, stride bytes each; how many. */
unsigned int read_lines(struct reader *rd, const json_t *o, const char *key,
			char *first, size_t stride, unsigned int max);

#endif
