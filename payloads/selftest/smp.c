/* SPDX-License-Identifier: BSD-2-Clause */
/* smp.c - jobs on the other vCPUs, one after the other and all at once. */
#include "payloads/selftest/selftest.h"

#define CPUID_APIC_ID_SHIFT 24 /* leaf 1, EBX: SDM vol 2A CPUID */

static struct job {
	uint64_t wanted; /* vCPU 0: how often it has been given */
	uint64_t runs, order;
	uint64_t id, apic_id, irqs; /* of the vCPU that ran it */
} jobs[2];

static uint64_t nr_run; /* jobs so far, of both kinds */

static void job(void *arg)
{
	struct job *j = arg;

	j->runs++;
	j->order = ++nr_run;
	j->id = me()->id;
	j->irqs = me()->irqs;
	j->apic_id = cpuid(1, 0).ebx >> CPUID_APIC_ID_SHIFT;
}

static bool ran(uint32_t vcpu, uint64_t which, uint64_t order)
{
	const struct job *j = &jobs[which];

	must(j->runs == j->wanted,
	     "smp: wanted job %lu to have run %lu times, got %lu on vCPU %u",
	     which, j->wanted, j->runs, vcpu);
	must(j->id == vcpu && j->apic_id == vcpu,
	     "smp: wanted a job on vCPU %u, got it on %lu with APIC id %lu",
	     vcpu, j->id, j->apic_id);
	must(j->order == order,
	     "smp: wanted job %lu to be number %lu, got number %lu", which,
	     order, j->order);
	return true;
}

/* A job comes with one interrupt, and is over when the next one begins. */
static bool two_jobs(uint32_t vcpu, uint64_t irqs)
{
	uint64_t before = nr_run;
	bool lapic = (fw_boot->flags & BOOT_LAPIC) != 0;

	for (uint64_t i = 0; i < 2; i++) {
		jobs[i].wanted++;
		on_vcpu(vcpu, job, &jobs[i]);
	}
	vcpu_join(vcpu);
	must(nr_run == before + 2, "smp: wanted 2 jobs run on vCPU %u, got %lu",
	     vcpu, nr_run - before);
	if (!ran(vcpu, 0, before + 1) || !ran(vcpu, 1, before + 2))
		return false;
	if (lapic)
		must(jobs[0].irqs == irqs + 1 && jobs[1].irqs == irqs + 2,
		     "smp: wanted interrupts %lu and %lu of vCPU %u with its "
		     "jobs, got %lu and %lu",
		     irqs + 1, irqs + 2, vcpu, jobs[0].irqs, jobs[1].irqs);
	return true;
}

/* One that does not begin would be waited for for ever. */
static bool begins(uint32_t vcpu)
{
	uint64_t until = rdtsc() + us_to_tsc(PATIENCE_US), before = nr_run;

	jobs[0].wanted++;
	on_vcpu(vcpu, job, &jobs[0]);
	while (__atomic_load_n(&nr_run, __ATOMIC_RELAXED) == before &&
	       rdtsc() < until)
		cpu_relax();
	must(__atomic_load_n(&nr_run, __ATOMIC_RELAXED) != before,
	     "smp: wanted a job to begin on vCPU %u, it did not", vcpu);
	vcpu_join(vcpu);
	return ran(vcpu, 0, before + 1);
}

static bool in_a_row(void)
{
	uint64_t pairs = selftest.samples / 2 / (nr_vcpus() - 1) + 1;

	for (uint32_t vcpu = 1; vcpu < nr_vcpus(); vcpu++) {
		const struct percpu *p = fw_percpu(vcpu);

		if (!begins(vcpu))
			return false;
		for (uint64_t i = 0; i < pairs; i++)
			if (!two_jobs(vcpu, p->irqs))
				return false;
	}
	return true;
}

static _Atomic uint64_t here, sum;
static uint64_t counted[MAX_VCPUS];

static void add(void *arg)
{
	const uint64_t *times = arg;

	meet(&here);
	for (uint64_t i = 0; i < *times; i++)
		atomic_fetch_add(&sum, me()->id + 1);
	counted[me()->id] += *times;
}

static bool at_once(void)
{
	uint64_t n = nr_vcpus(), wanted = selftest.samples * (n * (n + 1) / 2);

	on_all_vcpus(add, &selftest.samples);
	for (uint64_t i = 0; i < n; i++)
		must(counted[i] == selftest.samples,
		     "smp: wanted %lu additions done on vCPU %lu, got %lu",
		     selftest.samples, i, counted[i]);
	must(sum == wanted, "smp: wanted a sum of %lu, got %lu", wanted,
	     atomic_load(&sum));
	return true;
}

bool selftest_smp(void)
{
	if (nr_vcpus() == 1)
		left_out("smp", "jobs on other vCPUs: there is one only");
	else if (!in_a_row())
		return false;
	return at_once();
}
