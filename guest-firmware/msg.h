/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg.h - a vCPU that waits for messages as the idle loop of an operating
 * system does: it moves its tick out of the way, waits, and sets the tick up
 * again.  Each of these is a write of the APIC timer, an exit on most hosts.
 */
#ifndef FW_MSG_H
#define FW_MSG_H

#include "guest-firmware/fw.h"
#include "guest-firmware/msg_variant.h"

/* tick=, in the order of its choices: what is written around an idle period. */
enum msg_tick {
	TICK_NOHZ,	/* an hrtimer's cancel, then its start: two each way */
	TICK_MERGED,	/* one each way */
	TICK_NONE,	/* nothing */
	TICK_NOHZ_FULL, /* one, if the next event is another: it never is */
};

/* What the timer is set to. */
enum msg_event {
	MSG_TICK,    /* the next tick */
	MSG_STOPPED, /* what is next while the tick is stopped */
	MSG_OTHER,   /* what is left when the tick's timer is cancelled */
	NR_MSG_EVENTS,
};

struct msg {
	uint32_t writes; /* MSG_*, as tick= says */
	bool deadline;	 /* the TSC deadline, not the count */
	bool pv_offered; /* PV EOI */
	bool pv_eoi;	 /* and in use */
	struct idle idle;
	uint64_t ahead_tsc[NR_MSG_EVENTS];
	uint32_t ahead_ticks[NR_MSG_EVENTS];
};

extern struct msg fw_msg;

/* One a vCPU, written by it alone. */
struct msg_cpu {
	uint32_t pv_eoi;      /* the host sets bit 0, msg_eoi() clears */
	uint64_t next, armed; /* MSG_COMPARE: events by the TSC */
	uint64_t pv_eois;     /* ends of an interrupt without the register */
	uint64_t ticks;	      /* timer interrupts */
	uint64_t tick_tsc;    /* a tick is due by then; 0: none is set */
} __attribute__((aligned(64)));

/* Before any vCPU idles. */
void msg_load(enum msg_tick tick, uint64_t tick_us, struct idle idle);

/* On each vCPU that idles: before its first and after its last msg_idle(). */
void msg_begin(struct msg_cpu *cpu);
void msg_end(void);

/*
 * Before a window: stops the timer and takes what it has sent already, so that
 * the time it takes to open the window cannot put a tick into it.
 */
void msg_quiet(struct msg_cpu *cpu);

/*
 * For msg_take_tick(): a msg_idle() with those writes was over before now.  Not
 * in msg_idle() itself, which is measured.
 */
void msg_note_tick(struct msg_cpu *cpu, uint32_t writes, uint64_t now);

/*
 * At the end of a time in which this vCPU did something else: a tick that came
 * meanwhile, or that is due and that the host is late with, is handled now, not
 * after the message has been sent.
 */
void msg_take_tick(struct msg_cpu *cpu);

/*
 * After a warm-up with so many ends of interrupts by PV EOI on all vCPUs: a
 * host that offers it but never made use of it is not looked at for it any
 * more.
 */
void msg_settle_eoi(uint64_t pv_eois);

static inline void msg_timer_write(struct percpu *p, uint64_t now,
				   enum msg_event event)
{
	if (fw_msg.deadline)
		lapic_timer_deadline(now + fw_msg.ahead_tsc[event]);
	else
		lapic_timer_count(fw_msg.ahead_ticks[event]);
	p->counts.timers++;
}

/*
 * By the flag that KVM shares where it does, else by the register
 * (Documentation/virt/kvm/x86/msr.rst, MSR_KVM_PV_EOI_EN).
 */
static inline void msg_eoi(struct percpu *p, struct msg_cpu *cpu,
			   uint32_t writes)
{
	if (fw_msg.pv_eoi && !(writes & MSG_EOI_REGISTER) &&
	    pv_eoi(&cpu->pv_eoi)) {
		cpu->pv_eois++;
		return;
	}
	lapic_eoi();
	p->counts.eois++;
}

/*
 * As Linux does with a stopped tick: no write while the next event is the one
 * that the timer is set to (tick_nohz_stop_tick(), kernel/time/tick-sched.c).
 */
static inline void msg_compare(struct percpu *p, struct msg_cpu *cpu)
{
	if (cpu->next == cpu->armed)
		return;
	cpu->armed = cpu->next;
	msg_timer_write(p, cpu->next - fw_msg.ahead_tsc[MSG_OTHER], MSG_OTHER);
}

/* The timer's interrupt is over. */
static inline void msg_tick(struct msg_cpu *cpu)
{
	cpu->ticks++;
	cpu->next += fw_msg.ahead_tsc[MSG_OTHER];
}

/*
 * Idles until an IPI came.  writes: MSG_*.  A tick that fires meanwhile is
 * counted and goes on waiting.
 */
static inline void msg_idle(struct msg_cpu *cpu, uint32_t writes)
{
	struct percpu *p = me();
	uint64_t now = rdtsc();

	if (writes & MSG_ENTRY_CANCEL)
		msg_timer_write(p, now, MSG_OTHER);
	if (writes & MSG_ENTRY_START)
		msg_timer_write(p, now, MSG_STOPPED);
	if (writes & MSG_COMPARE)
		msg_compare(p, cpu);
	for (;;) {
		/* A HLT without exits may end without an interrupt. */
		do
			idle_wait(&fw_msg.idle);
		while (p->irq_vector == 0);
		msg_eoi(p, cpu, writes);
		if (p->irq_vector == VECTOR_IPI)
			break;
		msg_tick(cpu);
	}
	now = rdtsc();
	if (writes & MSG_EXIT_CANCEL)
		msg_timer_write(p, now, MSG_OTHER);
	if (writes & MSG_EXIT_START)
		msg_timer_write(p, now, MSG_TICK);
	if (writes & MSG_COMPARE)
		msg_compare(p, cpu);
}

/*
 * The unit of what leaving writes out can gain: samples of what nr of them
 * take, each from the mean of 2^MSG_COST_SHIFT in a row.
 */
#define MSG_COST_SHIFT 3
void msg_write_cost(const struct measure *m, uint64_t samples, uint32_t nr);

/* For .params, where each payload has them. */
#define MSG_PARAM_DESC_TICK                                                   \
	{                                                                     \
		.name = "tick", .help = "timer writes around an idle period", \
		.choices = "nohz|merged|none|nohz-full", .kind = PARAM_ENUM,  \
	}
#define MSG_PARAM_DESC_TICK_US                                              \
	{                                                                   \
		.name = "tick_us", .help = "the tick's period",             \
		.kind = PARAM_U64, .min = 100, .max = 1000000, .def = 4000, \
	}
#define MSG_PARAM_DESC_ABLATION(what)                                  \
	{                                                              \
		.name = "ablation", .help = what, .choices = "on|off", \
		.kind = PARAM_ENUM,                                    \
	}

#endif
