/* SPDX-License-Identifier: BSD-2-Clause */
/* sandbox_wish.h - what a run wants of the sandbox: sandbox.h. */
#ifndef VMM_HOST_SANDBOX_WISH_H
#define VMM_HOST_SANDBOX_WISH_H

#include <stdbool.h>

/* What a run needs beyond what every run does. */
enum sandbox_need {
	NEED_COUNTERS = 1 << 0, /* KVM's tracepoints are counted */
	NEED_LAZY = 1 << 1,	/* a dirty log, pages that come later */
	NEED_PRIORITY = 1 << 2, /* vCPUs change their own priority */
	NEED_RUNS = 1 << 3,	/* other VMs come after this one */
	NEED_TRACE = 1 << 4,	/* a trace instance is removed at the end */
	NEED_DEADLINE = 1 << 5, /* a thread gives itself SCHED_DEADLINE */
	NEED_NODES = 1 << 6,	/* of NEED_RUNS: memory of some nodes only */
};

#define SANDBOX_MAX_FILES 7

struct sandbox_wish {
	bool off;	    /* --no-sandbox */
	unsigned int needs; /* enum sandbox_need */
	/* Results, made beside where their names lead to; NULL: none. */
	const char *files[SANDBOX_MAX_FILES];
	const char *payloads; /* what NEED_RUNS reads them from; a file there */
};

#endif
