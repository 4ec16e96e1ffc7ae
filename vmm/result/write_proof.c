/* SPDX-License-Identifier: BSD-2-Clause */
/* write_proof.c - see write_parts.h: what happened on the vCPUs' CPUs. */
#include "vmm/result/write_parts.h"

static json_t *sources(const struct result_proof *p)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < p->nr_sources; i++)
		json_array_append_new(
			a, json_pack("{s:s, s:I}", "name", p->sources[i].name,
				     "count", (json_int_t)p->sources[i].count));
	return a;
}

/* What is not known is named; nothing stands for it. */
static void set_known(json_t *o, json_t *unknown, const char *key, bool known,
		      json_t *value)
{
	if (known) {
		set(o, key, value);
		return;
	}
	json_decref(value);
	json_array_append_new(unknown, json_string(key));
}

static void set_interrupts(json_t *o, json_t *unknown,
			   const struct result_proof *p)
{
	set_known(o, unknown, "interrupts", p->irqs_known, number(p->irqs));
	if (p->irqs_known) {
		set(o, "device_interrupts", number(p->devices));
		set(o, "sources", sources(p));
	}
	set_known(o, unknown, "softirqs", p->softirqs_known,
		  number(p->softirqs));
	set_known(o, unknown, "smis", !p->no_smis[0], number(p->smis));
	if (p->no_smis[0])
		set_text(o, "no_smis", p->no_smis);
}

static void set_clock(json_t *o, json_t *unknown, const struct result_proof *p)
{
	static const char *const names[NR_CPU_KHZ] = {
		[CPU_KHZ_NOW] = "khz",
		[CPU_KHZ_LEAST] = "least_khz",
		[CPU_KHZ_MOST] = "most_khz",
	};

	for (int i = 0; i < NR_CPU_KHZ; i++)
		set_known(o, unknown, names[i],
			  p->khz[0][i].known && p->khz[1][i].known,
			  json_pack("[I, I]", (json_int_t)p->khz[0][i].n,
				    (json_int_t)p->khz[1][i].n));
}

static json_t *proof(const struct result *r, uint32_t vcpu)
{
	const struct result_proof *p = &r->vcpus[vcpu].proof;
	json_t *o = json_object(), *unknown = json_array();

	set(o, "vcpu", number(vcpu));
	set(o, "cpu", json_integer(p->cpu));
	set(o, "duration_tsc", number(p->tsc));
	set(o, "moved", json_boolean(p->moved));
	set_interrupts(o, unknown, p);
	for (int i = 0; i < NR_CPU_COUNTS; i++)
		set_known(o, unknown, cpu_count_name((enum cpu_count)i),
			  p->counts[i].known, number(p->counts[i].n));
	for (int i = 0; i < NR_CPU_WORDS; i++) {
		const char *a = p->words[0][i], *b = p->words[1][i];

		set_known(o, unknown, cpu_word_name((enum cpu_word)i), *a && *b,
			  json_pack("[s, s]", a, b));
	}
	set_clock(o, unknown, p);
	set(o, "not_known", unknown);
	return o;
}

json_t *write_proof(const struct result *r)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < r->nr_vcpus; i++)
		if (r->vcpus[i].proof.known)
			json_array_append_new(a, proof(r, i));
	return a;
}
