/* SPDX-License-Identifier: BSD-2-Clause */
/* sandbox.c - see sandbox.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#include "vmm/base/die.h"
#include "vmm/base/verdict.h"
#include "vmm/host/capabilities.h"
#include "vmm/host/sandbox.h"
#include "vmm/host/sandbox_calls.h"
#include "vmm/host/sandbox_files.h"

/* Threads but for the vCPUs', which are their numbers. */
#define MAIN_THREAD -1
#define A_WORKER    -2

#define NO_CALL -1

/* One call is few ticks of a coarse TSC, and what one costs depends on those
 * before it: blocks repeat, calls do not. */
#define BLOCKS	    32
#define BLOCK_CALLS 16

/* A sanitizer's run-time makes system calls of its own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#define SANITIZED \
	(__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define SANITIZED false
#endif

/* The kernel's rights are the process's, and so is this. */
static struct {
	bool entered;
	const char *missing;  /* literal */
	struct sandbox state; /* call_tsc: vCPU 0 writes it */
	struct sock_fprog vcpu, worker, files;
	bool keeps_nice;   /* vCPUs: CAP_SYS_NICE */
	uint64_t main_tsc; /* of a block, by the main thread's filter */
	/* Any thread, at the first call that was refused. */
	_Atomic int refused_nr;
	int refused_by; /* before refused_nr */
	bool told;	/* the main thread: of that call */
} sandbox = {.refused_nr = NO_CALL};

static __thread int thread_is = MAIN_THREAD;

/* In a handler: only what signal-safety(7) lets it. */
static void on_refused(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	int none = NO_CALL;

	(void)sig;
	if (atomic_load(&sandbox.refused_nr) == NO_CALL)
		sandbox.refused_by = thread_is;
	atomic_compare_exchange_strong(&sandbox.refused_nr, &none,
				       info->si_syscall);
	uc->uc_mcontext.gregs[REG_RAX] = -EPERM;
}

bool sandbox_refused(char *text, size_t len)
{
	int nr = atomic_load(&sandbox.refused_nr), by = sandbox.refused_by;
	char who[24] = "the main thread", *name;

	if (nr == NO_CALL)
		return false;
	sandbox.told = true;
	if (by >= 0)
		snprintf(who, sizeof(who), "vCPU %d", by);
	else if (by == A_WORKER)
		snprintf(who, sizeof(who), "a device's thread");
	name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);
	snprintf(text, len,
		 "the sandbox refused %s the system call %s (%d): it was taken "
		 "over, or this is a bug to be told (--no-sandbox shows which)",
		 who, name ? name : "without a name", nr);
	free(name);
	return true;
}

bool sandbox_has_refused(void)
{
	return atomic_load(&sandbox.refused_nr) != NO_CALL;
}

/* At the end, what nobody else has told: a success is none. */
static void tell_refused(int status, void *arg)
{
	char text[256];

	(void)arg;
	if (sandbox.told || !sandbox_refused(text, sizeof(text)))
		return;
	warn("%s", text);
	fflush(NULL);
	if (status == 0)
		_exit(verdict_status(VERDICT_ERROR));
}

/*
 * What a block of calls takes that end behind the filter: cycles of the TSC,
 * the least of some.  A thread's filters are those of its creator and its own.
 */
static uint64_t time_calls(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < BLOCKS; i++) {
		uint64_t begin = __rdtsc(), took;

		for (int k = 0; k < BLOCK_CALLS; k++)
			(void)ioctl(-1, KVM_RUN, NULL);
		took = __rdtsc() - begin;
		if (took < least)
			least = took;
	}
	return least;
}

