/* SPDX-License-Identifier: BSD-2-Clause */
/* placement.c - see placement.h. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/choose_cpus.h"
#include "vmm/host/pinned.h"
#include "vmm/host/placement.h"

/* Of a vCPU's CPU, where the main thread has none of its own. */
#define LEFT_PERCENT 95

/* CPUs outside the process's mask may still be had: isolated ones are. */
static bool cpu_usable(int cpu, const cpu_set_t *allowed)
{
	cpu_set_t one;
	bool ok;

	/* Trying it would move this thread to and fro. */
	if (CPU_ISSET(cpu, allowed))
		return true;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	ok = sched_setaffinity(0, sizeof(one), &one) == 0;
	sched_setaffinity(0, sizeof(*allowed), allowed);
	return ok;
}

static uint32_t choose(struct placement *p, const struct placement_wish *wish,
		       uint32_t nr)
{
	struct cpumask usable;
	struct cpu_choice choice;
	struct host_cpus host;
	struct tree machine;

	if (tree_open(&machine, NULL) != 0)
		die_errno("cannot open the root of the file system");
	usable = host_cpus_usable(&machine, &p->allowed);
	for (int cpu = 0; cpu < CPU_SETSIZE && wish->names_housekeeping; cpu++)
		if (CPU_ISSET(cpu, &wish->housekeeping))
			usable.word[cpu / 64] &= ~(1ull << cpu % 64);
	host = host_cpus_read(&machine, &usable, &wish->claimed);
	choice = choose_cpus(&host, nr);
	free(host.list);
	tree_close(&machine);
	memcpy(p->cpu, choice.cpu, sizeof(p->cpu));
	memcpy(p->cpus_why, choice.why, sizeof(p->cpus_why));
	return choice.nr;
}

static void check_cpus(struct placement *p, const struct placement_wish *wish,
		       uint32_t nr_vcpus)
{
	for (uint32_t i = 0; i < nr_vcpus; i++) {
		if (!cpu_usable(p->cpu[i], &p->allowed))
			die("vCPU %u cannot run on CPU %d: it is offline, not "
			    "there, or outside this process's cpuset; choose "
			    "others with --cpus",
			    i, p->cpu[i]);
		for (uint32_t k = 0; k < i; k++)
			p->crowded |= p->cpu[k] == p->cpu[i];
		for (uint32_t k = 0; k < i && !wish->overcommit; k++)
			if (p->cpu[k] == p->cpu[i])
				die("vCPUs %u and %u both want CPU %d: give "
				    "each its own with --cpus, or say "
				    "--allow-overcommit",
				    k, i, p->cpu[i]);
	}
}

struct policy placement_policy(const struct placement_wish *wish, uint32_t vcpu)
{
	struct policy p = {.kind = POLICY_FIFO, .prio = POLICY_PRIO_OPEN};

	if (wish->nr_policies)
		p = wish->policies[wish->nr_policies == 1 ? 0 : vcpu];
	else if (wish->prio == 0)
		p.kind = POLICY_OTHER;
	if (p.prio == POLICY_PRIO_OPEN)
		p.prio = wish->prio;
	if (!policy_has_prio(&p))
		p.prio = 0;
	return p;
}

int placement_top_prio(const struct placement_wish *wish, uint32_t nr_vcpus)
{
	int top = 0;

	for (uint32_t i = 0; i < nr_vcpus; i++) {
		int prio = placement_policy(wish, i).prio;

		top = prio > top ? prio : top;
	}
	return top;
}

/*
 * SCHED_DEADLINE goes before whatever the main thread could have, but not for
 * more than its runtime.
 */
static void check_policies(const struct placement *p,
			   const struct placement_wish *wish, uint32_t nr_vcpus)
{
	if (wish->nr_policies > 1 && wish->nr_policies != nr_vcpus)
		die("--sched has %u policies, there are %u vCPUs: give one for "
		    "each, or one for all",
		    wish->nr_policies, nr_vcpus);
	for (uint32_t i = 0; i < nr_vcpus; i++) {
		struct policy q = placement_policy(wish, i);

		if (policy_has_prio(&q) && q.prio == 0)
			die("--sched wants %s for vCPU %u, --prio 0 is none: "
			    "leave one of them out",
			    policy_name(q.kind), i);
		if (q.kind == POLICY_DEADLINE && p->shared &&
		    (uint64_t)q.runtime_us * 100 >
			    (uint64_t)q.period_us * LEFT_PERCENT)
			die("--sched: vCPU %u may have %u us of each %u us, and "
			    "no CPU is left to the main thread, which has to "
			    "end it: take %d %% at most, or fewer vCPUs",
			    i, q.runtime_us, q.period_us, LEFT_PERCENT);
	}
}

uint32_t placement_nr_cpus(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		die_errno("cannot read this process's CPUs");
	return (uint32_t)CPU_COUNT(&set);
}

