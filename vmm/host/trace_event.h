/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_event.h - what the host's kernel records while a guest runs: the events
 * that --explain and --exits know (Documentation/trace/events.rst), each as a
 * moment, a CPU, a thread and some numbers.
 */
#ifndef VMM_HOST_TRACE_EVENT_H
#define VMM_HOST_TRACE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* In the order of trace_kinds. */
enum trace_kind {
	TRACE_KVM_EXIT,	    /* a: reason, b: the guest's rip, c: whose reasons:
			       exit_reason.h */
	TRACE_KVM_ENTRY,    /* a: vCPU */
	TRACE_KVM_APIC_IPI, /* a: ICR, low half; b: destination */
	TRACE_KVM_ACCEPT_IRQ,  /* a: APIC ID, b: vector */
	TRACE_KVM_VCPU_WAKEUP, /* a: ns of the halt, b: 0: by polling */
	TRACE_WAKING,	       /* a: thread, b: CPU */
	TRACE_WAKEUP,	       /* a: thread, b: CPU */
	TRACE_SWITCH, /* a: thread that is next, b: the last one's state, 0: it
			 would go on; c: priority of the next, below 100:
			 real-time */
	TRACE_CALL_IPI, /* call_function_single_entry */
	TRACE_RESCHEDULE_IPI,
	TRACE_LOCAL_TIMER,
	TRACE_LOCAL_TIMER_EXIT,
	TRACE_HRTIMER,	    /* a: function's address; text: its name */
	TRACE_IRQ,	    /* a: number; text: name */
	TRACE_IRQ_EXIT,	    /* a: number */
	TRACE_SOFTIRQ,	    /* a: number, include/linux/interrupt.h */
	TRACE_SOFTIRQ_EXIT, /* a: number */
	TRACE_IRQ_WORK,
	TRACE_IRQ_WORK_EXIT,
	TRACE_WORK,	   /* a: function's address; text: its name */
	TRACE_WORK_END,	   /* a: function's address; text: its name */
	TRACE_TICK_STOP,   /* a: it could, b: what hinders it */
	TRACE_PAGE_FAULT,  /* a: the guest's address */
	TRACE_WAIT_EXPIRE, /* a: cycles too late, signed */
	TRACE_HV_TIMER,	   /* b: the CPU's own timer is used */
	TRACE_KVM_MSI,	   /* b: message's data */
	TRACE_KVM_MSR,	   /* a: MSR, b: value, c: 1: written */
	TRACE_KVM_PIO,	   /* a: port, b: bytes, c: 1: written */
	TRACE_KVM_MMIO,	   /* a: the guest's address, b: bytes, c: MMIO_* */
	TRACE_HYPERCALL,   /* a: number */
	TRACE_KVM_APIC,	   /* a: register's offset, c: 1: written */
	TRACE_USERSPACE,   /* a: KVM_EXIT_*, b: 0, or -errno of KVM_RUN */
	NR_TRACE_KINDS
};

/* A set of kinds: bit k is enum trace_kind k. */
#define TRACE_BIT(kind) (1ull << (kind))
#define TRACE_ALL	(TRACE_BIT(NR_TRACE_KINDS) - 1)

/* What --explain wants, and what --exits does. */
#define TRACE_EXPLAIN (TRACE_BIT(TRACE_KVM_MSR) - 1)
#define TRACE_EXITS                                               \
	(TRACE_BIT(TRACE_KVM_EXIT) | TRACE_BIT(TRACE_KVM_ENTRY) | \
	 TRACE_BIT(TRACE_PAGE_FAULT) |                            \
	 (TRACE_ALL & ~(TRACE_BIT(TRACE_KVM_MSR) - 1)))

/* Of TRACE_KVM_MMIO, include/trace/events/kvm.h. */
#define TRACE_MMIO_READ_UNSATISFIED 0 /* the rest comes from userspace */
#define TRACE_MMIO_READ		    1
#define TRACE_MMIO_WRITE	    2

struct trace_event {
	uint64_t tsc;
	uint64_t a, b, c;
	int32_t tid;   /* that ran then; 0: the CPU's idle task */
	uint32_t text; /* trace_log's; 0: none.  TRACE_SWITCH: next's name */
	uint16_t cpu;
	uint8_t kind; /* enum trace_kind */
};

/* A kind's place in tracefs, and where its numbers and its text are. */
struct trace_kind_desc {
	const char *group, *name;
	const char *a, *b, *text, *c; /* fields; NULL: it has none */
	bool has_function;	      /* a is the address of one */
};
extern const struct trace_kind_desc trace_kinds[NR_TRACE_KINDS];

/* One of KVM's? */
static inline bool trace_kind_is_kvm(unsigned int kind)
{
	return strcmp(trace_kinds[kind].group, "kvm") == 0;
}

/* "sched_waking"; the kind was checked. */
static inline const char *trace_kind_name(unsigned int kind)
{
	return trace_kinds[kind].name;
}

#endif
