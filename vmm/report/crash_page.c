/* SPDX-License-Identifier: BSD-2-Clause */
/* crash_page.c - see crash_page.h. */
#include <string.h>

#include "vmm/machine/crash.h"
#include "vmm/report/crash_page.h"
#include "vmm/report/disasm.h"

#define INSN_MAX 15

struct named {
	const char *name;
	uint64_t value;
};

void dump_symbol(const struct result *r, uint64_t rip, char *text, size_t len)
{
	uint64_t offset = 0;
	const char *name = image_symbol(&r->setup->image, rip, &offset);

	if (name)
		snprintf(text, len, "%.80s+%#jx", name, (uintmax_t)offset);
	else
		snprintf(text, len, "no symbol");
}

uint64_t dump_rip(const struct result *r)
{
	if (r->crashed)
		return r->crashed->crash.has_regs ? r->crashed->crash.regs.rip
						  : 0;
	return r->has_trap ? r->trap.rip : 0;
}

/* A trap's code is read from RAM, where the identity map has it. */
static unsigned int take_code(const struct result *r, unsigned char *code)
{
	unsigned int len = 0;

	if (r->crashed) {
		len = r->crashed->crash.code_len;
		memcpy(code, r->crashed->crash.code, len);
		return len;
	}
	for (; len < INSN_MAX; len++) {
		const unsigned char *hva = vm_hva(r->vm, r->trap.rip + len, 1);

		if (!hva)
			break;
		code[len] = *hva;
	}
	return len;
}

void dump_instruction(const struct result *r, char *text, size_t len)
{
	unsigned char code[CRASH_CODE_LEN];
	unsigned int code_len = take_code(r, code);

	text[0] = '\0';
	if (code_len == 0)
		return;
	if (disasm(code, code_len, dump_rip(r), text, len) == 0)
		snprintf(text, len, "(no instruction: byte %#04x)", code[0]);
}

static void print_registers(FILE *out, const struct named *n, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		fprintf(out, "  %-6s %016jx%s", n[i].name,
			(uintmax_t)n[i].value,
			i % 3 == 2 || i + 1 == nr ? "\n" : "");
}

static void dump_vcpu(const struct vcpu *v, FILE *out)
{
	const struct kvm_regs *g = &v->crash.regs;
	const struct kvm_sregs *s = &v->crash.sregs;
	const struct named regs[] = {
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

	print_registers(out, regs, sizeof(regs) / sizeof(*regs));
}

static void dump_trap(const struct trap_report *t, FILE *out)
{
	const struct named regs[] = {
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

	print_registers(out, regs, sizeof(regs) / sizeof(*regs));
}

void dump_crash(const struct result *r, FILE *out)
{
	char symbol[128], insn[128];
	uint64_t rip = dump_rip(r);

	if (!r->crashed && !r->has_trap)
		return;
	if (r->crashed)
		fprintf(out, "vCPU %u: %s; exit reason %u (%s)\n",
			r->crashed->index, r->crashed->crash.reason,
			r->crashed->crash.exit_reason,
			vcpu_exit_name(r->crashed->crash.exit_reason));
	else
		fprintf(out, "vCPU %ju: %s (vector %ju, error %#jx)\n",
			(uintmax_t)r->trap.vcpu,
			crash_vector_name(r->trap.vector),
			(uintmax_t)r->trap.vector, (uintmax_t)r->trap.error);
	if (r->crashed && !r->crashed->crash.has_regs)
		return;
	dump_symbol(r, rip, symbol, sizeof(symbol));
	dump_instruction(r, insn, sizeof(insn));
	fprintf(out, "  at %#jx (%s): %s\n", (uintmax_t)rip, symbol,
		insn[0] ? insn : "no code there");
	if (r->crashed)
		dump_vcpu(r->crashed, out);
	else
		dump_trap(&r->trap, out);
}
