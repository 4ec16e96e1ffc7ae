/* SPDX-License-Identifier: BSD-2-Clause */
/* stress_plan.h - what --stress asks for, and whether this host can. */
#ifndef VMM_RUN_STRESS_PLAN_H
#define VMM_RUN_STRESS_PLAN_H

#include "vmm/host/placement.h"
#include "vmm/run/stress.h"

#define STRESS_MOST	16 /* of --stress */
#define STRESS_JOINED	8  /* at once: "cpu+mem" */
#define STRESS_TEXT_LEN 96
#define STRESS_HOW_LEN	320

/* One of --stress: what runs at the same time. */
struct stress_mix {
	char name[STRESS_TEXT_LEN]; /* "cpu+mem" */
	unsigned int nr;
	const struct stress *parts[STRESS_JOINED];
};

struct stress_plan {
	unsigned int nr;
	struct stress_mix mixes[STRESS_MOST];
};

/* "cpu,mem,irq+timer"; a sentence where it is wrong, else NULL; why: room. */
const char *stress_parse(struct stress_plan *plan, const char *text, char *why,
			 size_t len);

/* Why this host cannot do all of it, a sentence in why; false: it can. */
bool stress_lacks(const struct stress_plan *plan, const struct stress_host *h,
		  char *why, size_t len);

/* The host as the vCPUs are placed on it. */
void stress_place(struct stress_host *h, const struct placement *p,
		  unsigned int nr_vcpus);

#endif
