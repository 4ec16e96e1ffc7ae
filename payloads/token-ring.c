/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * token-ring.c - a token goes around all vCPUs, through memory and an IPI;
 * each of them idles until it has it: message passing with more than two. Above
 * 300 lines: the ring, its count and its ablation are one experiment.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/msg.h"
#include "guest-firmware/msg_ablation.h"

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

#define HOP_LIMIT_US 250 /* at most, on a host that emulates ring 0 */

enum phase_id {
	PHASE_WARMUP,
	PHASE_TIMED,
	PHASE_ABLATION,
	PHASE_COUNTED, /* the last: opening the counters disturbs */
	NR_PHASES
};

struct phase {
	uint64_t rounds;
	struct measure m; /* metric NULL: it has no window */
};

/* On all vCPUs alike. */
static const struct msg_variant variants[] = {
	{"ablation_base", {0}, 0},
	{"entry_cancel", {MSG_ENTRY_CANCEL}, 0},
	{"entry_start", {MSG_ENTRY_START}, 0},
	{"exit_cancel", {MSG_EXIT_CANCEL}, 0},
	{"exit_start", {MSG_EXIT_START}, 0},
	{"all_timer_writes", {MSG_ALL_WRITES}, 0},
	{"pv_eoi", {0}, MSG_EOI_REGISTER},
};
#define NR_VARIANTS (sizeof(variants) / sizeof(*variants))
_Static_assert(NR_VARIANTS <= MSG_MAX_ARMS, "they fit");

/* A round's is made before the token leaves for the one before it. */
#define NR_PLANS 4u

/* The clock just before the ICR write, stored after it. */
struct sending {
	uint64_t tsc;
	_Atomic uint64_t token; /* whose; written last */
};

/* One a vCPU, written by it alone. */
struct node {
	struct msg_cpu cpu;
	struct measure hop;
	uint64_t lost;		/* IPIs without the token */
	_Atomic uint64_t ready; /* phases it has begun */
	/*
	 * By the token's lowest bit: the next vCPU has read an entry before
	 * this one can have the token two rounds later.
	 */
	struct sending sent[2] __attribute__((aligned(64)));
} __attribute__((aligned(64)));

static struct {
	struct phase phase[NR_PHASES];
	struct gap gap;
	bool wants_ablation;
	struct msg_ablation ablation;
	struct node node[MAX_VCPUS];
	struct msg_plan plan[NR_PLANS] __attribute__((aligned(64)));
	/* Whoever has the token writes it, then sends the IPI. */
	_Atomic uint64_t token __attribute__((aligned(64)));
} ring;

/* What is in memory for that vCPU: an IPI that comes before it is told apart.
 */
static uint64_t token_for(uint32_t id, uint64_t token)
{
	return token * MAX_VCPUS + id;
}

/* When the token went to the next vCPU. */
static uint64_t pass(uint32_t id, uint64_t token)
{
	uint32_t next = id + 1 == nr_vcpus() ? 0 : id + 1;
	struct sending *s = &ring.node[id].sent[token % 2];
	uint64_t t0;

	word_store(&ring.token, token_for(next, token));
	t0 = lapic_ipi_timed(next, VECTOR_IPI);
	s->tsc = t0;
	word_store(&s->token, token);
	return t0;
}

/* Until the token came here; when. */
static uint64_t await(struct node *n, uint64_t token)
{
	uint64_t wanted = token_for((uint32_t)(n - ring.node), token);
	uint64_t got;

	uint64_t t1;

	msg_idle(&n->cpu, ring.plan[token % NR_PLANS].writes[0]);
	got = word_load(&ring.token);
	t1 = rdtsc_ordered();
	if (got != wanted)
		n->lost++;
	return t1;
}

/* The time since the vCPU before sent it, whose store may still be to come. */
static uint64_t hop_time(const struct node *n, uint64_t token, uint64_t t1)
{
	uint64_t id = (uint64_t)(n - ring.node);
	uint64_t before = (id ? id : nr_vcpus()) - 1;
	const struct sending *s = &ring.node[before].sent[token % 2];

	wait_for(&s->token, token);
	return t1 - s->tsc;
}

