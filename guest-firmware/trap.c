/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.c - what happens at an exception: an entry of the extable continues at
 * its fix-up, anything else goes to the host in full and ends the run.
 */
#include <stdatomic.h>

#include "guest-firmware/control.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/trap.h"
#include "guest-firmware/x86.h"

/* As trap_common in start.S pushes it. */
struct trap_frame {
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

struct extable_entry {
	uint64_t rip, fixup;
};

extern const struct extable_entry extable_start[], extable_end[];

void trap_handle(struct trap_frame *f);

static void trap_report(const struct trap_frame *f)
{
	struct trap_report *t = &fw_result()->trap;

	if (t->valid) /* one is enough: the first tells the cause */
		return;
	*t = (struct trap_report){
		.vcpu = me()->id,
		.vector = f->vector,
		.error = f->error,
		.rip = f->rip,
		.cs = f->cs,
		.rflags = f->rflags,
		.rsp = f->rsp,
		.ss = f->ss,
		.cr2 = read_cr2(),
		.rax = f->rax,
		.rbx = f->rbx,
		.rcx = f->rcx,
		.rdx = f->rdx,
		.rsi = f->rsi,
		.rdi = f->rdi,
		.rbp = f->rbp,
		.r8 = f->r8,
		.r9 = f->r9,
		.r10 = f->r10,
		.r11 = f->r11,
		.r12 = f->r12,
		.r13 = f->r13,
		.r14 = f->r14,
		.r15 = f->r15,
	};
	atomic_thread_fence(memory_order_release);
	t->valid = 1;
}

void trap_handle(struct trap_frame *f)
{
	for (const struct extable_entry *e = extable_start; e != extable_end;
	     e++) {
		if (e->rip == f->rip) {
			f->rip = e->fixup;
			f->rax = f->vector;
			return;
		}
	}
	trap_report(f);
	for (;;)
		fw_control(CTL_PANIC, 0);
}
