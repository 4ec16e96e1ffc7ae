/* SPDX-License-Identifier: BSD-2-Clause */
/* take_crash.c - see take.h: where the guest died. */
#include <stdio.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/machine/crash.h"
#include "vmm/result/disasm.h"
#include "vmm/result/take.h"

/* Registers in the order of the page. */
static void add_regs(struct result_crash *c, const struct result_reg *regs,
		     unsigned int nr)
{
	_Static_assert(sizeof(c->regs) / sizeof(*c->regs) == RESULT_MAX_REGS,
		       "an array");
	memcpy(c->regs, regs, nr * sizeof(*regs));
	c->nr_regs = nr;
}

static void take_vcpu_regs(struct result_crash *c, const struct kvm_regs *g,
			   const struct kvm_sregs *s)
{
	const struct result_reg regs[] = {
		{"rax", g->rax},	{"rbx", g->rbx},
		{"rcx", g->rcx},	{"rdx", g->rdx},
		{"rsi", g->rsi},	{"rdi", g->rdi},
		{"rbp", g->rbp},	{"rsp", g->rsp},
		{"rflags", g->rflags},	{"r8", g->r8},
		{"r9", g->r9},		{"r10", g->r10},
		{"r11", g->r11},	{"r12", g->r12},
		{"r13", g->r13},	{"r14", g->r14},
		{"r15", g->r15},	{"cr0", s->cr0},
		{"cr2", s->cr2},	{"cr3", s->cr3},
		{"cr4", s->cr4},	{"efer", s->efer},
		{"apic", s->apic_base}, {"gs", s->gs.base},
	};

	add_regs(c, regs, sizeof(regs) / sizeof(*regs));
}

static void take_trap_regs(struct result_crash *c, const struct trap_report *t)
{
	const struct result_reg regs[] = {
		{"vector", t->vector}, {"error", t->error},
		{"cr2", t->cr2},       {"rax", t->rax},
		{"rbx", t->rbx},       {"rcx", t->rcx},
		{"rdx", t->rdx},       {"rsi", t->rsi},
		{"rdi", t->rdi},       {"rbp", t->rbp},
		{"rsp", t->rsp},       {"rflags", t->rflags},
		{"r8", t->r8},	       {"r9", t->r9},
		{"r10", t->r10},       {"r11", t->r11},
		{"r12", t->r12},       {"r13", t->r13},
		{"r14", t->r14},       {"r15", t->r15},
		{"cs", t->cs},	       {"ss", t->ss},
	};

	add_regs(c, regs, sizeof(regs) / sizeof(*regs));
}

void take_place(struct result_place *p, const struct vm *vm,
		const unsigned char *code, unsigned int len)
{
	uint64_t offset = 0;
	const char *found = image_symbol(vm->image, p->rip, &offset);

	if (found) {
		char name[81];

		text_copy(name, sizeof(name), found, sizeof(name));
		snprintf(p->symbol, sizeof(p->symbol), "%s+%#jx", name,
			 (uintmax_t)offset);
	} else {
		snprintf(p->symbol, sizeof(p->symbol), "no symbol");
	}
	if (len && disasm(code, len, p->rip, p->instruction,
			  sizeof(p->instruction)) == 0)
		snprintf(p->instruction, sizeof(p->instruction),
			 "(no instruction: byte %#04x)", code[0]);
}

static void take_vcpu_crash(struct result *r, const struct vcpu *vcpu)
{
	const struct vcpu_crash *from = &vcpu->crash;
	struct result_crash *c = &r->crash;

	c->known = true;
	c->vcpu = vcpu->index;
	c->exit_reason = from->exit_reason;
	snprintf(c->exit_name, sizeof(c->exit_name), "%s",
		 vcpu_exit_name(from->exit_reason));
	snprintf(c->reason, sizeof(c->reason), "%s", from->reason);
	c->has_regs = from->has_regs;
	if (from->has_regs) {
		c->at.rip = from->regs.rip;
		take_vcpu_regs(c, &from->regs, &from->sregs);
	}
	take_place(&c->at, vcpu->vm, from->code, from->code_len);
	result_verdict(r, VERDICT_CRASH, "vCPU %u: %s", vcpu->index, c->reason);
}

unsigned int take_code(const struct vm *vm, uint64_t rip,
		       unsigned char code[TAKE_CODE_LEN])
{
	unsigned int len = 0;

	for (; len < TAKE_CODE_LEN; len++) {
		const unsigned char *hva = vm_hva(vm, rip + len, 1);

		if (!hva)
			break;
		code[len] = *hva;
	}
	return len;
}

static void take_trap(struct result *r, const struct vm *vm)
{
	const struct trap_report t = vm_result(vm)->trap;
	struct result_crash *c = &r->crash;

	c->known = t.valid != 0;
	if (c->known) {
		unsigned char code[TAKE_CODE_LEN];

		c->vcpu = t.vcpu;
		c->is_trap = true;
		c->vector = t.vector;
		c->error = t.error;
		snprintf(c->vector_name, sizeof(c->vector_name), "%s",
			 crash_vector_name(t.vector));
		c->has_regs = true;
		c->at.rip = t.rip;
		take_trap_regs(c, &t);
		take_place(&c->at, vm, code, take_code(vm, t.rip, code));
	}
	result_verdict(r, VERDICT_CRASH,
		       "the guest took an unexpected trap, vector %ju",
		       (uintmax_t)t.vector);
}

void take_crash(struct result *r, const struct vm *vm)
{
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		if (vm->vcpus[i].state != VCPU_CRASHED)
			continue;
		take_vcpu_crash(r, &vm->vcpus[i]);
		return;
	}
	take_trap(r, vm);
}

void take_stopped(struct result *r, const struct vm *vm)
{
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		const struct vcpu *vcpu = &vm->vcpus[i];
		struct result_vcpu *to = &r->vcpus[i];

		if (vcpu->state != VCPU_STOPPED || !vcpu->crash.has_regs)
			continue;
		to->was_stopped = true;
		to->halted = vcpu->halted;
		to->stopped_at.rip = vcpu->crash.regs.rip - vcpu->halted;
		if (vcpu->halted) /* by a HLT, a byte: SDM vol 2A */
			take_place(&to->stopped_at, vm,
				   (const unsigned char[]){0xf4}, 1);
		else
			take_place(&to->stopped_at, vm, vcpu->crash.code,
				   vcpu->crash.code_len);
	}
}
