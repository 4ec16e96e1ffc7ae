/* SPDX-License-Identifier: BSD-2-Clause */
/* host.h - the fingerprint of the host: what could colour the figures. */
#ifndef VMM_HOST_HOST_H
#define VMM_HOST_HOST_H

#include <stdbool.h>
#include <stdint.h>

#define HOST_TEXT_LEN 160

struct host {
	char cpu_model[HOST_TEXT_LEN];
	char kernel[HOST_TEXT_LEN];	/* release and version */
	char kvm_module[HOST_TEXT_LEN]; /* kvm_intel, kvm_amd, kvm_pvm ... */
	char clocksource[HOST_TEXT_LEN];
	char isolated[HOST_TEXT_LEN]; /* CPU list, may be empty */
	char nohz_full[HOST_TEXT_LEN];
	char governor[HOST_TEXT_LEN];	/* of CPU 0; empty: none */
	char hypervisor[HOST_TEXT_LEN]; /* CPUID's; empty: bare metal */
	int realtime_kernel;		/* PREEMPT_RT */
	int64_t rt_runtime_us; /* sched_rt_runtime_us; -1: off, unknown */
	int64_t halt_poll_ns;  /* kvm's parameter; -1: unknown */
	unsigned int nr_cpus;  /* online */
	bool idle_hlt;	       /* a HLT may not exit while an interrupt waits */
};

/* What cannot be read is empty, or -1. */
void host_read(struct host *host);

/* The number that a file of the kernel's begins with, or otherwise. */
int64_t host_number(const char *path, int64_t otherwise);

#endif
