/* SPDX-License-Identifier: BSD-2-Clause */
/* read_proof.c - see read_parts.h: what happened on the vCPUs' CPUs. */
#include "vmm/result/read_parts.h"

static void read_sources(struct reader *rd, const json_t *o,
			 struct result_proof *p)
{
	const json_t *a = read_array(rd, o, "sources", PROOF_SOURCES), *s;
	size_t i;

	p->nr_sources = (unsigned int)json_array_size(a);
	json_array_foreach (a, i, s) {
		read_text(rd, s, "name", p->sources[i].name,
			  sizeof(p->sources[i].name));
		p->sources[i].count = read_count(rd, s, "count");
	}
}

static void read_interrupts(struct reader *rd, const json_t *o,
			    struct result_proof *p)
{
	p->irqs_known = json_object_get(o, "interrupts") != NULL;
	if (p->irqs_known) {
		p->irqs = read_count(rd, o, "interrupts");
		p->devices = read_count(rd, o, "device_interrupts");
		read_sources(rd, o, p);
	}
	p->softirqs_known = json_object_get(o, "softirqs") != NULL;
	p->softirqs = maybe_count(rd, o, "softirqs");
	maybe_text(rd, o, "no_smis", p->no_smis, sizeof(p->no_smis));
	if (!p->no_smis[0])
		p->smis = read_count(rd, o, "smis");
}

/* The two of [begin, end]; false: it is not there, or not two. */
static bool read_pair(struct reader *rd, const json_t *o, const char *key,
		      const json_t *pair[2])
{
	const json_t *a;

	if (!json_object_get(o, key))
		return false;
	a = read_array(rd, o, key, 2);
	if (json_array_size(a) != 2) {
		reader_fail(rd, key, "wanted two, of the begin and the end");
		return false;
	}
	pair[0] = json_array_get(a, 0);
	pair[1] = json_array_get(a, 1);
	return true;
}

static void read_khz(struct reader *rd, const json_t *o, const char *key,
		     struct result_proof *p, enum cpu_khz which)
{
	const json_t *pair[2];

	if (!read_pair(rd, o, key, pair))
		return;
	for (int i = 0; i < 2; i++) {
		struct known_count *k = &p->khz[i][which];

		k->known = json_is_integer(pair[i]) &&
			   json_integer_value(pair[i]) >= 0;
		if (!k->known)
			reader_fail(rd, key, "wanted kHz");
		else
			k->n = (uint64_t)json_integer_value(pair[i]);
	}
}

static void read_words(struct reader *rd, const json_t *o,
		       struct result_proof *p)
{
	for (int i = 0; i < NR_CPU_WORDS; i++) {
		const char *key = cpu_word_name((enum cpu_word)i);
		const json_t *pair[2];

		if (!read_pair(rd, o, key, pair))
			continue;
		for (int k = 0; k < 2; k++)
			take_text(rd, pair[k], key, p->words[k][i],
				  sizeof(p->words[k][i]));
	}
}

static void read_one(struct reader *rd, const json_t *o, struct result *r)
{
	int64_t vcpu = read_int(rd, o, "vcpu", 0, (int64_t)r->nr_vcpus - 1);
	struct result_proof *p = &r->vcpus[vcpu].proof;

	*p = (struct result_proof){.known = true};
	p->cpu = (int)read_int(rd, o, "cpu", -1, INT32_MAX);
	p->tsc = read_count(rd, o, "duration_tsc");
	p->moved = read_bool(rd, o, "moved");
	read_interrupts(rd, o, p);
	for (int i = 0; i < NR_CPU_COUNTS; i++) {
		const char *key = cpu_count_name((enum cpu_count)i);

		p->counts[i].known = json_object_get(o, key) != NULL;
		p->counts[i].n = maybe_count(rd, o, key);
	}
	read_words(rd, o, p);
	read_khz(rd, o, "khz", p, CPU_KHZ_NOW);
	read_khz(rd, o, "least_khz", p, CPU_KHZ_LEAST);
	read_khz(rd, o, "most_khz", p, CPU_KHZ_MOST);
}

void read_proof(struct reader *rd, const json_t *file, struct result *r)
{
	const json_t *a, *o;
	size_t i;

	/* Files of earlier versions have none. */
	if (!json_object_get(file, "proof"))
		return;
	a = read_array(rd, file, "proof", r->nr_vcpus);
	json_array_foreach (a, i, o) {
		reader_at(rd, "proof[", (unsigned int)i);
		read_one(rd, o, r);
	}
	reader_at(rd, NULL, 0);
}
