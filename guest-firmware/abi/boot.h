/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.h - what the vmm tells the firmware before the first instruction.
 *
 * The vmm writes every field before the first KVM_RUN; the guest only reads.
 * It holds what each boot needs at once; everything else (parameters,
 * devices) is in the device tree, read when somebody asks.
 */
#ifndef ABI_BOOT_H
#define ABI_BOOT_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t gpa_t; /* a guest-physical address */

#define BOOT_MAGIC  0x564c544fu /* "OTLV" */
#define ABI_VERSION 5u

#define BOOT_LAPIC	  (1u << 0) /* an in-kernel local APIC */
#define BOOT_X2APIC	  (1u << 1) /* which starts in x2APIC mode */
#define BOOT_TSC_DEADLINE (1u << 2) /* and has TSC-deadline mode */
#define BOOT_IRQCHIP	  (1u << 3) /* PIC and I/O APIC in the kernel */

struct boot_record {
	uint32_t magic;	      /* BOOT_MAGIC */
	uint32_t abi_version; /* ABI_VERSION of the vmm */
	uint32_t flags;	      /* BOOT_* */
	uint32_t nr_vcpus;    /* 1..MAX_VCPUS; APIC id = index */
	uint64_t tsc_khz;     /* guest TSC, kHz */
	uint64_t apic_hz;     /* APIC timer input before the divider, Hz */
	gpa_t fdt;	      /* flattened device tree */
	uint64_t fdt_len;     /* bytes */
	gpa_t vcpu_area;      /* nr_vcpus * VCPU_AREA_LEN */
	gpa_t heap;	      /* zeroed once, kept over a resume */
	uint64_t heap_len;    /* bytes */
	gpa_t lazy;	      /* RAM without pre-faulting; 0: none */
	uint64_t lazy_len;    /* bytes */
	uint64_t resume_step; /* first step to run, 0 on a first boot */
	uint64_t break_at; /* cycles: a sample above it ends the run; 0: none */
	gpa_t raw;	   /* rings of abi/raw.h; 0: none */
	uint32_t raw_rings;   /* how many of them ... */
	uint32_t raw_entries; /* ... with room for that many samples each */
};

_Static_assert(sizeof(struct boot_record) == 120, "boot record layout");
_Static_assert(offsetof(struct boot_record, vcpu_area) == 48, "start.S");

#endif
