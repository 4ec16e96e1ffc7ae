/* SPDX-License-Identifier: BSD-2-Clause */
/* crash.c - see crash.h. */
#include <stdarg.h>
#include <stdio.h>

#include "vmm/machine/crash.h"

const char *vcpu_exit_name(uint32_t exit_reason)
{
	switch (exit_reason) {
	case KVM_EXIT_UNKNOWN:
		return "KVM_EXIT_UNKNOWN";
	case KVM_EXIT_IO:
		return "KVM_EXIT_IO";
	case KVM_EXIT_MMIO:
		return "KVM_EXIT_MMIO";
	case KVM_EXIT_X86_RDMSR:
		return "KVM_EXIT_X86_RDMSR";
	case KVM_EXIT_X86_WRMSR:
		return "KVM_EXIT_X86_WRMSR";
	case KVM_EXIT_HLT:
		return "KVM_EXIT_HLT";
	case KVM_EXIT_SHUTDOWN:
		return "KVM_EXIT_SHUTDOWN";
	case KVM_EXIT_FAIL_ENTRY:
		return "KVM_EXIT_FAIL_ENTRY";
	case KVM_EXIT_INTR:
		return "KVM_EXIT_INTR";
	case KVM_EXIT_INTERNAL_ERROR:
		return "KVM_EXIT_INTERNAL_ERROR";
	default:
		return "see KVM_EXIT_* in linux/kvm.h";
	}
}

#define LONGEST_OUT 3 /* a prefix or two, as compilers make them */

static bool take_byte(const struct vcpu *vcpu, uint64_t address,
		      unsigned char *to)
{
	struct kvm_translation tr = {.linear_address = address};
	const unsigned char *hva;

	if (__kvm_ioctl(vcpu->fd, KVM_TRANSLATE, &tr) < 0 || !tr.valid)
		return false;
	hva = vm_hva(vcpu->vm, tr.physical_address, 1);
	if (hva)
		*to = *hva;
	return hva != NULL;
}

static void take_code(struct vcpu *vcpu)
{
	struct vcpu_crash *c = &vcpu->crash;

	/* Byte by byte: the code may end where its page does. */
	for (c->code_len = 0; c->code_len < CRASH_CODE_LEN; c->code_len++)
		if (!take_byte(vcpu, c->regs.rip + c->code_len,
			       &c->code[c->code_len]))
			return;
}

size_t crash_out_len(const unsigned char *code, size_t len, unsigned int size)
{
	unsigned int wide = 4;
	size_t at = 0;

	for (; at < len &&
	       (code[at] == 0x66 || code[at] == 0xf2 || code[at] == 0xf3);
	     at++)
		if (code[at] == 0x66)
			wide = 2;
	if (at == len)
		return 0;
	switch (code[at]) {
	case 0xe6: /* OUT imm8, AL */
		return size == 1 ? at + 2 : 0;
	case 0xe7: /* OUT imm8, EAX */
		return size == wide ? at + 2 : 0;
	case 0xee: /* OUT DX, AL */
	case 0x6e: /* OUTSB */
		return size == 1 ? at + 1 : 0;
	case 0xef: /* OUT DX, EAX */
	case 0x6f: /* OUTSD */
		return size == wide ? at + 1 : 0;
	default:
		return 0;
	}
}

/*
 * KVM lets RIP stand at an OUT that came to userspace where hardware told of
 * it, and behind it where it has emulated it.  It is told as the one that did
 * it.
 */
static void go_back_to_out(struct vcpu *vcpu)
{
	struct vcpu_crash *c = &vcpu->crash;
	unsigned int size = vcpu->run->io.size;

	if (vcpu->run->exit_reason != KVM_EXIT_IO ||
	    vcpu->run->io.direction != KVM_EXIT_IO_OUT ||
	    crash_out_len(c->code, c->code_len, size))
		return;
	/* The longest: a prefix is part of it. */
	for (uint64_t back = LONGEST_OUT; back > 0; back--) {
		unsigned char code[LONGEST_OUT];
		size_t len = 0;

		while (len < back &&
		       take_byte(vcpu, c->regs.rip - back + len, &code[len]))
			len++;
		if (len < back || crash_out_len(code, len, size) != back)
			continue;
		c->regs.rip -= back;
		take_code(vcpu);
		return;
	}
}

static void take_regs(struct vcpu *vcpu)
{
	struct vcpu_crash *c = &vcpu->crash;

	c->has_regs = __kvm_ioctl(vcpu->fd, KVM_GET_REGS, &c->regs) >= 0 &&
		      __kvm_ioctl(vcpu->fd, KVM_GET_SREGS, &c->sregs) >= 0;
	c->code_len = 0;
	if (c->has_regs)
		take_code(vcpu);
}

void vcpu_crash(struct vcpu *vcpu, const char *fmt, ...)
{
	struct vcpu_crash *c = &vcpu->crash;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->reason, sizeof(c->reason), fmt, ap);
	va_end(ap);
	c->exit_reason = vcpu->run->exit_reason;
	take_regs(vcpu);
	if (c->has_regs)
		go_back_to_out(vcpu);
	vcpu->state = VCPU_CRASHED;
}

void vcpu_locate(struct vcpu *vcpu)
{
	struct kvm_mp_state state;

	take_regs(vcpu);
	vcpu->halted = __kvm_ioctl(vcpu->fd, KVM_GET_MP_STATE, &state) >= 0 &&
		       state.mp_state == KVM_MP_STATE_HALTED;
}

const char *crash_vector_name(uint64_t vector)
{
	/* SDM vol 3 6.15. */
	static const char *const names[] = {
		"#DE divide error",
		"#DB debug",
		"NMI",
		"#BP breakpoint",
		"#OF overflow",
		"#BR bound range",
		"#UD invalid opcode",
		"#NM no math device",
		"#DF double fault",
		"coprocessor overrun",
		"#TS invalid TSS",
		"#NP segment not present",
		"#SS stack fault",
		"#GP general protection",
		"#PF page fault",
		"reserved",
		"#MF math fault",
		"#AC alignment check",
		"#MC machine check",
		"#XM SIMD fault",
	};

	if (vector < sizeof(names) / sizeof(*names))
		return names[vector];
	return "exception";
}
