/* SPDX-License-Identifier: BSD-2-Clause */
/* placement_apply.c - see placement.h: what the host grants. */
#include <errno.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "vmm/host/capabilities.h"
#include "vmm/host/placement.h"
#include "vmm/host/policies.h"

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

static bool any_of(const struct placement_wish *wish, uint32_t nr_vcpus,
		   enum policy_kind kind)
{
	for (uint32_t i = 0; i < nr_vcpus; i++)
		if (placement_policy(wish, i).kind == kind)
			return true;
	return false;
}

/* The main thread, as the vCPUs' will be; false: refused. */
static bool try_fifo(struct placement *p, int top)
{
	/*
	 * Without a CPU of its own the watchdog has to take one from a vCPU
	 * that spins, or what one leaves of SCHED_DEADLINE.  With one it needs
	 * no priority: this is only a try.
	 */
	struct policy fifo = {.kind = POLICY_FIFO,
			      .prio = p->shared ? top + 1 : top};
	int err;

	if (fifo.prio == 0)
		return true;
	err = policy_enter(&fifo, false);
	if (err)
		refuse(p,
		       "SCHED_FIFO priority %d%s (%s): run as root, or allow it "
		       "with 'ulimit -r 99' (limits.conf: USER - rtprio 99)",
		       fifo.prio, p->shared ? " for the watchdog" : "",
		       strerror(-err));
	return err == 0;
}

/* kernel/sched/syscalls.c, __sched_setscheduler(), for each of them. */
static const char *deadline_remedy(int err)
{
	if (err == -EBUSY)
		return "its CPU has no such share left: take a smaller "
		       "RUNTIME, or end what else has SCHED_DEADLINE";
	if (err == -EINVAL)
		return "PERIOD is not within kernel.sched_deadline_period_"
		       "min_us and _max_us";
	if (err != -EPERM)
		return "this kernel has no SCHED_DEADLINE";
	if (!capabilities_has(CAP_SYS_NICE))
		return "run as root, or with CAP_SYS_NICE";
	return "a thread with one CPU gets none while others share its "
	       "scheduling domain: echo -1 > /proc/sys/kernel/"
	       "sched_rt_runtime_us, or make a cpuset partition of that CPU";
}

static bool try_deadline(struct placement *p, const struct placement_wish *wish,
			 uint32_t nr_vcpus)
{
	struct policy policies[MAX_VCPUS];
	uint32_t vcpus[MAX_VCPUS];
	int cpus[MAX_VCPUS], err;
	size_t nr = 0, refused;

	for (uint32_t i = 0; i < nr_vcpus; i++) {
		policies[nr] = placement_policy(wish, i);
		if (policies[nr].kind != POLICY_DEADLINE)
			continue;
		vcpus[nr] = i;
		cpus[nr++] = p->cpu[i];
	}
	err = policies_try(policies, cpus, nr, &refused);
	if (err)
		refuse(p, "SCHED_DEADLINE to vCPU %u on CPU %d (%s): %s",
		       vcpus[refused], cpus[refused], strerror(-err),
		       deadline_remedy(err));
	return err == 0;
}

static void try_policies(struct placement *p, const struct placement_wish *wish,
			 uint32_t nr_vcpus)
{
	static const struct policy ordinary = {.kind = POLICY_OTHER};
	bool deadline = any_of(wish, nr_vcpus, POLICY_DEADLINE);
	int top = placement_top_prio(wish, nr_vcpus);

	p->granted = false;
	if (any_of(wish, nr_vcpus, POLICY_OTHER))
		p->realtime = false;
	if (top == 0 && !deadline)
		return;
	if (p->crowded) {
		refuse(p,
		       "%s to vCPUs that share a CPU: one that spins would "
		       "starve the other; give each its own",
		       top ? "SCHED_FIFO" : "SCHED_DEADLINE");
		p->realtime = false;
		return;
	}
	/* Before the main thread has a priority: attempts are ordinary. */
	p->granted = (!deadline || try_deadline(p, wish, nr_vcpus)) &&
		     try_fifo(p, top);
	p->tells_overruns = p->granted && deadline && policy_tells_overruns();
	p->realtime = p->realtime && p->granted;
	if (!p->granted || !p->shared)
		policy_enter(&ordinary, false);
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

static void find_memory(struct placement *p, uint32_t nr_vcpus)
{
	struct tree machine;

	p->memory = (struct memory_nodes){.nr_host = 0};
	if (tree_open(&machine, NULL) != 0)
		return;
	p->memory = memory_nodes_read(&machine, p->cpu, nr_vcpus);
	tree_close(&machine);
}

void placement_apply(struct placement *p, const struct placement_wish *wish,
		     uint32_t nr_vcpus)
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
	try_policies(p, wish, nr_vcpus);
	find_memory(p, nr_vcpus);
	p->dma_latency_fd =
		dma_latency_hold(&p->dma_latency, wish->dma_latency_us);
}
