/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * token-ring.c - a token goes around all vCPUs, through memory and an IPI;
 * each of them idles until it has it: message passing with more than two.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/msg_run.h"
#include "payloads/token-ring/variants.h"

#define FIRST_TOKEN  1	 /* 0 is in memory before any was sent */
#define HOP_LIMIT_US 250 /* at most, on a host that emulates ring 0 */

#define NR_VARIANTS (sizeof(variants) / sizeof(*variants))
_Static_assert(NR_VARIANTS <= MSG_MAX_ARMS, "they fit");

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
	_Atomic uint64_t ready; /* legs it has begun */
	/*
	 * By the token's lowest bit: the next vCPU has read an entry before
	 * this one can have the token two rounds later.
	 */
	struct sending sent[2] __attribute__((aligned(64)));
} __attribute__((aligned(64)));

static struct {
	struct msg_run run;
	struct node node[MAX_VCPUS];
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

	msg_idle(&n->cpu, msg_plan(&ring.run, token)->writes[0]);
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
static void record_counted(const struct msg_phase *ph, const struct node *n,
			   uint64_t token, uint64_t t1)
{
	if (ph == &ring.run.phase[MSG_COUNTED])
		measure_record(&ph->m, hop_time(n, token, t1), t1);
}

/* After the token has left: recording is no part of the next hop. */
static void record_hop(const struct msg_phase *ph, const struct node *n,
		       uint64_t token, uint64_t t1)
{
	if (ph == &ring.run.phase[MSG_TIMED])
		measure_record(&n->hop, hop_time(n, token, t1), t1);
}

static void begin_leg(struct node *n, uint64_t i, const struct msg_phase *ph)
{
	msg_phase_begin(ph, &n->cpu);
	word_store(&n->ready, i + 1);
}

/* Every vCPU but 0. */
static void member(void *arg)
{
	struct node *n = arg;
	uint32_t id = (uint32_t)(n - ring.node);
	uint64_t token = FIRST_TOKEN - 1;

	msg_begin(&n->cpu);
	for (uint64_t i = 0; i < msg_nr_legs(&ring.run); i++) {
		struct msg_leg leg = msg_leg(&ring.run, i);
		const struct msg_phase *ph = &ring.run.phase[leg.id];

		begin_leg(n, i, ph);
		for (uint64_t k = 0; k < leg.messages; k++) {
			uint64_t t1 = await(n, ++token);

			record_counted(ph, n, token, t1);
			pass(id, token);
			record_hop(ph, n, token, t1);
		}
		msg_phase_end(ph);
	}
	msg_end();
}

/* After the warm-up, which showed what there is to be switched off. */
static void set_up_ablation(void)
{
	uint64_t pv_eois = 0;

	for (uint32_t i = 0; i < nr_vcpus(); i++)
		pv_eois += ring.node[i].cpu.pv_eois;
	msg_run_set_up_ablation(&ring.run, variants, NR_VARIANTS, pv_eois,
				nr_vcpus());
}

/* vCPU 0: sends the token around and has it back. */
static void lead_round(enum msg_phase_id id, uint64_t token)
{
	const struct msg_phase *ph = &ring.run.phase[id];
	struct node *n = &ring.node[0];
	uint64_t t0, t1;

	/* Whoever passes this token idles for the next one. */
	msg_think(&ring.run, id, &n->cpu, token);
	t0 = pass(0, token);
	t1 = await(n, token);
	record_counted(ph, n, token, t1);
	record_hop(ph, n, token, t1);
	if (id == MSG_TIMED || id == MSG_ABLATION)
		msg_record(&ring.run, id, token, t1 - t0, t1);
	msg_note_tick(&n->cpu, msg_plan(&ring.run, token)->writes[0], t1);
}

static void lead(void)
{
	uint64_t token = FIRST_TOKEN - 1;

	for (uint64_t i = 0; i < msg_nr_legs(&ring.run); i++) {
		struct msg_leg leg = msg_leg(&ring.run, i);
		const struct msg_phase *ph = &ring.run.phase[leg.id];

		for (uint32_t v = 1; v < nr_vcpus(); v++)
			wait_for(&ring.node[v].ready, i + 1);
		begin_leg(&ring.node[0], i, ph);
		for (uint64_t k = 0; k < leg.messages; k++)
			lead_round(leg.id, ++token);
		msg_phase_end(ph);
		if (i == 0)
			set_up_ablation();
	}
}

static void token_ring(void)
{
	uint64_t ticks = 0, lost = 0;

	msg_run_load(&ring.run, FIRST_TOKEN, "ring", "hop_counted", nr_vcpus());
	for (uint32_t i = 0; i < nr_vcpus(); i++)
		ring.node[i].hop =
			metric_add("hop", i, METRIC_NO_WINDOW | METRIC_IPI,
				   ring.run.phase[MSG_TIMED].messages);
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		on_vcpu(i, member, &ring.node[i]);
	msg_begin(&ring.node[0].cpu);
	lead();
	msg_end();
	for (uint32_t i = 0; i < nr_vcpus(); i++) {
		if (i)
			vcpu_join(i);
		metric_done(&ring.node[i].hop);
		ticks += ring.node[i].cpu.ticks;
		lost += ring.node[i].lost;
	}
	msg_run_done(&ring.run, "token-ring", ticks);
	if (lost)
		verdict_error("%lu interrupts came without the token", lost);
}

METRICS(METRIC("ring"), METRIC("hop"), METRIC_ANY("hop_counted"),
	METRIC_ANY("timer_write"), METRIC_ANY("ablation_base"),
	METRIC_ANY("entry_cancel"), METRIC_ANY("gain_entry_cancel"),
	METRIC_ANY("entry_start"), METRIC_ANY("gain_entry_start"),
	METRIC_ANY("exit_cancel"), METRIC_ANY("gain_exit_cancel"),
	METRIC_ANY("exit_start"), METRIC_ANY("gain_exit_start"),
	METRIC_ANY("all_timer_writes"), METRIC_ANY("gain_all_timer_writes"),
	METRIC_ANY("pv_eoi"), METRIC_ANY("gain_pv_eoi"));

PAYLOAD("token-ring", token_ring,
	.summary = "a token goes around vCPUs that idle until it comes",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_COUNTS_MSRS, .min_vcpus = 2,
	.max_vcpus = MAX_VCPUS, .def_vcpus = 3, .limit_ms = 10000,
	.sample_us = MAX_VCPUS * HOP_LIMIT_US,
	.work_percent = MSG_WORK_PERCENT(NR_VARIANTS),
	.work_extra = MSG_WORK_EXTRA(NR_VARIANTS),
	.hists = MSG_HISTS(NR_VARIANTS), .hists_per_vcpu = 1,
	.params = {
		MSG_PARAMS(
			"rounds", "a round", 2000,
			"vCPU 0 keeps the token that long each time, random"),
	});
