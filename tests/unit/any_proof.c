/* SPDX-License-Identifier: BSD-2-Clause */
/* any_proof.c - generated proofs and noise; see any_result.h. */
#include <string.h>

#include "tests/unit/any.h"
#include "vmm/base/room.h"
#include "vmm/result/rounds.h"

static void any_proof_state(uint64_t *s, struct result_proof *p)
{
	for (int i = 0; i < NR_CPU_COUNTS; i++)
		if (coin(s))
			p->counts[i] = (struct known_count){true, any(s, 99)};
	for (int i = 0; i < NR_CPU_WORDS; i++)
		for (int k = 0; k < 2 && p->softirqs_known; k++)
			any_name(s, p->words[k][i], 8);
	for (int i = 0; i < NR_CPU_KHZ; i++)
		for (int k = 0; k < 2 && p->irqs_known; k++)
			p->khz[k][i] =
				(struct known_count){true, any(s, 5000000)};
}

void any_proof(uint64_t *s, struct result_proof *p)
{
	*p = (struct result_proof){
		.known = true,
		.cpu = (int)any(s, 64),
		.moved = coin(s),
		.tsc = any(s, 1ull << 40),
		.irqs_known = coin(s),
		.softirqs_known = coin(s),
	};
	if (p->irqs_known) {
		p->irqs = any(s, 1000);
		p->devices = any(s, 1000);
		p->nr_sources = (unsigned int)any(s, PROOF_SOURCES + 1);
	}
	for (unsigned int i = 0; i < p->nr_sources; i++) {
		any_name(s, p->sources[i].name, 8);
		p->sources[i].count = 1 + any(s, 99);
	}
	if (p->softirqs_known)
		p->softirqs = any(s, 1000);
	if (coin(s))
		strcpy(p->no_smis, "no msr module");
	else
		p->smis = any(s, 3);
	any_proof_state(s, p);
}

void any_noise(uint64_t *s, struct result_noise *n, uint32_t window)
{
	*n = (struct result_noise){
		.known = true,
		.window = window,
		.cpu = (int)any(s, 64),
		.irqs_known = coin(s),
		.softirqs_known = coin(s),
	};
	if (n->irqs_known) {
		n->irqs = any(s, 1000);
		n->nr_sources = (unsigned int)any(s, RESULT_IRQ_SOURCES + 1);
	}
	for (unsigned int i = 0; i < n->nr_sources; i++) {
		any_name(s, n->sources[i].name, 8);
		n->sources[i].count = 1 + any(s, 99);
	}
	if (n->softirqs_known)
		n->softirqs = any(s, 1000);
	if (coin(s))
		strcpy(n->no_smis, "no msr module");
	else
		n->smis = any(s, 3);
}

static void any_stress_row(uint64_t *s, const struct result *r,
			   struct stress_row *row)
{
	any_name(s, row->name, 8);
	row->vcpu = (uint32_t)any(s, r->nr_vcpus);
	if (coin(s))
		row->vcpu_set = 1 + any(s, 99);
	row->a.count = any(s, 1000);
	row->a.min = (int64_t)any(s, 1000) - 500;
	row->a.max = row->a.min + (int64_t)any(s, 1000);
	for (int i = 0; i < NR_REPORT_QUANTILES; i++)
		if (coin(s))
			row->a.quantile[i] = (struct analysis_quantile){
				.supported = true,
				.value = row->a.min + (int64_t)any(s, 500)};
}

/* After the vCPUs. */
void any_stress(uint64_t *s, struct result *r)
{
	r->nr_stress = (unsigned int)any(s, 4);
	if (r->nr_stress)
		r->stress = room_for(RESULT_MAX_STRESS, sizeof(*r->stress),
				     "for a test");
	for (unsigned int i = 0; i < r->nr_stress; i++) {
		struct result_stress *to = &r->stress[i];

		any_name(s, to->name, 20);
		any_name(s, to->cpus, 8);
		any_text(s, to->how, sizeof(to->how));
		to->done = any(s, 1000000);
		to->rounds = (unsigned int)any(s, ROUNDS_MAX + 1);
		to->verdict = (enum verdict)any(s, NR_VERDICTS);
		any_text(s, to->reason, sizeof(to->reason));
		to->nr_warnings = (unsigned int)any(s, 9);
		to->nr_rows = (unsigned int)any(s, 5);
		to->rows = room_for(to->nr_rows + 1, sizeof(*to->rows),
				    "for a test");
		for (unsigned int k = 0; k < to->nr_rows; k++)
			any_stress_row(s, r, &to->rows[k]);
	}
}
