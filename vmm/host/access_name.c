/* SPDX-License-Identifier: BSD-2-Clause */
/* access_name.c - see access_name.h. */
#include "vmm/host/access_name.h"

#define NR_OF(list) (sizeof(list) / sizeof(*(list)))

static const struct named {
	uint64_t first, nr;
	const char *name;
} msrs[] = {
	{0x10, 1, "IA32_TIME_STAMP_COUNTER"},
	{0x11, 1, "MSR_KVM_WALL_CLOCK"},
	{0x12, 1, "MSR_KVM_SYSTEM_TIME"},
	{0x1b, 1, "IA32_APIC_BASE"},
	{0x3a, 1, "IA32_FEATURE_CONTROL"},
	{0x3b, 1, "IA32_TSC_ADJUST"},
	{0x48, 1, "IA32_SPEC_CTRL"},
	{0x49, 1, "IA32_PRED_CMD"},
	{0x8b, 1, "IA32_BIOS_SIGN_ID"},
	{0xc1, 8, "IA32_PMCx"},
	{0xe1, 1, "IA32_UMWAIT_CONTROL"},
	{0xe7, 1, "IA32_MPERF"},
	{0xe8, 1, "IA32_APERF"},
	{0xfe, 1, "IA32_MTRRCAP"},
	{0x10a, 1, "IA32_ARCH_CAPABILITIES"},
	{0x10b, 1, "IA32_FLUSH_CMD"},
	{0x122, 1, "IA32_TSX_CTRL"},
	{0x174, 1, "IA32_SYSENTER_CS"},
	{0x175, 1, "IA32_SYSENTER_ESP"},
	{0x176, 1, "IA32_SYSENTER_EIP"},
	{0x179, 1, "IA32_MCG_CAP"},
	{0x17a, 1, "IA32_MCG_STATUS"},
	{0x186, 8, "IA32_PERFEVTSELx"},
	{0x198, 1, "IA32_PERF_STATUS"},
	{0x199, 1, "IA32_PERF_CTL"},
	{0x19c, 1, "IA32_THERM_STATUS"},
	{0x1a0, 1, "IA32_MISC_ENABLE"},
	{0x1b0, 1, "IA32_ENERGY_PERF_BIAS"},
	{0x1c4, 1, "IA32_XFD"},
	{0x1d9, 1, "IA32_DEBUGCTL"},
	{0x200, 16, "IA32_MTRR_PHYSx"},
	{0x277, 1, "IA32_PAT"},
	{0x2ff, 1, "IA32_MTRR_DEF_TYPE"},
	{0x309, 3, "IA32_FIXED_CTRx"},
	{0x38d, 1, "IA32_FIXED_CTR_CTRL"},
	{0x38e, 1, "IA32_PERF_GLOBAL_STATUS"},
	{0x38f, 1, "IA32_PERF_GLOBAL_CTRL"},
	{0x6e0, 1, "IA32_TSC_DEADLINE"},
	{0xda0, 1, "IA32_XSS"},
	{0x4b564d00, 1, "MSR_KVM_WALL_CLOCK_NEW"},
	{0x4b564d01, 1, "MSR_KVM_SYSTEM_TIME_NEW"},
	{0x4b564d02, 1, "MSR_KVM_ASYNC_PF_EN"},
	{0x4b564d03, 1, "MSR_KVM_STEAL_TIME"},
	{0x4b564d04, 1, "MSR_KVM_PV_EOI_EN"},
	{0x4b564d05, 1, "MSR_KVM_POLL_CONTROL"},
	{0x4b564d06, 1, "MSR_KVM_ASYNC_PF_INT"},
	{0x4b564d07, 1, "MSR_KVM_ASYNC_PF_ACK"},
	{0xc0000080, 1, "IA32_EFER"},
	{0xc0000081, 1, "IA32_STAR"},
	{0xc0000082, 1, "IA32_LSTAR"},
	{0xc0000083, 1, "IA32_CSTAR"},
	{0xc0000084, 1, "IA32_FMASK"},
	{0xc0000100, 1, "IA32_FS_BASE"},
	{0xc0000101, 1, "IA32_GS_BASE"},
	{0xc0000102, 1, "IA32_KERNEL_GS_BASE"},
	{0xc0000103, 1, "IA32_TSC_AUX"},
	{0xc0000104, 1, "TSC_RATIO"},
	{0xc0010010, 1, "SYSCFG"},
	{0xc0010015, 1, "HWCR"},
	{0xc0010114, 1, "VM_CR"},
	{0xc0010117, 1, "VM_HSAVE_PA"},
	{0xc001011f, 1, "VIRT_SPEC_CTRL"},
};

static const struct named apic[] = {
	{0x20, 1, "ID"},
	{0x30, 1, "version"},
	{0x80, 1, "TPR"},
	{0x90, 1, "APR"},
	{0xa0, 1, "PPR"},
	{0xb0, 1, "EOI"},
	{0xc0, 1, "RRD"},
	{0xd0, 1, "LDR"},
	{0xe0, 1, "DFR"},
	{0xf0, 1, "SVR"},
	{0x100, 0x71, "ISR"},
	{0x180, 0x71, "TMR"},
	{0x200, 0x71, "IRR"},
	{0x280, 1, "ESR"},
	{0x2f0, 1, "LVT CMCI"},
	{0x300, 1, "ICR"},
	{0x310, 1, "ICR high"},
	{0x320, 1, "LVT timer"},
	{0x330, 1, "LVT thermal"},
	{0x340, 1, "LVT performance"},
	{0x350, 1, "LVT LINT0"},
	{0x360, 1, "LVT LINT1"},
	{0x370, 1, "LVT error"},
	{0x380, 1, "initial count"},
	{0x390, 1, "current count"},
	{0x3e0, 1, "divide configuration"},
	{0x3f0, 1, "self IPI"},
};

static const struct named ports[] = {
	{0x20, 2, "PIC"},	{0x40, 4, "PIT"},
	{0x60, 1, "keyboard"},	{0x61, 1, "NMI and speaker"},
	{0x64, 1, "keyboard"},	{0x70, 2, "CMOS"},
	{0x80, 1, "POST code"}, {0xa0, 2, "PIC"},
	{0x2f8, 8, "COM2"},	{0x3f8, 8, "COM1"},
	{0x4d0, 2, "ELCR"},	{0xcf8, 8, "PCI configuration"},
};

static const char *find(const struct named *list, size_t nr, uint64_t at)
{
	for (size_t i = 0; i < nr; i++)
		if (at >= list[i].first && at - list[i].first < list[i].nr)
			return list[i].name;
	return NULL;
}

const char *msr_name(uint32_t msr)
{
	return find(msrs, NR_OF(msrs), msr);
}

const char *apic_register_name(uint64_t offset)
{
	return find(apic, NR_OF(apic), offset);
}

const char *port_name(uint64_t port)
{
	return find(ports, NR_OF(ports), port);
}
