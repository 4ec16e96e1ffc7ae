/* SPDX-License-Identifier: BSD-2-Clause */
/* sandbox_calls.c - see sandbox_calls.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/kvm.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/host/sandbox_calls.h"

/* Where struct seccomp_data has what is looked at, little-endian. */
#define AT(field) ((uint32_t)offsetof(struct seccomp_data, field))

/* An argument with mask's bits as value has them; mask 0: any. */
struct call {
	int nr;
	unsigned int sets;
	unsigned int arg;
	uint64_t mask, value;
};

#define ALL		 (SET_FILES | SET_MAIN | SET_VCPU | SET_WORKER)
#define MAIN		 (SET_FILES | SET_MAIN)
#define GUEST		 (SET_MAIN | SET_VCPU | SET_WORKER)
#define NUMBER		 0xffffffffull /* an int, or an ioctl's number */
#define IS(i, v)	 .arg = (i), .mask = NUMBER, .value = (uint32_t)(v)
#define HAS_NOT(i, bits) .arg = (i), .mask = (bits), .value = 0
#define CALL(name, s, ...)                               \
	{                                                \
		SCMP_SYS(name), .sets = (s), __VA_ARGS__ \
	}

/* _IOC_TYPE of a request. */
#define IOCTL_TYPE(t) .arg = 1, .mask = 0xff00, .value = (t) << 8

static const struct call calls[] = {
	CALL(ioctl, SET_VCPU, IS(1, KVM_RUN)),
	/* What a vCPU is asked at its end, or where it crashed. */
	CALL(ioctl, SET_VCPU, IS(1, KVM_GET_DEVICE_ATTR)),
	CALL(ioctl, SET_VCPU, IS(1, KVM_GET_MP_STATE)),
	CALL(ioctl, SET_VCPU, IS(1, KVM_GET_REGS)),
	CALL(ioctl, SET_VCPU, IS(1, KVM_GET_SREGS)),
	CALL(ioctl, SET_VCPU, IS(1, KVM_TRANSLATE)),
	CALL(ioctl, SET_LAZY, IS(1, KVM_GET_DIRTY_LOG)),
	CALL(ioctl, SET_LAZY, IS(1, KVM_SET_USER_MEMORY_REGION)),
	CALL(madvise, SET_LAZY),
	CALL(ioctl, SET_COUNTERS, IS(1, PERF_EVENT_IOC_RESET)),
	CALL(ioctl, SET_COUNTERS, IS(1, PERF_EVENT_IOC_ENABLE)),
	CALL(ioctl, SET_COUNTERS, IS(1, PERF_EVENT_IOC_DISABLE)),
	CALL(sched_setparam, SET_PRIORITY, IS(0, 0)),
	/* A snapshot, an exit to the vmm, a message, the thread's end. */
	CALL(pread64, ALL),
	CALL(read, ALL),
	CALL(write, ALL),
	CALL(getrusage, ALL),
	CALL(clock_gettime, ALL),
	CALL(getcpu, ALL),
	CALL(futex, ALL),
	CALL(madvise, ALL, IS(2, MADV_DONTNEED)),
	CALL(rt_sigprocmask, ALL),
	CALL(rt_sigreturn, ALL),
	CALL(exit, ALL),
	/* A thread's begin, before it has its own filter. */
	CALL(seccomp, MAIN),
	CALL(capget, SET_MAIN),
	CALL(capset, SET_MAIN),
	CALL(rseq, SET_MAIN),
	CALL(set_robust_list, SET_MAIN),
	/* No new process: the C library takes the next one, whose flags show.
	 */
	CALL(clone, SET_MAIN, .arg = 0, .mask = 0x10000, .value = 0x10000),
	CALL(tgkill, SET_MAIN), /* own(): of this process */
	CALL(poll, MAIN),
	CALL(ppoll, MAIN),
	CALL(eventfd2, SET_MAIN),
	CALL(timerfd_create, SET_MAIN),
	CALL(timerfd_settime, SET_MAIN),
	CALL(timerfd_gettime, SET_MAIN),
	CALL(signalfd4, SET_MAIN),
	CALL(sched_setaffinity, SET_MAIN),
	CALL(sched_setscheduler, SET_MAIN),
	CALL(mbind, SET_NODES),
	CALL(sched_setattr, SET_DEADLINE, IS(0, 0)),
	CALL(sched_getaffinity, MAIN),
	CALL(sched_get_priority_min, SET_MAIN),
	CALL(sched_get_priority_max, SET_MAIN),
	CALL(ioctl, SET_MAIN, IOCTL_TYPE(KVMIO)),
	/* Who else has claimed a CPU. */
	CALL(accept4, SET_MAIN),
	CALL(getsockopt, SET_MAIN),
	CALL(perf_event_open, SET_TRACE),
	CALL(ioctl, SET_TRACE, IOCTL_TYPE('$')),
	CALL(fsopen, SET_TRACE),
	CALL(fsconfig, SET_TRACE),
	CALL(fsmount, SET_TRACE),
	CALL(socket, SET_RUNS, IS(0, AF_UNIX)),
	CALL(bind, SET_RUNS),
	CALL(listen, SET_RUNS),
	CALL(connect, SET_RUNS),
	CALL(memfd_create, SET_RUNS),
	CALL(mlockall, SET_RUNS),
	CALL(munlockall, SET_RUNS),
	CALL(prlimit64, SET_RUNS, IS(0, 0)),
	/* Memory, never such that can be run. */
	CALL(mmap, MAIN, HAS_NOT(2, PROT_EXEC)),
	CALL(mprotect, MAIN, HAS_NOT(2, PROT_EXEC)),
	CALL(munmap, MAIN),
	CALL(mremap, MAIN),
	CALL(brk, MAIN),
	/* Files: Landlock says where. */
	CALL(openat, MAIN),
	CALL(close, MAIN),
	CALL(lseek, MAIN),
	CALL(readv, MAIN),
	CALL(writev, MAIN),
	CALL(pwrite64, MAIN),
	CALL(fstat, MAIN),
	CALL(newfstatat, MAIN),
	CALL(access, MAIN),
	CALL(faccessat, MAIN),
	CALL(faccessat2, MAIN),
	CALL(getcwd, MAIN),
	CALL(getdents64, MAIN),
	CALL(readlink, MAIN),
	CALL(readlinkat, MAIN),
	CALL(rename, MAIN),
	CALL(unlink, MAIN),
	CALL(unlinkat, SET_INSTANCE),
	CALL(mkdirat, SET_INSTANCES),
	CALL(dup, MAIN),
	CALL(fsync, MAIN),
	CALL(ftruncate, MAIN),
	CALL(fcntl, MAIN, IS(1, F_GETFD)),
	CALL(fcntl, MAIN, IS(1, F_SETFD)), /* fdopendir() */
	CALL(fcntl, MAIN, IS(1, F_GETFL)),
	CALL(fcntl, MAIN, IS(1, F_SETFL)),
	CALL(fcntl, MAIN, IS(1, F_DUPFD_CLOEXEC)),
	CALL(fcntl, SET_RUNS, IS(1, F_ADD_SEALS)),
	CALL(fcntl, SET_RUNS, IS(1, F_OFD_SETLK)),
	CALL(fcntl, SET_RUNS, IS(1, F_OFD_GETLK)),
	CALL(ioctl, MAIN, IS(1, TCGETS)),
	CALL(ioctl, MAIN, IS(1, TIOCGWINSZ)),
	/* Asking after oneself, signals, the end. */
	CALL(getpid, MAIN),
	CALL(gettid, MAIN),
	CALL(geteuid, MAIN),
	CALL(getrandom, MAIN),
	CALL(uname, MAIN),
	CALL(sysinfo, MAIN),
	CALL(clock_nanosleep, MAIN | SET_COUNTERS),
	CALL(sched_yield, MAIN),
	CALL(rt_sigaction, MAIN),
	CALL(rt_sigpending, MAIN),
	CALL(rt_sigtimedwait, MAIN),
	CALL(restart_syscall, ALL),
	CALL(exit_group, MAIN),
};

