/* SPDX-License-Identifier: BSD-2-Clause */
/* host.h - the fingerprint of the host: what could colour the figures. */
#ifndef VMM_HOST_HOST_H
#define VMM_HOST_HOST_H

#include <stdbool.h>
#include <stdint.h>

#define HOST_TEXT_LEN 160

/* A file of the kernel's and its first line. */
struct host_fact {
	char name[48];
	char value[112];
};
#define HOST_MAX_FACTS 64

struct host {
	char name[65];
	char command_line[512]; /* the kernel's */
	char microcode[32];
	/* parameters of the kvm modules: "kvm.halt_poll_ns", ... */
	unsigned int nr_kvm_parameters;
	struct host_fact kvm_parameters[HOST_MAX_FACTS];
	/* /sys/devices/system/cpu/vulnerabilities/ */
	unsigned int nr_mitigations;
	struct host_fact mitigations[HOST_MAX_FACTS];

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

/* Period of the host's tick in ns; 0: not known. */
uint32_t host_tick_ns(void);

/* The number that a file of the kernel's begins with, or otherwise. */
int64_t host_number(const char *path, int64_t otherwise);

#endif
