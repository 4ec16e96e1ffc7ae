/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.S - an option ROM that starts a Linux kernel which Bochs has put into RAM
 * before power on (optramimage1): no boot loader, no disk, nothing to wait for.
 * Documentation/arch/x86/boot.rst: 32-bit boot protocol.  tests/lab/lab.sh has
 * the layout of RAM and assembles this for each boot:
 *   KERNEL     the bzImage, whose setup header is copied from here
 *   CMDLINE    the kernel's command line
 *   PAD        where the image begins: blocks of padding, the last one, just
 *              before KERNEL_AT, begins with MARK
 *   KERNEL_AT  the kernel's protected-mode part; INITRD_AT, INITRD_LEN
 *   SPARE      RAM that nobody uses
 *   ROM_AT, ROM_LEN, PARAMS_AT (the boot parameters below 1 MiB)
 */
#define BLOCK	0x20000 /* of Bochs' memory, or a part of one */
#define SMAP	0x534d4150
#define VECTORS 0x19 * 4 /* of INT 19h, "boot" */
#define NR_E820 0x1e8
#define E820	0x2d0
#define HEADER	0x1f1

	.code16
	.text
	.globl start
start:
	.byte 0x55, 0xaa, ROM_LEN / 512
	/* The BIOS calls this when it finds the ROM. */
	xor %ax, %ax
	mov %ax, %es
	movw $boot - start, %es:VECTORS
	movw %cs, %es:VECTORS + 2
	lret

boot:
	cli
	cld
	mov %cs, %ax
	mov %ax, %ds
	mov $PARAMS_AT >> 4, %ax
	mov %ax, %es
	mov $params - start, %si
	xor %di, %di
	mov $(params_end - params) / 4, %cx
	rep movsl

	/* The map of memory. */
	xor %ebx, %ebx
	mov $E820, %di
1:	mov $0xe820, %eax
	mov $20, %ecx
	mov $SMAP, %edx
	int $0x15
	jc 2f
	incb %es:NR_E820
	add $20, %di
	test %ebx, %ebx
	jnz 1b

2:	cli
	lgdtl gdt_pointer - start
	mov %cr0, %eax
	or $1, %al
	mov %eax, %cr0
	ljmpl $0x10, $ROM_AT + protected - start

	.code32
protected:
	mov $0x18, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %fs
	mov %eax, %gs
	mov %eax, %ss

	/*
	 * Bochs 2.7 gives the guest's RAM its memory block by block, in the order
	 * of first use, but has read all of the image behind the first of its
	 * blocks.  The BIOS has used some since; spare ones are used until the
	 * one with the mark comes, then those of the image in their order.  Where
	 * the mark is in its place all of it is.
	 */
	cmpl $MARK, KERNEL_AT - BLOCK
	je 3f
	mov $SPARE, %esi
1:	mov (%esi), %eax
	add $BLOCK, %esi
	cmp $MARK, %eax
	jne 1b
	mov $KERNEL_AT, %esi
2:	mov (%esi), %eax
	add $BLOCK, %esi
	cmp $INITRD_AT + INITRD_LEN, %esi
	jb 2b

3:	mov $PARAMS_AT, %esi
	mov $PARAMS_AT, %esp
	xor %ebp, %ebp
	xor %edi, %edi
	xor %ebx, %ebx
	mov $KERNEL_AT, %eax
	jmp *%eax

	.balign 8
gdt:	.quad 0, 0 /* then the two that the protocol wants, __BOOT_CS and _DS */
	.quad 0x00cf9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
	.word gdt_pointer - gdt - 1
	.long ROM_AT + gdt - start

	/* struct boot_params: zero but for the setup header. */
	.balign 16
params:
	.org params - start + HEADER
	.incbin KERNEL, HEADER, 0x210 - HEADER
	.byte 0xff, 0x81 /* no loader that it knows; LOADED_HIGH, CAN_USE_HEAP */
	.incbin KERNEL, 0x212, 2
	.long KERNEL_AT, INITRD_AT, INITRD_LEN /* code32_start, ramdisk_* */
	.incbin KERNEL, 0x220, 8
	.long PARAMS_AT + cmdline - params
	.incbin KERNEL, 0x22c, 0x26c - 0x22c
	.org params - start + 4096
cmdline:
	.ascii CMDLINE
	.byte 0
	.balign 4
params_end:
	.org ROM_LEN /* the last byte becomes the checksum */
