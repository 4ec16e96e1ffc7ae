/* SPDX-License-Identifier: BSD-2-Clause */
/* placement.c - see placement.h. */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/choose_cpus.h"
#include "vmm/host/placement.h"

/* The vCPU loop's deepest path takes 20 KiB (a read of KVM's counts). */
#define VCPU_STACK_LEN (256u << 10)

static void refuse(struct placement *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void refuse(struct placement *p, const char *fmt, ...)
{
	va_list ap;

	if (p->nr_refused == RT_MAX_REFUSED)
		return;
	va_start(ap, fmt);
	vsnprintf(p->refused[p->nr_refused++], sizeof(p->refused[0]), fmt, ap);
	va_end(ap);
}

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

uint32_t placement_nr_cpus(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		die_errno("cannot read this process's CPUs");
	return (uint32_t)CPU_COUNT(&set);
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
	p->housekeeping = p->allowed;
	for (uint32_t i = 0; i < nr_vcpus; i++)
		CPU_CLR(p->cpu[i], &p->housekeeping);
	p->shared = CPU_COUNT(&p->housekeeping) == 0;
	if (p->shared)
		p->housekeeping = p->allowed;
}

/* More than a VM of any size here needs. */
#define LOCK_ENOUGH (4ull << 30)

/* Does the limit not hold for this process (CAP_IPC_LOCK)?  A try tells. */
static bool may_lock_all(const struct rlimit *limit)
{
	size_t len = limit->rlim_cur + 4096;
	void *p;

	p = mmap(NULL, len, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return false;
	munmap(p, len);
	return true;
}

static bool set_fifo(int prio)
{
	struct sched_param sp = {.sched_priority = prio};

	return sched_setscheduler(0, prio ? SCHED_FIFO : SCHED_OTHER, &sp) == 0;
}

static void try_priority(struct placement *p, const struct placement_wish *wish)
{
	/*
	 * Without a CPU of its own the watchdog has to take one from a vCPU
	 * that spins.  With one it needs no priority: this is only a try.
	 */
	int prio = p->shared ? wish->prio + 1 : wish->prio;

	if (wish->prio && p->crowded) {
		refuse(p, "SCHED_FIFO to vCPUs that share a CPU: one that "
			  "spins would starve the other; give each its own");
		p->realtime = false;
		return;
	}
	p->fifo = wish->prio && set_fifo(prio);
	if (wish->prio && !p->fifo)
		refuse(p,
		       "SCHED_FIFO priority %d%s (%s): run as root, or allow it "
		       "with 'ulimit -r 99' (limits.conf: USER - rtprio 99)",
		       prio, p->shared ? " for the watchdog" : "",
		       strerror(errno));
	p->realtime = p->realtime && p->fifo;
	if (p->fifo && !p->shared)
		set_fifo(0);
}

/*
 * All or nothing: with MCL_FUTURE under a limit (and without the right to pass
 * it) the mapping of guest memory would fail later.
 */
static bool lock_memory(void)
{
	struct rlimit limit;

	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0)
		return false;
	if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 ||
	    limit.rlim_cur >= LOCK_ENOUGH || may_lock_all(&limit))
		return true;
	munlockall();
	errno = ENOMEM;
	return false;
}

void placement_apply(struct placement *p, const struct placement_wish *wish)
{
	p->realtime = true;
	p->nr_refused = 0;
	/* Pages are locked as they come: the guest's are all touched before. */
	if (!lock_memory()) {
		p->realtime = false;
		refuse(p,
		       "locked memory (%s): run as root, or allow it with "
		       "'ulimit -l unlimited' (limits.conf: USER - memlock "
		       "unlimited)",
		       strerror(errno));
	}
	try_priority(p, wish);
	p->dma_latency_fd =
		dma_latency_hold(&p->dma_latency, wish->dma_latency_us);
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
	return placement_start_at(p->cpu[vcpu], p->fifo ? wish->prio : 0, fn,
				  arg);
}

pthread_t placement_start_at(int cpu, int prio, void *(*fn)(void *), void *arg)
{
	struct sched_param sp = {.sched_priority = prio};
	pthread_attr_t attr;
	pthread_t thread;
	cpu_set_t one;
	int err;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, VCPU_STACK_LEN);
	pthread_attr_setaffinity_np(&attr, sizeof(one), &one);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, prio ? SCHED_FIFO : SCHED_OTHER);
	pthread_attr_setschedparam(&attr, &sp);
	err = pthread_create(&thread, &attr, fn, arg);
	pthread_attr_destroy(&attr);
	if (err)
		die("cannot start a thread on CPU %d: %s", cpu, strerror(err));
	return thread;
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
	set_fifo(0);
	sched_setaffinity(0, sizeof(p->allowed), &p->allowed);
	dma_latency_release(p->dma_latency_fd);
	p->dma_latency_fd = -1;
}
