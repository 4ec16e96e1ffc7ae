/* SPDX-License-Identifier: BSD-2-Clause */
/* stage_table.c - see stage_table.h. */
#include <string.h>

#include "vmm/result/stage_table.h"

/* clang-format off */
#define STAGE(stage, event, whose) \
	{.name = (stage), .kind = (event), .owner = (whose)}
#define SENT(stage, event, whose) \
	{.name = (stage), .kind = (event), .owner = (whose), .is_sent = true}

/* Of an IPI: from its sender's guest into another vCPU's APIC. */
#define SEND(prefix, by)                                   \
	STAGE(prefix "exit", TRACE_KVM_EXIT, by),          \
	SENT(prefix "icr", TRACE_KVM_APIC_IPI, by),        \
	SENT(prefix "ipi", TRACE_KVM_ACCEPT_IRQ, by)

/* Of a vCPU that sleeps: from the reason to wake it to the end of its halt. */
#define WAKE(prefix, of, by)                               \
	STAGE(prefix "kick", TRACE_WAKING, of),            \
	STAGE(prefix "wakeup", TRACE_WAKEUP, of),          \
	STAGE(prefix "schedule", TRACE_SWITCH, of),        \
	STAGE(prefix "unblock", TRACE_KVM_VCPU_WAKEUP, by)

#define ENTER(prefix, by) STAGE(prefix "entry", TRACE_KVM_ENTRY, by)
#define END(name, by)     STAGE(name, NR_TRACE_KINDS, by)

/* KVM's timer of a vCPU, arch/x86/kvm/lapic.c: other timers interrupt too. */
#define TIMER_INTERRUPT                                    \
	{.name = "interrupt", .kind = TRACE_LOCAL_TIMER,   \
	 .owner = ON_ITS_CPU, .with_next = true},          \
	{.name = "hrtimer", .kind = TRACE_HRTIMER,         \
	 .owner = ON_ITS_CPU, .function = "apic_timer_fn"}
/* clang-format on */

/* Who has the handler is the target; of a round trip, who is asked. */
static const struct stage ipi[] = {
	SEND("", BY_SENDER),
	WAKE("", OF_TARGET, BY_TARGET),
	ENTER("", BY_TARGET),
	END("handler", BY_TARGET),
};

static const struct stage timer[] = {
	TIMER_INTERRUPT,
	WAKE("", OF_TARGET, BY_TARGET),
	STAGE("inject", TRACE_KVM_ACCEPT_IRQ, BY_TARGET),
	ENTER("", BY_TARGET),
	END("handler", BY_TARGET),
};

static const struct stage rtt[] = {
	SEND("", BY_SENDER),
	WAKE("", OF_TARGET, BY_TARGET),
	ENTER("", BY_TARGET),
	SEND("back-", BY_TARGET),
	WAKE("back-", OF_SENDER, BY_SENDER),
	ENTER("back-", BY_SENDER),
	END("back-handler", BY_SENDER),
};

static const struct stage pulse[] = {
	SENT("eventfd", TRACE_KVM_MSI, TO_TARGET),
	SENT("msi", TRACE_KVM_ACCEPT_IRQ, TO_TARGET),
	WAKE("", OF_TARGET, BY_TARGET),
	ENTER("", BY_TARGET),
	END("handler", BY_TARGET),
};

static const struct stage self[] = {
	SENT("exit", TRACE_KVM_EXIT, BY_TARGET),
	STAGE("host", TRACE_KVM_ENTRY, BY_TARGET),
	END("guest", BY_TARGET),
};

#define KIND(text, list)                                 \
	{                                                \
		text, list, sizeof(list) / sizeof(*list) \
	}
static const struct {
	const char *name;
	const struct stage *stages;
	unsigned int nr;
} kinds[NR_SPAN_KINDS] = {
	[SPAN_SELF] = KIND("own", self),
	[SPAN_IPI] = KIND("ipi", ipi),
	[SPAN_TIMER] = KIND("timer", timer),
	[SPAN_RTT] = KIND("round_trip", rtt),
	[SPAN_PULSE] = KIND("pulse", pulse),
};

_Static_assert(sizeof(rtt) / sizeof(*rtt) == STAGES_MAX, "the longest");

const char *span_kind_name(enum span_kind kind)
{
	return kinds[kind].name;
}

unsigned int stages_nr(enum span_kind kind)
{
	return kinds[kind].nr;
}

enum trace_kind stage_event(enum span_kind kind, unsigned int i)
{
	return kinds[kind].stages[i].kind;
}

bool stage_is_target(enum span_kind kind, unsigned int i)
{
	enum owner owner = kinds[kind].stages[i].owner;

	return owner != BY_SENDER && owner != OF_SENDER;
}

unsigned int stage_first(uint32_t mask, unsigned int i)
{
	while (i > 0 && !(mask & 1u << (i - 1)))
		i--;
	return i;
}

void stage_name(enum span_kind kind, uint32_t mask, unsigned int i,
		char name[STAGE_NAME_LEN])
{
	unsigned int first = stage_first(mask, i);
	size_t len = 0;

	name[0] = '\0';
	for (; first <= i; first++) {
		const char *part = kinds[kind].stages[first].name;
		size_t n = strlen(part);

		if (len + n + 2 > STAGE_NAME_LEN)
			return;
		if (len)
			name[len++] = '+';
		memcpy(name + len, part, n + 1);
		len += n;
	}
}

const struct stage *stage_list(enum span_kind kind)
{
	return kinds[kind].stages;
}
