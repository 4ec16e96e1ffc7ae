/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg-rr.c - a request and its reply between two tasks, on two vCPUs that idle
 * in between or on one that changes tasks: what loopback TCP_RR does to KVM,
 * without the network stack.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/msg.h"
#include "guest-firmware/msg_ablation.h"
#include "payloads/msg-rr/task.h"

enum {
	PARAM_TICK,
	PARAM_IDLE,
	PARAM_POLL_NS,
	PARAM_SAMPLES,
	PARAM_GAP_US,
	PARAM_WARMUP,
	PARAM_TICK_US,
	PARAM_ABLATION,
	NR_PARAMS
};

enum phase_id {
	PHASE_WARMUP,
	PHASE_TIMED,
	PHASE_ABLATION,
	PHASE_COUNTED, /* the last: opening the counters disturbs */
	NR_PHASES
};

struct phase {
	uint64_t transactions;
	struct measure m; /* metric NULL: it has no window */
};

/* The sides of a variant. */
enum {
	CLIENT,
	SERVER
};

static const struct msg_variant variants[] = {
	{"ablation_base", {0, 0}, 0},
	{"client_entry_cancel", {MSG_ENTRY_CANCEL, 0}, 0},
	{"client_entry_start", {MSG_ENTRY_START, 0}, 0},
	{"client_exit_cancel", {MSG_EXIT_CANCEL, 0}, 0},
	{"client_exit_start", {MSG_EXIT_START, 0}, 0},
	{"server_entry_cancel", {0, MSG_ENTRY_CANCEL}, 0},
	{"server_entry_start", {0, MSG_ENTRY_START}, 0},
	{"server_exit_cancel", {0, MSG_EXIT_CANCEL}, 0},
	{"server_exit_start", {0, MSG_EXIT_START}, 0},
	{"all_timer_writes", {MSG_ALL_WRITES, MSG_ALL_WRITES}, 0},
	{"pv_eoi", {0, 0}, MSG_EOI_REGISTER},
};
#define NR_VARIANTS (sizeof(variants) / sizeof(*variants))
_Static_assert(NR_VARIANTS <= MSG_MAX_ARMS, "they fit");

/* A transaction's is made before the request that comes before it. */
#define NR_PLANS 4u

static struct {
	struct phase phase[NR_PHASES];
	struct gap gap;
	bool wants_ablation;
	struct msg_ablation ablation;
	struct msg_cpu cpu[2];
	uint64_t lost[2]; /* IPIs without their message */
	struct task client, server;
	struct msg_plan plan[NR_PLANS] __attribute__((aligned(64)));
	/* Each is written by one vCPU: on lines of their own. */
	_Atomic uint64_t request __attribute__((aligned(64)));
	_Atomic uint64_t reply __attribute__((aligned(64)));
	_Atomic uint64_t ready __attribute__((aligned(64)));
} rr;

static void make_plan(uint64_t seq)
{
	msg_ablation_plan(&rr.ablation, seq, &rr.gap.random,
			  &rr.plan[seq % NR_PLANS]);
}

