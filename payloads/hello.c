/* SPDX-License-Identifier: BSD-2-Clause */
/* hello.c - the smallest payload: every vCPU says hello. */
#include "guest-firmware/fw.h"

static void greet(void *arg)
{
	(void)arg;
	print("hello from vCPU %u\n", (unsigned int)me()->id);
}

static void hello(void)
{
	greet(NULL);
	for (uint32_t i = 1; i < nr_vcpus(); i++) {
		on_vcpu(i, greet, NULL);
		vcpu_join(i);
	}
}

PAYLOAD("hello", hello,
	.summary = "the smallest payload: every vCPU says hello",
	.max_vcpus = MAX_VCPUS, .limit_ms = 2000);
