/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idle.h - waiting for an interrupt in each of the ways that a host offers,
 * and sending an IPI in each of them: abi/modes.h.  The vmm has set the VM up
 * for what the parameters say.
 */
#ifndef FW_IDLE_H
#define FW_IDLE_H

#include "guest-firmware/abi/modes.h"
#include "guest-firmware/abi/result.h"
#include "guest-firmware/irq.h"
#include "guest-firmware/lapic.h"
#include "guest-firmware/param.h"
#include "guest-firmware/pv.h"
#include "guest-firmware/x86.h"

struct idle {
	enum idle_mode mode;
	uint64_t poll_tsc; /* IDLE_GUEST_POLL */
};

/* For a payload's .params, and what their values mean. */
#define PARAM_DESC_IDLE                                            \
	{                                                          \
		.name = "idle",                                    \
		.help = "how the vCPU waits: docs/suite/modes.md", \
		.choices = IDLE_CHOICES, .kind = PARAM_ENUM,       \
		.role = PARAM_ROLE_IDLE,                           \
	}
#define PARAM_DESC_POLL_NS                                                  \
	{                                                                   \
		.name = "poll_ns",                                          \
		.help = "idle=halt-poll, guest-poll: poll that long first", \
		.kind = PARAM_U64, .role = PARAM_ROLE_POLL_NS, .min = 1000, \
		.max = 1000000000, .def = 200000,                           \
	}
#define PARAM_DESC_DELIVERY                                        \
	{                                                          \
		.name = "delivery", .help = "how the IPI is sent", \
		.choices = DELIVERY_CHOICES, .kind = PARAM_ENUM,   \
		.role = PARAM_ROLE_DELIVERY,                       \
	}

struct idle idle_load(const struct param_value *idle,
		      const struct param_value *poll_ns);

/* On each vCPU that waits, before its window: tells KVM not to poll. */
void idle_prepare(const struct idle *idle);

/* Is each wait that sleeps one exit of HLT that KVM counts? */
static inline bool idle_blocks(const struct idle *idle)
{
	return idle->mode == IDLE_HLT || idle->mode == IDLE_HALT_POLL;
}

/* How far it is on its way to sleep before it can be woken up. */
static inline enum vcpu_rest idle_rest(const struct idle *idle)
{
	if (idle->mode == IDLE_HLT)
		return REST_ASLEEP;
	return idle->mode == IDLE_HALT_POLL ? REST_HALTED : REST_NONE;
}

/*
 * Who is going to wake up that vCPU, which has said that it is about to idle:
 * returns when it has come that far, which only the host knows.  One exit, and
 * none that a sample is charged with.
 */
enum wake_path idle_await(const struct idle *idle, uint32_t vcpu);

/*
 * The same, for a rest of any kind.  Both: how it was woken since it was asked
 * about before.
 */
enum wake_path vcpu_woken(uint32_t vcpu, enum vcpu_rest rest);

/* Waits until an interrupt was handled: irq.h. */
static inline void idle_wait(const struct idle *idle)
{
	switch (idle->mode) {
	case IDLE_SPIN:
		irq_spin();
		break;
	case IDLE_GUEST_POLL:
		irq_poll_halt(rdtsc() + idle->poll_tsc);
		break;
	case IDLE_MWAIT:
		irq_mwait();
		break;
	default:
		irq_halt();
		break;
	}
}

struct delivery_way {
	enum delivery way;
	bool vmmcall; /* DELIVERY_PV */
};

struct delivery_way delivery_load(const struct param_value *delivery);

/*
 * Begins step 0 of the payload, which becomes SKIP where the hypercall never
 * returns; false: it did, leave it out.  first_ms: the longest that it takes
 * to the first sample.  To be followed by the payload's first metric.
 */
bool delivery_begin(const struct delivery_way *d, uint64_t first_ms);

/*
 * Sends vector to a vCPU, an NMI whatever the vector with DELIVERY_NMI.  The
 * clock just before.
 */
static inline uint64_t delivery_send(const struct delivery_way *d,
				     uint32_t vcpu, uint32_t vector)
{
	uint64_t t0;

	if (d->way == DELIVERY_NMI)
		return lapic_ipi_timed(vcpu, LAPIC_ICR_NMI);
	if (d->way != DELIVERY_PV)
		return lapic_ipi_timed(vcpu, vector);
	mfence(); /* as in lapic_icr_ready() */
	t0 = rdtsc_ordered();
	/* A bitmap of APIC ids that begins at the one meant. */
	pv_hypercall(d->vmmcall, KVM_HC_SEND_IPI, 1, 0, vcpu, vector);
	me()->counts.ipis++;
	return t0;
}

/*
 * The target's side: delivery_expect() on its vCPU before the sender may send,
 * then delivery_await() until it came, then delivery_end().
 */
static inline void delivery_expect(const struct delivery_way *d)
{
	if (d->way != DELIVERY_NMI)
		return;
	me()->irq_vector = 0;
	me()->nmi_ok = 1;
}

void delivery_await_nmi(const struct idle *idle);

static inline void delivery_await(const struct delivery_way *d,
				  const struct idle *idle, uint32_t vector)
{
	if (d->way == DELIVERY_NMI) {
		delivery_await_nmi(idle);
		return;
	}
	do
		idle_wait(idle);
	while (me()->irq_vector != vector);
}

static inline void delivery_end(const struct delivery_way *d)
{
	if (d->way == DELIVERY_NMI)
		me()->nmi_ok = 0;
	else
		lapic_eoi();
}

#endif
