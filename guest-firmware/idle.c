/* SPDX-License-Identifier: BSD-2-Clause */
/* idle.c - the parts of idle.h that are not on a measured path. */
#include "guest-firmware/idle.h"
#include "guest-firmware/abi/modes.h"
#include "guest-firmware/abi/payload.h"
#include "guest-firmware/control.h"
#include "guest-firmware/irq.h"
#include "guest-firmware/metric.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/pv.h"
#include "guest-firmware/x86.h"

struct idle idle_load(const struct param_value *idle,
		      const struct param_value *poll_ns)
{
	return (struct idle){
		.mode = (enum idle_mode)idle->lo,
		.poll_tsc = poll_ns->lo * fw_boot->tsc_khz / 1000000,
	};
}

/* Where KVM lacks the MSR the vmm has switched its polling off for the VM. */
void idle_prepare(const struct idle *idle)
{
	if (idle->mode == IDLE_GUEST_POLL &&
	    pv_features() & KVM_FEATURE_POLL_CONTROL)
		wrmsr(MSR_KVM_POLL_CONTROL, 0);
}

enum wake_path idle_await(const struct idle *idle, uint32_t vcpu)
{
	enum vcpu_rest rest = idle_rest(idle);

	return rest == REST_NONE ? WAKE_UNKNOWN : vcpu_woken(vcpu, rest);
}

enum wake_path vcpu_woken(uint32_t vcpu, enum vcpu_rest rest)
{
	uint8_t *woken = &fw_result()->woken[me()->id];

	fw_control(CTL_AWAIT_REST, CTL_REST_ARG(vcpu, rest));
	return (enum wake_path)__atomic_load_n(woken, __ATOMIC_RELAXED);
}

struct delivery_way delivery_load(const struct param_value *delivery)
{
	enum delivery way = (enum delivery)delivery->lo;

	return (struct delivery_way){
		.way = way,
		.vmmcall = way == DELIVERY_PV && pv_has_vmmcall(),
	};
}

bool delivery_begin(const struct delivery_way *d, uint64_t first_ms)
{
	if (d->way != DELIVERY_PV)
		return true;
	return step_begin(0, RUN_MAX_S * 1000ull, first_ms + 1000);
}

/* Interrupts stay off: an NMI needs them not, and no other one is due. */
void delivery_await_nmi(const struct idle *idle)
{
	struct percpu *p = me();
	uint64_t until = rdtsc() + idle->poll_tsc;

	switch (idle->mode) {
	case IDLE_GUEST_POLL:
		while (p->irq_vector == 0 && rdtsc() < until)
			cpu_relax();
		break;
	case IDLE_SPIN:
		while (p->irq_vector == 0)
			cpu_relax();
		break;
	case IDLE_MWAIT:
		while (p->irq_vector == 0) {
			asm volatile("monitor"
				     :
				     : "a"(&p->irq_vector), "c"(0), "d"(0)
				     : "memory");
			if (p->irq_vector == 0)
				asm volatile("mwait" : : "a"(0), "c"(0));
		}
		break;
	default:
		break;
	}
	while (p->irq_vector == 0)
		irq_halt_nmi();
}
