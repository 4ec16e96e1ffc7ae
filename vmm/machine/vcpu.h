/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vcpu.h - one virtual CPU: its KVM file, its pinned thread, its counts.
 *
 * The thread owns every field from its start to its end, but for run, whose
 * immediate_exit the main thread sets to end it (Documentation/virt/kvm/
 * api.rst 5, immediate_exit).
 */
#ifndef VMM_MACHINE_VCPU_H
#define VMM_MACHINE_VCPU_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "guest-firmware/abi/result.h"
#include "vmm/host/kvm.h"
#include "vmm/host/kvm_stats.h"
#include "vmm/host/msr_counts.h"
#include "vmm/host/noise.h"
#include "vmm/machine/vm.h"

/* Everything counted about a vCPU at one moment, while it is stopped. */
struct vcpu_snapshot {
	struct vcpu_counts guest; /* the guest's own count */
	uint64_t user_exits;	  /* returns of KVM_RUN */
	uint64_t asides;	  /* of these, exits that no sample has */
	uint64_t nvcsw, nivcsw;	  /* context switches of the thread */
	uint64_t minflt, majflt;  /* page faults of the thread */
	int cpu;		  /* where it ran */
	uint64_t tsc;		  /* host clock */
	uint64_t cpu_ns;	  /* CPU time of the thread, guest and host */
	uint64_t wait_ns;	  /* it was runnable and had no CPU */
	struct stats kvm;
};

struct window {
	bool begun, ended;
	struct vcpu_snapshot begin, end;
	bool counts_msrs; /* METRIC_COUNTED */
	int msr_error;	  /* why msrs are not known, -errno; 0: they are */
	struct msr_counts msrs; /* by KVM's count */
};

enum vcpu_state {
	VCPU_RUNNING,
	VCPU_PARKED,  /* no more work: an orderly end */
	VCPU_DONE,    /* the payload is done: an orderly end */
	VCPU_BROKE,   /* break_metric has a sample above --break-at */
	VCPU_STOPPED, /* from outside */
	VCPU_PANIC,   /* the guest's trap report says why */
	VCPU_CRASHED, /* crash says why */
};

/* The vCPU's thread asks, the main thread does the rest. */
enum counters_state {
	COUNTERS_NONE,
	COUNTERS_WANTED,
	COUNTERS_BUSY,
	COUNTERS_TRIED,
};

/* Of KVM_EXIT_*, that are told apart; the last is of all above it. */
#define VCPU_EXIT_REASONS 48

#define CRASH_CODE_LEN 16 /* one instruction is at most 15 bytes */

struct vcpu_crash {
	char reason[256];
	uint32_t exit_reason; /* KVM_EXIT_* */
	bool has_regs;
	struct kvm_regs regs;
	struct kvm_sregs sregs;
	unsigned int code_len; /* bytes at rip */
	unsigned char code[CRASH_CODE_LEN];
};

struct vcpu {
	struct vm *vm;
	uint32_t index;
	int fd, stats_fd;
	int schedstat_fd; /* of the thread; -1: this kernel has none */
	/* The same; other vCPUs' threads read it: vm_vcpu_rests(). */
	_Atomic int syscall_fd;
	struct kvm_run *run;
	pthread_t thread;
	_Atomic pid_t tid; /* the thread writes it first of all; 0: not yet */
	bool started;
	_Atomic(enum vcpu_state) state;
	uint32_t break_metric;
	uint64_t user_exits, asides;
	/* user_exits by KVM_EXIT_*; NULL: nobody asked. */
	uint64_t *exits_by_reason;
	int stats_err;	/* why KVM's counts could not be read once; or 0 */
	bool wait_lost; /* nor could the file of schedstat_fd */
	/* rest.c, on any thread: at the last question about this vCPU. */
	_Atomic uint64_t halts_seen, polls_seen, turns_seen;
	struct vcpu_snapshot first, last; /* the whole run; last: if orderly */
	struct window *windows;		  /* RESULT_MAX_WINDOWS */
	struct msr_counters msr_counters; /* see vcpu_open_counters() */
	_Atomic(enum counters_state) counters_state;
	int counters_error;  /* the main thread, before COUNTERS_TRIED */
	struct noise *noise; /* NULL: nobody asked */
	int64_t tsc_offset;  /* as KVM says, wanted 0 */
	bool tsc_offset_known;
	uint64_t entry_tsc;	 /* host clock before the first KVM_RUN ... */
	uint64_t exit_tsc;	 /* ... and after the last */
	struct vcpu_crash crash; /* VCPU_STOPPED: has_regs, where it was */
	bool halted;		 /* VCPU_STOPPED: in the HLT before regs.rip */
};

/* Creates all of vm->nr_vcpus in vm->vcpus, ready to run.  Dies. */
void vcpus_create(struct vm *vm);

/* Files and mappings of all of them; their threads have ended. */
void vcpus_destroy(struct vm *vm);

/*
 * The thread may not open its counters itself, and open ones make its switches
 * dearer: the main thread does when the first window wants them, which waits
 * for it.  0, or -errno: -ECANCELED when the VM is stopped meanwhile.
 */
int vcpu_open_counters(struct vcpu *vcpu);

/* The main thread: opens those that are wanted. */
void vcpus_serve(struct vm *vm);

/*
 * Fills in a snapshot, of the begin or the end of something.  On the vCPU's
 * thread, outside of KVM_RUN.  Its clock is read before or after all else, so
 * that what is counted between two of them fits into the time between them,
 * however long the thread has no CPU meanwhile.
 */
void vcpu_snapshot(struct vcpu *vcpu, struct vcpu_snapshot *s, bool begin);

#endif