/*
 * In a window that counts, all vCPUs record into one histogram: only the
 * holder writes.
 */
static void record_counted(const struct phase *ph, const struct node *n,
			   uint64_t token, uint64_t t1)
{
	if (ph == &ring.phase[PHASE_COUNTED])
		measure_record(&ph->m, hop_time(n, token, t1), t1);
}

/* After the token has left: recording is no part of the next hop. */
static void record_hop(const struct phase *ph, const struct node *n,
		       uint64_t token, uint64_t t1)
{
	if (ph == &ring.phase[PHASE_TIMED])
		measure_record(&n->hop, hop_time(n, token, t1), t1);
}

static void begin_phase(struct node *n, enum phase_id id)
{
	const struct phase *ph = &ring.phase[id];

	msg_quiet(&n->cpu);
	if (ph->m.metric)
		window_begin(&ph->m);
	word_store(&n->ready, id + 1);
}

static void end_phase(enum phase_id id)
{
	if (ring.phase[id].m.metric)
		window_end(&ring.phase[id].m);
}

/* Every vCPU but 0. */
static void member(void *arg)
{
	struct node *n = arg;
	uint32_t id = (uint32_t)(n - ring.node);
	uint64_t token = 0;

	msg_begin(&n->cpu);
	for (uint32_t i = 0; i < NR_PHASES; i++) {
		const struct phase *ph = &ring.phase[i];

		begin_phase(n, (enum phase_id)i);
		for (uint64_t k = 0; k < ph->rounds; k++) {
			uint64_t t1 = await(n, ++token);

			record_counted(ph, n, token, t1);
			pass(id, token);
			record_hop(ph, n, token, t1);
		}
		end_phase((enum phase_id)i);
	}
	msg_end();
}

static void think(void)
{
	pause_for(gap_next(&ring.gap));
	msg_take_tick(&ring.node[0].cpu);
}

static void make_plan(uint64_t token)
{
	msg_ablation_plan(&ring.ablation, token, &ring.gap.random,
			  &ring.plan[token % NR_PLANS]);
}

/* After the warm-up, which showed what there is to be switched off. */
static void set_up_ablation(void)
{
	uint64_t warmup = ring.phase[PHASE_WARMUP].rounds;
	uint64_t rounds = ring.phase[PHASE_TIMED].rounds;
	struct phase *ph = &ring.phase[PHASE_ABLATION];
	uint64_t pv_eois = 0;

	if (!ring.wants_ablation)
		return;
	for (uint32_t i = 0; i < nr_vcpus(); i++)
		pv_eois += ring.node[i].cpu.pv_eois;
	if (warmup)
		msg_settle_eoi(pv_eois);
	/* The token of the first round is 1. */
	ph->rounds = msg_ablation_begin(&ring.ablation, variants, NR_VARIANTS,
					msg_share(rounds), nr_vcpus(),
					1 + warmup + rounds);
	ph->m = ring.ablation.arm[0];
}

/* Whose sample a round is; NULL: nobody's. */
static const struct measure *measure_of(enum phase_id id, uint64_t token)
{
	if (id == PHASE_ABLATION)
		return &ring.ablation.arm[ring.plan[token % NR_PLANS].arm];
	return id == PHASE_TIMED ? &ring.phase[id].m : NULL;
}

/* vCPU 0: sends the token around and has it back. */
static void lead_round(enum phase_id id, uint64_t token)
{
	const struct measure *round = measure_of(id, token);
	const struct phase *ph = &ring.phase[id];
	struct node *n = &ring.node[0];
	uint64_t t0, t1;

	/* Whoever passes this token idles for the next one. */
	make_plan(token + 1);
	think();
	t0 = pass(0, token);
	t1 = await(n, token);
	record_counted(ph, n, token, t1);
	record_hop(ph, n, token, t1);
	if (round)
		measure_record(round, t1 - t0, t1);
	msg_note_tick(&n->cpu, ring.plan[token % NR_PLANS].writes[0], t1);
}