#define NR_CALLS (sizeof(calls) / sizeof(*calls))

static int allow(scmp_filter_ctx ctx, const struct call *c)
{
	struct scmp_arg_cmp cmp = {
		.arg = c->arg,
		.op = SCMP_CMP_MASKED_EQ,
		.datum_a = c->mask,
		.datum_b = c->value,
	};

	/* A signal goes to this process only: its number is known here. */
	if (c->nr == SCMP_SYS(tgkill)) {
		cmp.datum_a = NUMBER;
		cmp.datum_b = (uint64_t)getpid();
	}
	return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, c->nr,
				      cmp.datum_a != 0, &cmp);
}

/* 0, or -errno. */
static int fill(scmp_filter_ctx ctx, unsigned int sets)
{
	int err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_TRAP);

	for (size_t i = 0; i < NR_CALLS && err == 0; i++)
		if (calls[i].sets & sets)
			err = allow(ctx, &calls[i]);
	/* "Not there", so that the C library takes clone() for a thread. */
	if (err == 0 && sets & SET_MAIN)
		err = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS),
				       SCMP_SYS(clone3), 0);
	return err;
}

/*
 * The library has no say in the order of an ioctl's numbers, and KVM_RUN is the
 * one that an exit to the vmm has to wait for: it is looked for first, also in
 * the main thread's filter, which its vCPUs' threads inherit.
 */
static const struct sock_filter run_first[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT(arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 5),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT(nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 3),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT(args[1])),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, KVM_RUN, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
#define NR_RUN_FIRST (sizeof(run_first) / sizeof(*run_first))

/* The library writes it to files only; 0, or -errno. */
static int export_to(scmp_filter_ctx ctx, struct sock_fprog *prog)
{
	int fd = memfd_create("latvisor-filter", MFD_CLOEXEC);
	int err = fd < 0 ? -errno : seccomp_export_bpf(ctx, fd);
	off_t len = err ? 0 : lseek(fd, 0, SEEK_END);
	size_t nr = len > 0 ? (size_t)len / sizeof(*prog->filter) : 0;

	/* The library does not tell of a write() that failed. */
	if (err == 0 && nr == 0)
		err = -EIO;
	if (err == 0 && NR_RUN_FIRST + nr <= BPF_MAXINSNS)
		prog->filter = calloc(NR_RUN_FIRST + nr, sizeof(*prog->filter));
	if (prog->filter &&
	    pread(fd, prog->filter + NR_RUN_FIRST, (size_t)len, 0) != len) {
		free(prog->filter);
		prog->filter = NULL;
	}
	if (prog->filter)
		memcpy(prog->filter, run_first, sizeof(run_first));
	prog->len = (unsigned short)(NR_RUN_FIRST + nr);
	if (fd >= 0)
		close(fd);
	return err ? err : prog->filter ? 0 : -ENOMEM;
}

struct sock_fprog sandbox_filter(unsigned int sets)
{
	struct sock_fprog prog = {.filter = NULL};
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_TRAP);
	int err = ctx ? fill(ctx, sets) : -ENOMEM;

	if (err == 0)
		err = export_to(ctx, &prog);
	seccomp_release(ctx);
	errno = -err;
	return prog;
}
