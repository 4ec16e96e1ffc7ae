/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.c - exceptions that are expected, on each vCPU: it has tables of its
 * own.
 */
#include "payloads/selftest/selftest.h"

#define VECTOR_UD 6
#define VECTOR_GP 13

#define NO_MSR	  MSR_DOORBELL /* of no processor, nor of this payload */
#define CANONICAL 0xffff80a1b2c3d4e5ull

/* KVM sees each write of it, and refuses reserved bits: SDM vol 3 2.2.1. */
#define MSR_EFER      0xc0000080
#define EFER_RESERVED (1ull << 63)
#define UNTOUCHED     0x0123456789abcdefull

enum {
	RAX,
	RBX,
	RCX,
	RDX,
	NR_REGS = 15, /* all but RSP */
	CARRY = NR_REGS,
	NR_SAVED
};

/*
 * Loads all registers, takes the trap, and stores them.  With an entry in the
 * extable of its own: RAX is the vector then.
 */
void selftest_ud(uint64_t *regs);
void selftest_gp(uint64_t *regs);

#define TRAP(name, insn)                                               \
	asm(".text\n" #name ":\n"                                      \
	    "push %rbx; push %rbp; push %r12; push %r13\n"             \
	    "push %r14; push %r15; push %rdi\n"                        \
	    "mov %rdi, %rax\n"                                         \
	    ".set reg, 1\n"                                            \
	    ".irp r, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, " \
	    "r12, r13, r14, r15\n"                                     \
	    "mov reg*8(%rax), %\\r\n"                                  \
	    ".set reg, reg + 1\n"                                      \
	    ".endr\n"                                                  \
	    "mov (%rax), %rax\n"                                       \
	    "stc\n"                                                    \
	    "1: " insn "\n"                                            \
	    "2: push %rax\n"                                           \
	    "mov 8(%rsp), %rax\n"                                      \
	    "pop (%rax)\n"                                             \
	    ".set reg, 1\n"                                            \
	    ".irp r, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, " \
	    "r12, r13, r14, r15\n"                                     \
	    "mov %\\r, reg*8(%rax)\n"                                  \
	    ".set reg, reg + 1\n"                                      \
	    ".endr\n"                                                  \
	    "setc 15*8(%rax)\n"                                        \
	    "pop %rdi; pop %r15; pop %r14\n"                           \
	    "pop %r13; pop %r12; pop %rbp; pop %rbx\n"                 \
	    "ret\n"                                                    \
	    ".pushsection .extable, \"a\"\n"                           \
	    ".quad 1b, 2b\n"                                           \
	    ".popsection\n")

TRAP(selftest_ud, "ud2");
TRAP(selftest_gp, "wrmsr");

static bool keeps_registers(const char *what, void (*trap)(uint64_t *),
			    uint64_t vector)
{
	uint64_t before[NR_SAVED], after[NR_SAVED];

	for (uint64_t i = 0; i < NR_SAVED; i++)
		before[i] = ~(i + 1) * 0x0101010101010101ull;
	before[RCX] = MSR_EFER;
	before[RDX] = EFER_RESERVED >> 32;
	before[CARRY] = 1;
	for (uint64_t i = 0; i < NR_SAVED; i++)
		after[i] = before[i];
	after[CARRY] = 0;
	trap(after);
	must(after[RAX] == vector,
	     "trap: wanted %s to be vector %lu, got %lu on vCPU %lu", what,
	     vector, after[RAX], me()->id);
	for (uint64_t i = RBX; i < NR_SAVED; i++)
		must(after[i] == before[i],
		     "trap: register %lu was %lx before %s and is %lx after "
		     "it, on vCPU %lu",
		     i, before[i], what, after[i], me()->id);
	return true;
}

static bool there_is(uint32_t msr)
{
	uint64_t was = 0, got = 0;
	int read = rdmsr_safe(msr, &was);
	int write = wrmsr_safe(msr, CANONICAL);
	int again = rdmsr_safe(msr, &got);

	must(!read && !write && !again,
	     "trap: wanted MSR %x to be there, got vectors %d, %d, %d", msr,
	     read, write, again);
	must(got == CANONICAL, "trap: wanted MSR %x to be %llx, got %lx", msr,
	     CANONICAL, got);
	wrmsr(msr, was);
	return true;
}

static bool refuses(uint32_t msr, uint64_t bits)
{
	uint64_t was = rdmsr(msr), got;
	int write = wrmsr_safe(msr, was | bits);

	must(write == VECTOR_GP,
	     "trap: wanted vector %d for a wrong value of MSR %x, got %d",
	     VECTOR_GP, msr, write);
	got = rdmsr(msr);
	must(got == was, "trap: MSR %x was %lx, a wrong value left it %lx", msr,
	     was, got);
	return true;
}

static bool there_is_none(uint32_t msr)
{
	uint64_t value = UNTOUCHED;
	int read = rdmsr_safe(msr, &value);
	int write = wrmsr_safe(msr, 0);

	if (read == 0 && value == 0 && write == 0) {
		left_out("trap", "this host answers for any MSR "
				 "(kvm.ignore_msrs)");
		return true;
	}
	must(read == VECTOR_GP && write == VECTOR_GP,
	     "trap: wanted vector %d twice for MSR %x, got %d and %d on vCPU "
	     "%lu",
	     VECTOR_GP, msr, read, write, me()->id);
	must(value == UNTOUCHED, "trap: MSR %x was not there and read as %lx",
	     msr, value);
	return true;
}

static void traps(void *arg)
{
	(void)arg;
	if (keeps_registers("ud2", selftest_ud, VECTOR_UD) &&
	    keeps_registers("wrmsr", selftest_gp, VECTOR_GP) &&
	    refuses(MSR_EFER, EFER_RESERVED) && there_is(MSR_KERNEL_GS_BASE))
		there_is_none(NO_MSR);
}

bool selftest_trap(void)
{
	return on_each_vcpu(traps, NULL);
}
