/* SPDX-License-Identifier: BSD-2-Clause */
/* sandbox_calls.h - which system calls each kind of thread may make. */
#ifndef VMM_HOST_SANDBOX_CALLS_H
#define VMM_HOST_SANDBOX_CALLS_H

#include <linux/filter.h>

/* A filter has those of one or several. */
enum sandbox_set {
	SET_FILES = 1 << 0,    /* the main thread at the end */
	SET_MAIN = 1 << 1,     /* and before that, while a guest runs */
	SET_RUNS = 1 << 2,     /* beside it, where other VMs come after */
	SET_TRACE = 1 << 3,    /* beside it, to open counters */
	SET_VCPU = 1 << 4,     /* a vCPU's thread */
	SET_COUNTERS = 1 << 5, /* beside it, to use counters */
	SET_LAZY = 1 << 6,     /* beside it, for lazy memory */
	SET_PRIORITY = 1 << 7, /* beside it, to change its priority */
	SET_WORKER = 1 << 8,   /* a device's thread */
	SET_INSTANCE = 1 << 9, /* beside SET_MAIN, to remove a trace instance */
	SET_INSTANCES = 1 << 10, /* beside it, to make one for another VM */
	/* beside it, for a vCPU's thread until it has its own filter */
	SET_DEADLINE = 1 << 11,
	SET_NODES = 1 << 12, /* beside SET_RUNS, for another VM's memory */
};

/*
 * Makes a filter that lets the calls of these sets through and traps any other
 * one.  Its instructions are malloc()ed; .filter NULL: why is in errno.
 */
struct sock_fprog sandbox_filter(unsigned int sets);

#endif