/* What the vCPUs leave. */
static void choose_housekeeping(struct placement *p, uint32_t nr_vcpus)
{
	p->housekeeping = p->allowed;
	for (uint32_t i = 0; i < nr_vcpus; i++)
		CPU_CLR(p->cpu[i], &p->housekeeping);
	p->shared = CPU_COUNT(&p->housekeeping) == 0;
	if (p->shared)
		p->housekeeping = p->allowed;
}

static void take_housekeeping(struct placement *p,
			      const struct placement_wish *wish,
			      uint32_t nr_vcpus)
{
	p->housekeeping = wish->housekeeping;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &p->housekeeping) &&
		    !cpu_usable(cpu, &p->allowed))
			die("--housekeeping: CPU %d is offline, not there, or "
			    "outside this process's cpuset; choose others",
			    cpu);
	for (uint32_t i = 0; i < nr_vcpus; i++) {
		if (!CPU_ISSET(p->cpu[i], &p->housekeeping))
			continue;
		if (!wish->overcommit)
			die("--housekeeping and vCPU %u both want CPU %d: "
			    "choose others, or say --allow-overcommit",
			    i, p->cpu[i]);
		/* It may be there when that one spins. */
		p->shared = true;
	}
}

void placement_choose(struct placement *p, const struct placement_wish *wish,
		      uint32_t nr_vcpus)
{
	uint32_t found = wish->nr_cpus;

	memset(p, 0, sizeof(*p));
	if (sched_getaffinity(0, sizeof(p->allowed), &p->allowed) != 0)
		die_errno("cannot read this process's CPUs");
	if (found)
		memcpy(p->cpu, wish->cpus, found * sizeof(p->cpu[0]));
	else
		found = choose(p, wish, nr_vcpus);
	if (found < nr_vcpus && !wish->overcommit)
		die("%u vCPUs want a CPU each, %u %s: take fewer with --vcpus, "
		    "or say --allow-overcommit",
		    nr_vcpus, found,
		    wish->nr_cpus ? "given by --cpus" : "to be had here");
	for (uint32_t i = found; i < nr_vcpus; i++)
		p->cpu[i] = p->cpu[i % found];
	check_cpus(p, wish, nr_vcpus);
	if (wish->names_housekeeping)
		take_housekeeping(p, wish, nr_vcpus);
	else
		choose_housekeeping(p, nr_vcpus);
	check_policies(p, wish, nr_vcpus);
}

void placement_settle(const struct placement *p)
{
	if (sched_setaffinity(0, sizeof(p->housekeeping), &p->housekeeping))
		die_errno("cannot move the main thread to its CPUs");
}

pthread_t placement_start(const struct placement *p,
			  const struct placement_wish *wish, unsigned int vcpu,
			  void *(*fn)(void *), void *arg)
{
	struct policy policy = placement_policy(wish, vcpu);

	if (!p->granted)
		policy.kind = POLICY_OTHER;
	return pinned_start(p->cpu[vcpu], &policy, fn, arg);
}

void placement_enter(const struct placement *p,
		     const struct placement_wish *wish, unsigned int vcpu)
{
	struct policy policy = placement_policy(wish, vcpu);
	int err;

	if (!p->granted || policy.kind != POLICY_DEADLINE)
		return;
	err = policy_enter(&policy, p->tells_overruns);
	if (err)
		die("the host refused SCHED_DEADLINE to vCPU %u, which it had "
		    "granted before: %s; try again",
		    vcpu, strerror(-err));
}

pthread_t placement_start_at(int cpu, int prio, void *(*fn)(void *), void *arg)
{
	struct policy policy = {.kind = prio ? POLICY_FIFO : POLICY_OTHER,
				.prio = prio};

	return pinned_start(cpu, &policy, fn, arg);
}

void placement_adopt(const struct placement *p, const pid_t *ours,
		     unsigned int nr_ours)
{
	struct sched_param none = {.sched_priority = 0};
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *d;

	while (tasks && (d = readdir(tasks)) != NULL) {
		pid_t tid = (pid_t)strtol(d->d_name, NULL, 10);
		unsigned int i = 0;

		while (i < nr_ours && ours[i] != tid)
			i++;
		if (tid <= 0 || tid == getpid() || i < nr_ours)
			continue;
		sched_setscheduler(tid, SCHED_OTHER, &none);
		sched_setaffinity(tid, sizeof(p->housekeeping),
				  &p->housekeeping);
	}
	if (tasks)
		closedir(tasks);
}

void placement_relax(struct placement *p)
{
	struct policy ordinary = {.kind = POLICY_OTHER};

	policy_enter(&ordinary, false);
	sched_setaffinity(0, sizeof(p->allowed), &p->allowed);
	dma_latency_release(p->dma_latency_fd);
	p->dma_latency_fd = -1;
}
