/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fw_main.c - from the entry to the payload and to the end of the run.  Short,
 * because a host that emulates ring 0 takes 1,500 cycles an instruction.
 */
#include <stdatomic.h>

#include "guest-firmware/abi/verdict.h"
#include "guest-firmware/control.h"
#include "guest-firmware/irq.h"
#include "guest-firmware/lapic.h"
#include "guest-firmware/payload.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/smp.h"
#include "guest-firmware/verdict.h"
#include "guest-firmware/x86.h"

_Static_assert(offsetof(struct boot_record, vcpu_area) == BOOT_VCPU_AREA,
	       "start.S");
_Static_assert(MSR_GS_BASE == MSR_GS_BASE_NR, "start.S");

static _Atomic uint32_t nr_online;

struct table_pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

extern const char idt[];

void fw_main(const struct boot_record *boot, uint64_t id, struct percpu *p);

static const struct table_pointer idt_pointer = {
	.limit = NR_VECTORS * 16 - 1,
	.base = (uint64_t)idt,
};

/* SDM vol 3 3.4.5 (code, data) and 8.2.3 (the 16-byte TSS descriptor). */
static void load_tables(struct percpu *p)
{
	struct table_pointer gdt = {
		.limit = sizeof(p->gdt) - 1,
		.base = (uint64_t)p->gdt,
	};
	uint64_t tss = (uint64_t)p->tss;
	uint64_t ist = (uint64_t)p - VCPU_AREA_PERCPU + VCPU_AREA_IST_TOP;

	p->gdt[SEL_CODE / 8] = 0x00af9b000000ffff;
	p->gdt[SEL_DATA / 8] = 0x00cf93000000ffff;
	p->gdt[SEL_TSS / 8] = (sizeof(p->tss) - 1) | (tss & 0xffffff) << 16 |
			      0x890000000000 | (tss >> 24 & 0xff) << 56;
	p->gdt[SEL_TSS / 8 + 1] = tss >> 32;
	*(uint32_t *)(p->tss + 36) = (uint32_t)ist; /* IST1, below 4 GiB */
	asm volatile("lgdt %0; lidt %1; ltr %w2"
		     :
		     : "m"(gdt), "m"(idt_pointer), "r"(SEL_TSS)
		     : "memory");
}

/* The other vCPUs: jobs until vCPU 0 parks them. */
static void idle(struct percpu *p)
{
	for (;;) {
		void (*fn)(void *);

		/*
		 * Each job comes with one interrupt: taken here and nowhere in
		 * the job, whichever of the two is seen first.
		 */
		if (fw_boot->flags & BOOT_LAPIC) {
			/* A HLT without exits may end without one. */
			do
				irq_halt();
			while (p->irq_vector == 0);
			lapic_eoi();
		} else {
			cpu_relax();
		}
		fn = atomic_load_explicit(&p->job_fn, memory_order_acquire);
		if (!fn)
			continue;
		fn(p->job_arg);
		atomic_store_explicit(&p->job_fn, NULL, memory_order_release);
	}
}

static void park(void *arg)
{
	struct percpu *p = arg;

	atomic_store_explicit(&p->parked, 1, memory_order_release);
	for (;;)
		fw_control(CTL_PARK, 0);
}

static void finish(void)
{
	for (uint32_t i = 1; i < nr_vcpus(); i++) {
		struct percpu *p = fw_percpu(i);

		on_vcpu(i, park, p);
		while (!atomic_load_explicit(&p->parked, memory_order_acquire))
			cpu_relax();
	}
	if (fw_result()->verdict == VERDICT_NONE)
		fw_result()->verdict = VERDICT_PASS;
	for (;;)
		fw_control(CTL_DONE, 0);
}

void fw_main(const struct boot_record *boot, uint64_t id, struct percpu *p)
{
	uint64_t boot_tsc = rdtsc(); /* first of all */

	fw_boot = boot;
	p->id = id;
	load_tables(p);
	fw_x2apic = (boot->flags & BOOT_X2APIC) != 0;
	if (boot->flags & BOOT_LAPIC)
		lapic_enable();
	if (id != 0) {
		/* Pairs with the acquire below: set up before vCPU 0 goes on.
		 */
		atomic_fetch_add_explicit(&nr_online, 1, memory_order_release);
		idle(p);
	}
	fw_result()->abi_version = ABI_VERSION;
	if (boot->magic != BOOT_MAGIC || boot->abi_version != ABI_VERSION) {
		verdict_error("the vmm speaks ABI %u, this payload speaks %u",
			      boot->abi_version, ABI_VERSION);
		finish();
	}
	fw_result()->boot_tsc = boot_tsc;
	while (atomic_load_explicit(&nr_online, memory_order_acquire) <
	       boot->nr_vcpus - 1)
		cpu_relax();
	payload_main();
	finish();
}
