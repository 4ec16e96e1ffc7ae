/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tune_plan.h - what latvisor tune would change on a host, looked up in the
 * knobs (knob.h), and what it leaves as it is.
 */
#ifndef VMM_HOST_TUNE_PLAN_H
#define VMM_HOST_TUNE_PLAN_H

#include "vmm/host/knob.h"

struct tune_wish {
	uint64_t l3;  /* bits of the cache for the vCPUs' CPUs; 0: no class */
	bool holds;   /* it holds cpu_dma_latency by itself */
	bool command; /* something runs there, with threads besides vCPUs' */
};

struct tune_change {
	const struct knob *knob;
	const struct knob_file *file;
	char path[2 * CHECK_PATH_LEN];
	char old[KNOB_VALUE_LEN]; /* "": of KNOB_MAKE and KNOB_PUT */
	char value[KNOB_VALUE_LEN];
};

#define TUNE_WHY_LEN 256

/* A knob that changes nothing. */
struct tune_rest {
	const struct knob *knob;
	bool is_good;		/* it is as it should be */
	char why[TUNE_WHY_LEN]; /* else: why it is left out */
};

struct tune_plan {
	const struct check_host *host;
	const struct tune_wish *wish;
	struct tune_change *list;
	size_t nr, room;
	struct tune_rest *rest;
	size_t nr_rest;
	/* Of the knob that is looked at: */
	size_t nr_files;	/* files that it has here */
	char why[TUNE_WHY_LEN]; /* the first reason against it */
};

/* Dies without memory. */
void tune_plan_make(struct tune_plan *p, const struct check_host *h,
		    const struct tune_wish *wish);
void tune_plan_free(struct tune_plan *p);

/* For knobs: each file of k that is there, if its value is to be another. */
void tune_plan_files(const struct knob *k, struct tune_plan *p);

/* One change more; old and value are copied. */
void tune_plan_add(struct tune_plan *p, const struct knob *k,
		   const struct knob_file *file, const char *path,
		   const char *old, const char *value);

/* It is left out, for the first reason that is given. */
void tune_plan_why(struct tune_plan *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
