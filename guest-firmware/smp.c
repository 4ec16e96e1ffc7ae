/* SPDX-License-Identifier: BSD-2-Clause */
/* smp.c - handing jobs to the other vCPUs; the other half is fw_main.c. */
#include <stdatomic.h>

#include "guest-firmware/control.h"
#include "guest-firmware/lapic.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/smp.h"
#include "guest-firmware/x86.h"

struct percpu *fw_percpu(uint32_t vcpu)
{
	return (struct percpu *)(fw_boot->vcpu_area +
				 (uint64_t)vcpu * VCPU_AREA_LEN +
				 VCPU_AREA_PERCPU);
}

void on_vcpu(uint32_t vcpu, void (*fn)(void *arg), void *arg)
{
	struct percpu *p = fw_percpu(vcpu);

	vcpu_join(vcpu);
	p->job_arg = arg;
	/* Pairs with the acquire in idle(): job_arg is there with it. */
	atomic_store_explicit(&p->job_fn, fn, memory_order_release);
	if (fw_boot->flags & BOOT_LAPIC)
		lapic_ipi(vcpu, VECTOR_WORK);
}

void vcpu_join(uint32_t vcpu)
{
	struct percpu *p = fw_percpu(vcpu);

	while (atomic_load_explicit(&p->job_fn, memory_order_acquire))
		cpu_relax();
}