static void lead(void)
{
	uint64_t token = 0;

	for (uint32_t i = 0; i < NR_PHASES; i++) {
		for (uint32_t v = 1; v < nr_vcpus(); v++)
			wait_for(&ring.node[v].ready, i + 1);
		begin_phase(&ring.node[0], (enum phase_id)i);
		for (uint64_t k = 0; k < ring.phase[i].rounds; k++)
			lead_round((enum phase_id)i, ++token);
		end_phase((enum phase_id)i);
		if (i == PHASE_WARMUP)
			set_up_ablation();
	}
}

static void set_up(const struct param_value *p)
{
	uint64_t rounds = p[PARAM_SAMPLES].lo;
	uint64_t counted = msg_share(rounds);
	struct phase *ph = ring.phase;

	ring.gap = gap_load(&p[PARAM_GAP_US]);
	msg_load((enum msg_tick)p[PARAM_TICK].lo, p[PARAM_TICK_US].lo,
		 idle_load(&p[PARAM_IDLE], &p[PARAM_POLL_NS]));
	ring.wants_ablation = p[PARAM_ABLATION].lo == 0;
	make_plan(1); /* before anybody idles */
	ph[PHASE_WARMUP].rounds = p[PARAM_WARMUP].lo;
	ph[PHASE_TIMED].rounds = rounds;
	ph[PHASE_TIMED].m = metric_add("ring", 0, 0, rounds);
	ph[PHASE_COUNTED].rounds = counted;
	ph[PHASE_COUNTED].m = metric_add("hop_counted", 0, METRIC_COUNTED,
					 counted * nr_vcpus());
	for (uint32_t i = 0; i < nr_vcpus(); i++)
		ring.node[i].hop = metric_add("hop", i, 0, rounds);
}

static void token_ring(void)
{
	struct param_value p[NR_PARAMS];
	uint64_t ticks = 0, lost = 0;

	params_load(p, NR_PARAMS);
	set_up(p);
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		on_vcpu(i, member, &ring.node[i]);
	msg_begin(&ring.node[0].cpu);
	lead();
	msg_end();
	metric_done(&ring.phase[PHASE_TIMED].m);
	metric_done(&ring.phase[PHASE_COUNTED].m);
	msg_ablation_done(&ring.ablation);
	for (uint32_t i = 0; i < nr_vcpus(); i++) {
		if (i)
			vcpu_join(i);
		metric_done(&ring.node[i].hop);
		ticks += ring.node[i].cpu.ticks;
		lost += ring.node[i].lost;
	}
	if (ticks)
		print("token-ring: the tick fired %lu times in all\n", ticks);
	if (lost)
		verdict_error("%lu interrupts came without the token", lost);
}

PAYLOAD("token-ring", token_ring,
	.summary = "a token goes around vCPUs that idle until it comes",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_COUNTS_MSRS, .min_vcpus = 2,
	.max_vcpus = MAX_VCPUS, .def_vcpus = 3, .limit_ms = 10000,
	.sample_us = MAX_VCPUS * HOP_LIMIT_US,
	.work_percent = MSG_WORK_PERCENT(NR_VARIANTS),
	.work_extra = MSG_WORK_EXTRA(NR_VARIANTS), .hists = 3 + NR_VARIANTS,
	.hists_per_vcpu = 1,
	.params = {
		MSG_PARAM_DESC_TICK,
		PARAM_DESC_IDLE,
		PARAM_DESC_POLL_NS,
		PARAM_DESC_SAMPLES("rounds that are measured", 1000000000,
				   2000),
		PARAM_DESC_GAP_US(
			"vCPU 0 keeps the token that long each time, random", 1,
			1000000, 50, 150),
		PARAM_DESC_WARMUP("rounds before the first sample", 100000,
				  100),
		MSG_PARAM_DESC_TICK_US,
		MSG_PARAM_DESC_ABLATION("what each timer write costs a round"),
	});