/* vCPU 1: idles until a request comes, and replies. */
static void serve(uint64_t seq)
{
	msg_idle(&rr.cpu[1], rr.plan[seq % NR_PLANS].writes[SERVER]);
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
	for (uint64_t i = 0; i < NR_PHASES; i++) {
		const struct phase *ph = &rr.phase[i];

		msg_quiet(&rr.cpu[1]);
		if (ph->m.metric)
			window_begin(&ph->m);
		word_store(&rr.ready, i + 1);
		for (uint64_t n = 0; n < ph->transactions; n++)
			serve(seq++);
		if (ph->m.metric)
			window_end(&ph->m);
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
	uint32_t writes = rr.plan[seq % NR_PLANS].writes[CLIENT];
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

static void think(void)
{
	pause_for(gap_next(&rr.gap));
	msg_take_tick(&rr.cpu[0]);
}

static void run_phase(enum phase_id id, uint64_t seq)
{
	const struct phase *ph = &rr.phase[id];

	if (nr_vcpus() > 1) {
		wait_for(&rr.ready, id + 1);
		msg_quiet(&rr.cpu[0]);
	}
	if (ph->m.metric)
		window_begin(&ph->m);
	for (uint64_t n = 0; n < ph->transactions; n++, seq++) {
		const struct measure *m = &ph->m;
		uint64_t cost, t1;

		make_plan(seq + 1);
		if (id == PHASE_ABLATION)
			m = &rr.ablation.arm[rr.plan[seq % NR_PLANS].arm];
		think();
		cost = transact(seq, &t1);
		if (m->metric)
			measure_record(m, cost, t1);
	}
	if (ph->m.metric)
		window_end(&ph->m);
}

static void set_up(const struct param_value *p)
{
	uint64_t samples = p[PARAM_SAMPLES].lo;
	struct phase *ph = rr.phase;

	rr.gap = gap_load(&p[PARAM_GAP_US]);
	rr.wants_ablation = nr_vcpus() > 1 && p[PARAM_ABLATION].lo == 0;
	msg_load(nr_vcpus() == 1 ? TICK_NONE : (enum msg_tick)p[PARAM_TICK].lo,
		 p[PARAM_TICK_US].lo,
		 idle_load(&p[PARAM_IDLE], &p[PARAM_POLL_NS]));
	ph[PHASE_WARMUP].transactions = p[PARAM_WARMUP].lo;
	ph[PHASE_TIMED].transactions = samples;
	ph[PHASE_TIMED].m = metric_add("rr", 0, 0, samples);
	ph[PHASE_COUNTED].transactions = msg_share(samples);
	ph[PHASE_COUNTED].m =
		metric_add("rr_counted", 0, METRIC_COUNTED, msg_share(samples));
}

/* After the warm-up, which showed what there is to be switched off. */
static void set_up_ablation(void)
{
	uint64_t samples = rr.phase[PHASE_TIMED].transactions;
	struct phase *ph = &rr.phase[PHASE_ABLATION];

	if (!rr.wants_ablation)
		return;
	if (rr.phase[PHASE_WARMUP].transactions)
		msg_settle_eoi(rr.cpu[0].pv_eois + rr.cpu[1].pv_eois);
	ph->transactions = msg_ablation_begin(
		&rr.ablation, variants, NR_VARIANTS, msg_share(samples), 1,
		rr.phase[PHASE_WARMUP].transactions + samples);
	ph->m = rr.ablation.arm[0];
}

static void run_client(void)
{
	uint64_t seq = 0;

	make_plan(0);
	if (nr_vcpus() > 1) {
		on_vcpu(1, serve_all, NULL);
		msg_begin(&rr.cpu[0]);
	} else {
		static char stack[4096] __attribute__((aligned(16)));

		task_init(&rr.server, stack + sizeof(stack), serve_by_switch);
	}
	for (uint32_t i = 0; i < NR_PHASES; i++) {
		run_phase((enum phase_id)i, seq);
		seq += rr.phase[i].transactions;
		if (i == PHASE_WARMUP)
			set_up_ablation();
	}
	if (nr_vcpus() == 1)
		return;
	msg_end();
	vcpu_join(1);
}

static void msg_rr(void)
{
	struct param_value p[NR_PARAMS];
	uint64_t ticks;

	params_load(p, NR_PARAMS);
	set_up(p);
	run_client();
	metric_done(&rr.phase[PHASE_TIMED].m);
	metric_done(&rr.phase[PHASE_COUNTED].m);
	msg_ablation_done(&rr.ablation);
	ticks = rr.cpu[0].ticks + rr.cpu[1].ticks;
	if (ticks)
		print("msg-rr: the tick fired %lu times in all\n", ticks);
	if (rr.lost[0] + rr.lost[1])
		verdict_error("%lu interrupts came without their message",
			      rr.lost[0] + rr.lost[1]);
}

PAYLOAD("msg-rr", msg_rr,
	.summary = "request and reply between two tasks that idle in between",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_COUNTS_MSRS, .max_vcpus = 2,
	.def_vcpus = 2, .limit_ms = 10000,
	.work_percent = MSG_WORK_PERCENT(NR_VARIANTS),
	.work_extra = MSG_WORK_EXTRA(NR_VARIANTS), .hists = 3 + NR_VARIANTS,
	.params = {
		MSG_PARAM_DESC_TICK,
		PARAM_DESC_IDLE,
		PARAM_DESC_POLL_NS,
		PARAM_DESC_SAMPLES("transactions that are measured", 1000000000,
				   5000),
		PARAM_DESC_GAP_US(
			"the client thinks that long before each, random", 1,
			1000000, 50, 150),
		PARAM_DESC_WARMUP("transactions before the first sample",
				  100000, 100),
		MSG_PARAM_DESC_TICK_US,
		MSG_PARAM_DESC_ABLATION(
			"what each timer write costs a transaction"),
	});
