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

static void take_code(struct vcpu *vcpu)
{
	struct vcpu_crash *c = &vcpu->crash;

	/* Byte by byte: the code may end where its page does. */
	for (c->code_len = 0; c->code_len < CRASH_CODE_LEN; c->code_len++) {
		struct kvm_translation tr = {
			.linear_address = c->regs.rip + c->code_len,
		};
		const unsigned char *hva;

		if (__kvm_ioctl(vcpu->fd, KVM_TRANSLATE, &tr) < 0 || !tr.valid)
			return;
		hva = vm_hva(vcpu->vm, tr.physical_address, 1);
		if (!hva)
			return;
		c->code[c->code_len] = *hva;
	}
}

void vcpu_crash(struct vcpu *vcpu, const char *fmt, ...)
{
	struct vcpu_crash *c = &vcpu->crash;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->reason, sizeof(c->reason), fmt, ap);
	va_end(ap);
	c->exit_reason = vcpu->run->exit_reason;
	c->has_regs = __kvm_ioctl(vcpu->fd, KVM_GET_REGS, &c->regs) >= 0 &&
		      __kvm_ioctl(vcpu->fd, KVM_GET_SREGS, &c->sregs) >= 0;
	c->code_len = 0;
	if (c->has_regs)
		take_code(vcpu);
	vcpu->state = VCPU_CRASHED;
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
