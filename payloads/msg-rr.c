/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg-rr.c - a request and its reply between two tasks, on two vCPUs that idle
 * in between or on one that changes tasks: what loopback TCP_RR does to KVM,
 * without the network stack.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/msg_run.h"
#include "payloads/msg-rr/task.h"
#include "payloads/msg-rr/variants.h"

#define NR_VARIANTS (sizeof(variants) / sizeof(*variants))
_Static_assert(NR_VARIANTS <= MSG_MAX_ARMS, "they fit");

static struct {
	struct msg_run run;
	struct msg_cpu cpu[2];
	uint64_t lost[2]; /* IPIs without their message */
	struct task client, server;
	/* Each is written by one vCPU: on lines of their own. */
	_Atomic uint64_t request __attribute__((aligned(64)));
	_Atomic uint64_t reply __attribute__((aligned(64)));
	_Atomic uint64_t ready __attribute__((aligned(64)));
} rr;

/* vCPU 1: idles until a request comes, and replies. */
static void serve(uint64_t seq)
{
	msg_idle(&rr.cpu[1], msg_plan(&rr.run, seq)->writes[SERVER]);
	if (word_load(&rr.request) != seq)
		rr.lost[1]++;
	word_store(&rr.reply, seq);
	lapic_ipi(0, VECTOR_IPI);
}

static void serve_all(void *arg)
{
	uint64_t seq = 0;

	(void)arg;
	msg_begin(&rr.cpu[1]);
	for (uint64_t i = 0; i < msg_nr_legs(&rr.run); i++) {
		struct msg_leg leg = msg_leg(&rr.run, i);
		const struct msg_phase *ph = &rr.run.phase[leg.id];

		msg_phase_begin(ph, &rr.cpu[1]);
		word_store(&rr.ready, i + 1);
		for (uint64_t n = 0; n < leg.messages; n++)
			serve(seq++);
		msg_phase_end(ph);
	}
	msg_end();
}

/* The server on the client's vCPU: no idle, no interrupt, no timer. */
static void serve_by_switch(void)
{
	for (;;) {
		word_store(&rr.reply, word_load(&rr.request));
		task_switch(&rr.server, &rr.client);
	}
}

/* vCPU 0: a transaction's time. */
static uint64_t transact(uint64_t seq, uint64_t *t1)
{
	uint32_t writes = msg_plan(&rr.run, seq)->writes[CLIENT];
	uint64_t t0, reply;

	word_store(&rr.request, seq);
	if (nr_vcpus() == 1) {
		t0 = rdtsc_ordered();
		task_switch(&rr.client, &rr.server);
	} else {
		t0 = lapic_ipi_timed(1, VECTOR_IPI);
		msg_idle(&rr.cpu[0], writes);
	}
	reply = word_load(&rr.reply);
	*t1 = rdtsc_ordered();
	if (reply != seq)
		rr.lost[0]++;
	msg_note_tick(&rr.cpu[0], writes, *t1);
	return *t1 - t0;
}

static void run_leg(struct msg_leg leg, uint64_t seq)
{
	const struct msg_phase *ph = &rr.run.phase[leg.id];

	msg_phase_begin(ph, &rr.cpu[0]);
	for (uint64_t n = 0; n < leg.messages; n++, seq++) {
		uint64_t cost, t1;

		msg_think(&rr.run, leg.id, &rr.cpu[0], seq);
		cost = transact(seq, &t1);
		msg_record(&rr.run, leg.id, seq, cost, t1);
	}
	msg_phase_end(ph);
}

static void run_client(void)
{
	uint64_t seq = 0;

	if (nr_vcpus() > 1) {
		on_vcpu(1, serve_all, NULL);
		msg_begin(&rr.cpu[0]);
	} else {
		static char stack[4096] __attribute__((aligned(16)));

		task_init(&rr.server, stack + sizeof(stack), serve_by_switch);
	}
	for (uint64_t i = 0; i < msg_nr_legs(&rr.run); i++) {
		struct msg_leg leg = msg_leg(&rr.run, i);

		if (nr_vcpus() > 1)
			wait_for(&rr.ready, i + 1);
		run_leg(leg, seq);
		seq += leg.messages;
		if (i == 0)
			msg_run_set_up_ablation(
				&rr.run, variants, NR_VARIANTS,
				rr.cpu[0].pv_eois + rr.cpu[1].pv_eois, 1);
	}
	if (nr_vcpus() == 1)
		return;
	msg_end();
	vcpu_join(1);
}

static void msg_rr(void)
{
	msg_run_load(&rr.run, 0, "rr", "rr_counted", 1);
	run_client();
	msg_run_done(&rr.run, "msg-rr", rr.cpu[0].ticks + rr.cpu[1].ticks);
	if (rr.lost[0] + rr.lost[1])
		verdict_error("%lu interrupts came without their message",
			      rr.lost[0] + rr.lost[1]);
}

/* Between the clock reads: call msg_idle, call task_switch, wrmsr. */
METRICS(METRIC("rr"), METRIC_ANY("rr_counted"), METRIC_ANY("timer_write"),
	METRIC_ANY("ablation_base"), METRIC_ANY("client_entry_cancel"),
	METRIC_ANY("gain_client_entry_cancel"),
	METRIC_ANY("client_entry_start"), METRIC_ANY("gain_client_entry_start"),
	METRIC_ANY("client_exit_cancel"), METRIC_ANY("gain_client_exit_cancel"),
	METRIC_ANY("client_exit_start"), METRIC_ANY("gain_client_exit_start"),
	METRIC_ANY("server_entry_cancel"),
	METRIC_ANY("gain_server_entry_cancel"),
	METRIC_ANY("server_entry_start"), METRIC_ANY("gain_server_entry_start"),
	METRIC_ANY("server_exit_cancel"), METRIC_ANY("gain_server_exit_cancel"),
	METRIC_ANY("server_exit_start"), METRIC_ANY("gain_server_exit_start"),
	METRIC_ANY("all_timer_writes"), METRIC_ANY("gain_all_timer_writes"),
	METRIC_ANY("pv_eoi"), METRIC_ANY("gain_pv_eoi"));

PAYLOAD("msg-rr", msg_rr,
	.summary = "request and reply between two tasks that idle in between",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_COUNTS_MSRS, .max_vcpus = 2,
	.def_vcpus = 2, .limit_ms = 10000,
	.work_percent = MSG_WORK_PERCENT(NR_VARIANTS),
	.work_extra = MSG_WORK_EXTRA(NR_VARIANTS),
	.hists = MSG_HISTS(NR_VARIANTS),
	.params = {
		MSG_PARAMS("transactions", "a transaction", 5000,
			   "the client thinks that long before each, random"),
	});
