/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stress.h - the same payload beside a disturbance that was made on purpose:
 * what it does to each metric.  A part of result.h, whose own metrics are of
 * the quiet rounds between.
 */
#ifndef VMM_RESULT_STRESS_H
#define VMM_RESULT_STRESS_H

#include <stdint.h>

#include "vmm/base/verdict.h"
#include "vmm/statistics/analysis.h"

#define RESULT_MAX_STRESS 16

/* A metric beside it; the quiet one has the same name, vCPU and set. */
struct stress_row {
	char name[64];
	uint32_t vcpu;
	uint64_t vcpu_set;
	struct analysis a; /* count, min, max and what is shown of quantiles */
};

struct result_stress {
	char name[96]; /* as --stress has it: "cpu+mem" */
	char cpus[96]; /* where it was, a list */
	char how[320]; /* by which program, how much */
	uint64_t done;
	unsigned int rounds;
	enum verdict verdict; /* of its rounds */
	char reason[320];
	unsigned int nr_warnings; /* that they had */
	unsigned int nr_rows;
	struct stress_row *rows;
};

#endif
