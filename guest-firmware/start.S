/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.S - the entry of every vCPU, the trap and interrupt stubs, and the
 * IDT as finished data (a loop that builds it costs 1 ms on a host that
 * emulates guest ring 0).
 */
#include "guest-firmware/abi/layout.h"
#include "guest-firmware/percpu.h"

/* Bytes on the stack: behind two saved registers; what the stubs push. */
#define NMI_RIP		 16
#define VECTOR_AND_ERROR 16

/*
 * Exceptions 0..31: an error code (0 where the processor pushes none), the
 * vector, then trap_common.  SDM vol 3 6.15 tells which push one.
 */
.macro exception vector
	.balign VECTOR_STUB_LEN
	.if !(\vector == 8 || (\vector >= 10 && \vector <= 14) || \
	      \vector == 17 || \vector == 21 || \vector == 29 || \vector == 30)
	push	$0
	.endif
	push	$\vector
	jmp	trap_common
.endm

/* Interrupts 32..63: the clock first; percpu.h says why nothing is saved. */
.macro interrupt vector
	.balign VECTOR_STUB_LEN
	rdtsc
	mov	%eax, %gs:PERCPU_IRQ_TSC
	mov	%edx, %gs:PERCPU_IRQ_TSC + 4
	movl	$\vector, %gs:PERCPU_IRQ_VECTOR
	incq	%gs:PERCPU_IRQS
	iretq
.endm

/*
 * The NMI comes at any instruction, so that two registers have to be saved
 * before the clock is read.
 */
.macro nmi
	.balign VECTOR_STUB_LEN
	push	%rax
	push	%rdx
	rdtsc
	mov	%eax, %gs:PERCPU_IRQ_TSC
	mov	%edx, %gs:PERCPU_IRQ_TSC + 4
	jmp	nmi_common
.endm

	.section .text.vectors, "ax"
	.globl	vectors
vectors:
	.altmacro
	.set	i, 0
	.rept	VECTOR_NMI
	exception %i
	.set	i, i + 1
	.endr
	nmi
	.set	i, i + 1
	.rept	VECTOR_IRQ_FIRST - VECTOR_NMI - 1
	exception %i
	.set	i, i + 1
	.endr
	.rept	NR_VECTORS - VECTOR_IRQ_FIRST
	interrupt %i
	.set	i, i + 1
	.endr
	.noaltmacro
	.balign	VECTOR_STUB_LEN

/*
 * Interrupt gates (SDM vol 3 6.14.1).  The stubs are linked at LAYOUT_IMAGE
 * (payload.lds.S asserts it), so every address is a constant here.  Stack 1
 * of the TSS takes NMI, #DF and #MC.
 */
	.section .rodata.idt, "a"
	.balign	16
	.globl	idt
idt:
	.set	i, 0
	.rept	NR_VECTORS
	.short	(LAYOUT_IMAGE + i * VECTOR_STUB_LEN) & 0xffff
	.short	SEL_CODE
	.byte	-(i == VECTOR_NMI || i == VECTOR_DF || i == VECTOR_MC) & 1
	.byte	0x8e
	.short	(LAYOUT_IMAGE + i * VECTOR_STUB_LEN) >> 16
	.long	0, 0
	.set	i, i + 1
	.endr

	.text
/* Long mode, interrupts off.  rdi: boot record, rsi: index of the vCPU. */
	.globl	_start
_start:
	mov	%rsi, %rbx
	shl	$VCPU_AREA_SHIFT, %rbx
	add	BOOT_VCPU_AREA(%rdi), %rbx
	lea	VCPU_AREA_STACK_TOP(%rbx), %rsp
	add	$VCPU_AREA_PERCPU, %rbx
	mov	$MSR_GS_BASE_NR, %ecx	/* struct percpu */
	mov	%ebx, %eax
	xor	%edx, %edx
	wrmsr
	mov	%rbx, PERCPU_SELF(%rbx)
	mov	%rbx, %rdx
	xor	%ebp, %ebp
	call	fw_main
	ud2				/* it does not return */

/*
 * An NMI that nobody expects is a trap.  One between the look at irq_vector
 * and HLT in irq_halt_nmi would be slept over: it returns behind HLT.
 */
nmi_common:
	cmpl	$0, %gs:PERCPU_NMI_OK
	je	2f
	movl	$VECTOR_NMI, %gs:PERCPU_IRQ_VECTOR
	mov	NMI_RIP(%rsp), %rax
	cmp	$nmi_look, %rax
	jb	1f
	cmp	$nmi_slept, %rax
	jae	1f
	movq	$nmi_halted, NMI_RIP(%rsp)
1:	pop	%rdx
	pop	%rax
	iretq
2:	pop	%rdx
	pop	%rax
	push	$0
	push	$VECTOR_NMI
	jmp	trap_common

/*
 * void irq_halt_nmi(void): irq.h.  An NMI ends HLT with interrupts off too; a
 * HLT that the NMI comes before is none, and not counted.
 */
	.globl	irq_halt_nmi
irq_halt_nmi:
nmi_look:
	cmpl	$0, %gs:PERCPU_IRQ_VECTOR
	jne	nmi_halted
	hlt
nmi_slept:
	incq	%gs:PERCPU_HALTS
nmi_halted:
	ret

/* Builds struct trap_frame (trap.c), calls trap_handle(frame). */
trap_common:
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	%rbp
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%rbx
	push	%rax
	mov	%rsp, %rdi
	cld
	call	trap_handle
	pop	%rax
	pop	%rbx
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	pop	%rbp
	pop	%r8
	pop	%r9
	pop	%r10
	pop	%r11
	pop	%r12
	pop	%r13
	pop	%r14
	pop	%r15
	add	$VECTOR_AND_ERROR, %rsp
	iretq

/*
 * int rdmsr_safe(uint32_t msr, uint64_t *value): 0, or the vector of the trap.
 * int wrmsr_safe(uint32_t msr, uint64_t value): the same.
 * A trap at the labels in extable continues at the fix-up with the vector in
 * RAX.
 */
	.globl	rdmsr_safe
rdmsr_safe:
	mov	%edi, %ecx
	xor	%eax, %eax
1:	rdmsr
	shl	$32, %rdx
	or	%rdx, %rax
	mov	%rax, (%rsi)
	xor	%eax, %eax
2:	ret
	.pushsection .extable, "a"
	.quad	1b, 2b
	.popsection

	.globl	wrmsr_safe
wrmsr_safe:
	mov	%edi, %ecx
	mov	%esi, %eax
	mov	%rsi, %rdx
	shr	$32, %rdx
1:	wrmsr
	xor	%eax, %eax
2:	ret
	.pushsection .extable, "a"
	.quad	1b, 2b
	.popsection

	.section .note.GNU-stack, "", @progbits
