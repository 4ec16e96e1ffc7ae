/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload.lds.S - the one memory map of every payload: code (RX), constants
 * (R), data (RW), each on its own pages, and a note that the vmm reads.
 */
#include "guest-firmware/abi/layout.h"
#include "linker-scripts/dwarf.lds.h"

OUTPUT_FORMAT(elf64-x86-64)
OUTPUT_ARCH(i386:x86-64)
ENTRY(_start)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
	note PT_NOTE FLAGS(4);
}

SECTIONS
{
	. = LAYOUT_IMAGE;
	.text : {
		*(.text.vectors)
		*(.text .text.*)
	} :text

	. = ALIGN(4096);
	.rodata : {
		*(.rodata.idt)
		*(.rodata .rodata.*)
		. = ALIGN(8);
		extable_start = .;
		*(.extable)
		extable_end = .;
		exit_costs_start = .;
		KEEP(*(SORT_BY_NAME(.exit_costs.*)))
		exit_costs_end = .;
	} :rodata
	.note.latvisor : { KEEP(*(.note.latvisor)) } :rodata :note
	/* Its value, not its address, is what is meant. */
	nr_exit_costs = (exit_costs_end - exit_costs_start) / 8;

	. = ALIGN(4096);
	.data : { *(.data .data.*) } :data
	.bss : { *(.bss .bss.* COMMON) } :data
	. = ALIGN(4096);

	/* Nothing is relocated at run time. */
	.got : { *(.got .got.*) } :data
	.got.plt : { *(.got.plt .igot.plt) } :data
	.rela.dyn : { *(.rela.*) }
	.plt : { *(.plt .plt.* .iplt) }

	DWARF_SECTIONS
	.shstrtab 0 : { *(.shstrtab) }
	.symtab 0 : { *(.symtab) }
	.strtab 0 : { *(.strtab) }
	.comment 0 : { *(.comment) }
	/DISCARD/ : {
		*(.note.GNU-stack .note.gnu.property .eh_frame)
		*(.llvm_addrsig)
	}
}

ASSERT(vectors == LAYOUT_IMAGE, "start.S computes the IDT from this address")
ASSERT(SIZEOF(.rela.dyn) == 0, "a payload must not need relocations")
ASSERT(SIZEOF(.plt) == 0, "a payload must not need a PLT")
ASSERT(SIZEOF(.got) <= 24, "a payload must not need a GOT")