static void load(const struct sock_fprog *prog)
{
	/* Speculation stays what it is: without the flag a thread with a filter
	 * has Speculative Store Bypass switched off, and its guest too. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    SECCOMP_FILTER_FLAG_SPEC_ALLOW, prog) != 0)
		die_errno("cannot set the seccomp filter; --no-sandbox runs "
			  "without");
}

/* Returns what it made a block dearer by. */
static uint64_t load_timed(const struct sock_fprog *prog)
{
	uint64_t before = time_calls(), after;

	load(prog);
	after = time_calls();
	return after > before ? after - before : 0;
}

static struct sock_fprog make(unsigned int sets)
{
	struct sock_fprog prog = sandbox_filter(sets);

	if (!prog.filter)
		die_errno("cannot make a seccomp filter; --no-sandbox runs "
			  "without");
	return prog;
}

/* What this run's vCPUs may do beside what all do. */
static unsigned int sets_of_vcpus(unsigned int needs)
{
	unsigned int sets = 0;

	if (needs & NEED_COUNTERS)
		sets |= SET_COUNTERS;
	if (needs & NEED_LAZY)
		sets |= SET_LAZY;
	if (needs & NEED_PRIORITY)
		sets |= SET_PRIORITY;
	return sets;
}

/* The threads that it starts have its filter too, beside their own. */
static void restrict_calls(unsigned int needs)
{
	struct sigaction refused = {
		.sa_sigaction = on_refused,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};
	unsigned int sets = SET_FILES | SET_MAIN;
	struct sock_fprog prog;

	if (needs & NEED_RUNS) /* nobody knows what they need */
		needs |= NEED_COUNTERS | NEED_LAZY | NEED_PRIORITY;
	if (needs & NEED_COUNTERS)
		sets |= SET_TRACE;
	if (needs & NEED_RUNS)
		sets |= SET_RUNS;
	if (needs & NEED_TRACE)
		sets |= SET_INSTANCE;
	if (needs & NEED_TRACE && needs & NEED_RUNS)
		sets |= SET_INSTANCES;
	if (needs & NEED_DEADLINE)
		sets |= SET_DEADLINE;
	if (needs & NEED_NODES && needs & NEED_RUNS)
		sets |= SET_NODES;
	prog = make(sets | sets_of_vcpus(needs));
	if (sigaction(SIGSYS, &refused, NULL) != 0 ||
	    on_exit(tell_refused, NULL) != 0)
		die_errno("cannot handle SIGSYS");
	sandbox.main_tsc = load_timed(&prog);
	free(prog.filter);
}

static void prepare_threads(const struct sandbox_wish *wish)
{
	sandbox.keeps_nice = wish->needs & NEED_PRIORITY;
	free(sandbox.vcpu.filter);
	sandbox.vcpu = make(SET_VCPU | sets_of_vcpus(wish->needs));
	if (!sandbox.worker.filter)
		sandbox.worker = make(SET_WORKER);
	if (!sandbox.files.filter)
		sandbox.files = make(SET_FILES);
}

void sandbox_enter(const struct sandbox_wish *wish)
{
	uint32_t action = SECCOMP_RET_TRAP;
	bool again = sandbox.entered;

	sandbox.entered = true;
	if (wish->off || sandbox.missing)
		return;
	if (SANITIZED)
		sandbox.missing = "this is a sanitizer's build";
	else if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action))
		sandbox.missing = "this kernel has no seccomp filters";
	if (sandbox.missing)
		return;
	prepare_threads(wish);
	if (again)
		return;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		die_errno("cannot set PR_SET_NO_NEW_PRIVS");
	sandbox.state.landlock = sandbox_restrict_files(wish);
	restrict_calls(wish->needs);
	sandbox.state.seccomp = true;
}

void sandbox_files_only(void)
{
	if (sandbox.state.seccomp)
		load(&sandbox.files);
}

void sandbox_vcpu(uint32_t vcpu)
{
	uint64_t own_tsc;

	if (!sandbox.state.seccomp)
		return;
	thread_is = (int)vcpu;
	/* It may raise its priority again, and nothing else by it. */
	capabilities_drop(sandbox.keeps_nice);
	own_tsc = load_timed(&sandbox.vcpu);
	if (vcpu == 0)
		sandbox.state.call_tsc =
			(sandbox.main_tsc + own_tsc) / BLOCK_CALLS;
}

void sandbox_worker(void)
{
	if (!sandbox.state.seccomp)
		return;
	thread_is = A_WORKER;
	capabilities_drop(false);
	load(&sandbox.worker);
}

struct sandbox sandbox_state(void)
{
	return sandbox.state;
}

const char *sandbox_missing(void)
{
	return sandbox.missing;
}
