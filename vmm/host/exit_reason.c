/* SPDX-License-Identifier: BSD-2-Clause */
/* exit_reason.c - see exit_reason.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/host/exit_reason.h"

#define VMX_BASIC	 0xffffu     /* SDM vol 3, 25.9.1: bits 15:0 */
#define VMX_FAILED_ENTRY 0x80000000u /* bit 31 */
#define VMX_HLT		 12
#define SVM_HLT		 0x78
#define SVM_IDLE_HLT	 0xa6

#define NR_OF(list) (sizeof(list) / sizeof(*(list)))

static const char *const vmx[] = {
	[0] = "exception or NMI",
	[1] = "external interrupt",
	[2] = "triple fault",
	[3] = "INIT signal",
	[4] = "start-up IPI",
	[5] = "I/O SMI",
	[6] = "other SMI",
	[7] = "interrupt window",
	[8] = "NMI window",
	[9] = "task switch",
	[10] = "CPUID",
	[11] = "GETSEC",
	[12] = "HLT",
	[13] = "INVD",
	[14] = "INVLPG",
	[15] = "RDPMC",
	[16] = "RDTSC",
	[17] = "RSM",
	[18] = "VMCALL",
	[19] = "VMCLEAR",
	[20] = "VMLAUNCH",
	[21] = "VMPTRLD",
	[22] = "VMPTRST",
	[23] = "VMREAD",
	[24] = "VMRESUME",
	[25] = "VMWRITE",
	[26] = "VMXOFF",
	[27] = "VMXON",
	[28] = "control-register access",
	[29] = "MOV DR",
	[30] = "I/O instruction",
	[31] = "RDMSR",
	[32] = "WRMSR",
	[33] = "entry failed: guest state",
	[34] = "entry failed: MSR loading",
	[36] = "MWAIT",
	[37] = "monitor trap flag",
	[39] = "MONITOR",
	[40] = "PAUSE",
	[41] = "entry failed: machine check",
	[43] = "TPR below threshold",
	[44] = "APIC access",
	[45] = "virtualized EOI",
	[46] = "access to GDTR or IDTR",
	[47] = "access to LDTR or TR",
	[48] = "EPT violation",
	[49] = "EPT misconfiguration",
	[50] = "INVEPT",
	[51] = "RDTSCP",
	[52] = "preemption timer",
	[53] = "INVVPID",
	[54] = "WBINVD or WBNOINVD",
	[55] = "XSETBV",
	[56] = "APIC write",
	[57] = "RDRAND",
	[58] = "INVPCID",
	[59] = "VMFUNC",
	[60] = "ENCLS",
	[61] = "RDSEED",
	[62] = "page-modification log full",
	[63] = "XSAVES",
	[64] = "XRSTORS",
	[65] = "PCONFIG",
	[66] = "SPP-related event",
	[67] = "UMWAIT",
	[68] = "TPAUSE",
	[69] = "LOADIWKEY",
	[70] = "ENCLV",
	[72] = "ENQCMD PASID translation",
	[73] = "ENQCMDS PASID translation",
	[74] = "bus lock",
	[75] = "instruction timeout",
	[76] = "SEAMCALL",
	[77] = "TDCALL",
	[78] = "RDMSRLIST",
	[79] = "WRMSRLIST",
};

/* From SVM_NAMED on; below it they are of a register or a vector. */
#define SVM_NAMED 0x60
static const char *const svm[] = {
	"INTR",	       "NMI",	     "SMI",
	"INIT",	       "VINTR",	     "CR0_SEL_WRITE",
	"IDTR_READ",   "GDTR_READ",  "LDTR_READ",
	"TR_READ",     "IDTR_WRITE", "GDTR_WRITE",
	"LDTR_WRITE",  "TR_WRITE",   "RDTSC",
	"RDPMC",       "PUSHF",	     "POPF",
	"CPUID",       "RSM",	     "IRET",
	"SWINT",       "INVD",	     "PAUSE",
	"HLT",	       "INVLPG",     "INVLPGA",
	"IOIO",	       "MSR",	     "TASK_SWITCH",
	"FERR_FREEZE", "SHUTDOWN",   "VMRUN",
	"VMMCALL",     "VMLOAD",     "VMSAVE",
	"STGI",	       "CLGI",	     "SKINIT",
	"RDTSCP",      "ICEBP",	     "WBINVD",
	"MONITOR",     "MWAIT",	     "MWAIT_CONDITIONAL",
	"XSETBV",      "RDPRU",	     "EFER_WRITE_TRAP",
};

