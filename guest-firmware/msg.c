/* SPDX-License-Identifier: BSD-2-Clause */
/* msg.c - the parts of msg.h that are not on a measured path. */
#include "guest-firmware/msg.h"

/* As far as the timers of an idle Linux are: its watchdog's period is 4 s. */
#define STOPPED_US 1000000
#define OTHER_US   4000000
#define FAR_US	   3600000000 /* no event at all; a count reaches 4 s only */

struct msg fw_msg;

void msg_load(enum msg_tick tick, uint64_t tick_us, struct idle idle)
{
	static const uint32_t writes[] = {
		[TICK_NOHZ] = MSG_ALL_WRITES,
		[TICK_MERGED] = MSG_ENTRY_START | MSG_EXIT_START,
		[TICK_NONE] = 0,
		[TICK_NOHZ_FULL] = MSG_COMPARE,
	};
	const uint64_t ahead_us[NR_MSG_EVENTS] = {
		[MSG_TICK] = tick_us,
		[MSG_STOPPED] = STOPPED_US,
		[MSG_OTHER] = tick == TICK_NOHZ_FULL ? FAR_US : OTHER_US,
	};
	uint64_t scale = apic_scale();

	fw_msg = (struct msg){
		.writes = writes[tick],
		.deadline = (fw_boot->flags & BOOT_TSC_DEADLINE) != 0,
		.pv_offered = (pv_features() & KVM_FEATURE_PV_EOI) != 0,
		.idle = idle,
	};
	fw_msg.pv_eoi = fw_msg.pv_offered;
	for (int i = 0; i < NR_MSG_EVENTS; i++) {
		fw_msg.ahead_tsc[i] = us_to_tsc(ahead_us[i]);
		fw_msg.ahead_ticks[i] = tsc_to_apic(fw_msg.ahead_tsc[i], scale);
	}
}

void msg_begin(struct msg_cpu *cpu)
{
	cpu->pv_eoi = 0;
	cpu->pv_eois = 0;
	cpu->ticks = 0;
	cpu->tick_tsc = 0;
	idle_prepare(&fw_msg.idle);
	if (fw_msg.pv_offered)
		wrmsr(MSR_KVM_PV_EOI_EN,
		      (uint64_t)&cpu->pv_eoi | PV_EOI_ENABLED);
	if (fw_msg.writes == 0)
		return;
	lapic_timer_mode(fw_msg.deadline ? LAPIC_LVTT_TSCDL
					 : LAPIC_LVTT_ONESHOT);
	if (!(fw_msg.writes & MSG_COMPARE))
		return;
	cpu->next = rdtsc() + fw_msg.ahead_tsc[MSG_OTHER];
	cpu->armed = 0;
	msg_compare(me(), cpu);
}

void msg_end(void)
{
	if (fw_msg.writes)
		lapic_timer_off();
	if (fw_msg.pv_offered)
		wrmsr(MSR_KVM_PV_EOI_EN, 0);
}

void msg_quiet(struct msg_cpu *cpu)
{
	cpu->tick_tsc = 0;
	if (!(fw_msg.writes & MSG_ALL_WRITES))
		return;
	if (fw_msg.deadline)
		lapic_timer_deadline(0);
	else
		lapic_timer_count(0);
	lapic_timer_take();
}

void msg_note_tick(struct msg_cpu *cpu, uint32_t writes, uint64_t now)
{
	bool set = (writes & MSG_EXIT_START) != 0;

	cpu->tick_tsc = set ? now + fw_msg.ahead_tsc[MSG_TICK] : 0;
}

void msg_take_tick(struct msg_cpu *cpu)
{
	bool due =
		cpu->tick_tsc != 0 && (int64_t)(rdtsc() - cpu->tick_tsc) >= 0;

	if (fw_msg.writes == 0 || (!due && !lapic_requested(VECTOR_TIMER)))
		return;
	irq_take();
	cpu->tick_tsc = 0;
	msg_eoi(me(), cpu, fw_msg.writes);
	msg_tick(cpu);
}

void msg_settle_eoi(uint64_t pv_eois)
{
	if (pv_eois == 0)
		fw_msg.pv_eoi = false;
}

/* Between the clock reads: wrmsr. */
void msg_write_cost(const struct measure *m, uint64_t samples, uint32_t nr)
{
	struct percpu *p = me();

	while (samples--) {
		uint64_t t0 = rdtsc_ordered();
		uint64_t t1;

		/* No loop: its instructions are no part of a write. */
		msg_timer_write(p, t0, MSG_OTHER);
		msg_timer_write(p, t0, MSG_STOPPED);
		msg_timer_write(p, t0, MSG_OTHER);
		msg_timer_write(p, t0, MSG_STOPPED);
		msg_timer_write(p, t0, MSG_OTHER);
		msg_timer_write(p, t0, MSG_STOPPED);
		msg_timer_write(p, t0, MSG_OTHER);
		msg_timer_write(p, t0, MSG_STOPPED);
		t1 = rdtsc_ordered();
		measure_record(m, (t1 - t0) * nr >> MSG_COST_SHIFT, t1);
	}
}
