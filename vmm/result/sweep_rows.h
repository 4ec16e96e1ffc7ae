/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sweep_rows.h - what a sweep gave: a row for each combination of values, its
 * samples those of all rounds together.
 */
#ifndef VMM_RESULT_SWEEP_ROWS_H
#define VMM_RESULT_SWEEP_ROWS_H

#include "vmm/result/grid.h"
#include "vmm/result/result.h"
#include "vmm/statistics/dist.h"

#define SWEEP_SCHEMA "latvisor-sweep/1"

struct sweep_row {
	struct hist *late;  /* all rounds together; NULL: no samples yet */
	struct hist *early; /* NULL: the metric is not signed */
	uint64_t missed;
	uint64_t exits;	   /* by KVM's count; with exits_of 0 it is not known */
	uint64_t exits_of; /* samples of the windows they were counted in */
	double window_ns;  /* all windows together; 0: there were none */
	double cpu_ns;	   /* CPU time of the vCPUs' threads in them */
	int status;	   /* exit status, the worst of all rounds */
	unsigned int rounds;	      /* that it took part in */
	struct analysis *each;	      /* rounds: of all vCPUs in it */
	char reason[RESULT_TEXT_LEN]; /* of a status that is not 0 */
	unsigned int nr_warnings;     /* of all rounds */
	char (*warnings)[RESULT_TEXT_LEN];
	char *path; /* of KVM, that its first round took; NULL: none was made */
	struct result_trace trace; /* --explain; a metric's number: its vCPU */
};

struct sweep {
	const struct payload_note *note;
	struct grid grid;
	struct sweep_row *rows; /* grid.nr_rows */
	unsigned int rounds;	/* done whole */
	unsigned int rounds_want;
	char metric[64];  /* whose samples these are */
	char others[256]; /* the payload's other metrics */
	uint64_t tsc_khz;
	struct ticks ticks;
	bool interrupted; /* by a signal */
	bool stuck;	  /* a vCPU did not leave its guest: the end */
	struct host host;
	struct result_placed placed;
	uint32_t nr_vcpus;
	int host_cpu[MAX_VCPUS];
};

/* All samples of a row, of every round; the row owns what it points to. */
static inline struct dist sweep_dist(const struct sweep_row *row)
{
	return (struct dist){.late = row->late, .early = row->early};
}

/* A percentile of one round, the least and the most, in cycles. */
struct sweep_spread {
	int64_t least, most;
};
struct sweep_spread sweep_spread(const struct sweep_row *row, int quantile);

/* All rounds: bounds are those of the host. */
void sweep_analyse(const struct sweep_row *row, struct analysis *a);

/* In the unit of the reports; 0 while there was no run. */
static inline double sweep_value(const struct sweep *s, double cycles)
{
	return s->tsc_khz ? ticks_value(&s->ticks, cycles, s->tsc_khz) : 0;
}

/*
 * Adds a round's samples of the sweep's metric, what their windows counted, and
 * what --explain found; round: from 1.  Dies where there is no memory.
 */
void sweep_row_add(struct sweep_row *row, const struct result *r,
		   const char *metric, unsigned int round);

/* After the last round. */
void sweep_rows_end(struct sweep_row *rows, unsigned int nr);

/* Frees what nr rows point to, not the rows. */
void sweep_rows_free(struct sweep_row *rows, unsigned int nr);

#endif