/* From SVM_LATER on. */
#define SVM_LATER 0xa0
static const char *const svm_later[] = {
	"INVLPGB", "INVLPGB_ILLEGAL", "INVPCID",  "MCOMMIT",
	"TLBSYNC", "BUSLOCK",	      "IDLE_HLT",
};

/* From SVM_PAGING on. */
#define SVM_PAGING 0x400
static const char *const svm_paging[] = {
	"NPF",
	"AVIC_INCOMPLETE_IPI",
	"AVIC_NOACCEL",
	"VMGEXIT",
};

/* Of which each number is one of something. */
static const struct {
	uint32_t first, nr;
	const char *prefix, *suffix;
} svm_ranges[] = {
	{0x00, 16, "CR", "_READ"}, {0x10, 16, "CR", "_WRITE"},
	{0x20, 16, "DR", "_READ"}, {0x30, 16, "DR", "_WRITE"},
	{0x40, 32, "EXCP", ""},	   {0x90, 16, "CR", "_WRITE_TRAP"},
};

static const char *listed(const char *const *list, size_t nr, uint32_t first,
			  uint32_t reason)
{
	return reason >= first && reason - first < nr ? list[reason - first]
						      : NULL;
}

static const char *svm_name(uint32_t reason)
{
	const char *name = listed(svm, NR_OF(svm), SVM_NAMED, reason);

	if (!name)
		name = listed(svm_later, NR_OF(svm_later), SVM_LATER, reason);
	if (!name)
		name = listed(svm_paging, NR_OF(svm_paging), SVM_PAGING,
			      reason);
	if (!name && reason == UINT32_MAX)
		name = "INVALID";
	if (!name && reason == UINT32_MAX - 1)
		name = "BUSY";
	return name;
}

static bool svm_range(uint32_t reason, char text[EXIT_REASON_LEN])
{
	for (size_t i = 0; i < NR_OF(svm_ranges); i++) {
		uint32_t n = reason - svm_ranges[i].first;

		if (n >= svm_ranges[i].nr)
			continue;
		snprintf(text, EXIT_REASON_LEN, "%s%u%s", svm_ranges[i].prefix,
			 n, svm_ranges[i].suffix);
		return true;
	}
	return false;
}

void exit_reason_text(uint32_t isa, uint32_t reason, char text[EXIT_REASON_LEN])
{
	const char *name = NULL, *failed = "";

	if (isa == EXIT_VMX) {
		uint32_t basic = reason & ~VMX_FAILED_ENTRY;

		name = listed(vmx, NR_OF(vmx), 0, basic & VMX_BASIC);
		/* Reasons 33, 34 and 41 say so in their names. */
		if (reason & VMX_FAILED_ENTRY && name &&
		    strncmp(name, "entry", 5) != 0)
			failed = ", entry failed";
	} else if (isa == EXIT_SVM) {
		if (svm_range(reason, text))
			return;
		name = svm_name(reason);
	}
	if (name)
		snprintf(text, EXIT_REASON_LEN, "%s%s", name, failed);
	else
		snprintf(text, EXIT_REASON_LEN, "reason %#x", reason);
}

bool exit_reason_is_halt(uint32_t isa, uint32_t reason)
{
	if (isa == EXIT_VMX)
		return reason == VMX_HLT;
	return isa == EXIT_SVM && (reason == SVM_HLT || reason == SVM_IDLE_HLT);
}
