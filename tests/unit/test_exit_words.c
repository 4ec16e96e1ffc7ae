/* SPDX-License-Identifier: BSD-2-Clause */
/* test_exit_words.c - exits in words: reasons, and what they were about. */
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/host/access_name.h"
#include "vmm/result/exits_take.h"

static void assert_reason(uint32_t isa, uint32_t reason, const char *name)
{
	char text[EXIT_REASON_LEN];

	exit_reason_text(isa, reason, text);
	assert_string_equal(text, name);
}

/* SDM vol 3 appendix C; APM vol 2 appendix C. */
TEST(exit_reasons_have_the_names_of_the_manuals)
{
	assert_reason(EXIT_VMX, 0, "exception or NMI");
	assert_reason(EXIT_VMX, 1, "external interrupt");
	assert_reason(EXIT_VMX, 10, "CPUID");
	assert_reason(EXIT_VMX, 12, "HLT");
	assert_reason(EXIT_VMX, 28, "control-register access");
	assert_reason(EXIT_VMX, 32, "WRMSR");
	assert_reason(EXIT_VMX, 48, "EPT violation");
	assert_reason(EXIT_VMX, 52, "preemption timer");
	assert_reason(EXIT_VMX, 56, "APIC write");
	assert_reason(EXIT_VMX, 75, "instruction timeout");
	assert_reason(EXIT_VMX, 79, "WRMSRLIST");
	/* Numbers that are free. */
	assert_reason(EXIT_VMX, 35, "reason 0x23");
	assert_reason(EXIT_VMX, 80, "reason 0x50");
	/* Bit 31: the entry failed, which some reasons say themselves. */
	assert_reason(EXIT_VMX, 0x80000021, "entry failed: guest state");
	assert_reason(EXIT_VMX, 0x80000002, "triple fault, entry failed");
	assert_reason(EXIT_SVM, 0x00, "CR0_READ");
	assert_reason(EXIT_SVM, 0x18, "CR8_WRITE");
	assert_reason(EXIT_SVM, 0x27, "DR7_READ");
	assert_reason(EXIT_SVM, 0x4e, "EXCP14");
	assert_reason(EXIT_SVM, 0x60, "INTR");
	assert_reason(EXIT_SVM, 0x64, "VINTR");
	assert_reason(EXIT_SVM, 0x6e, "RDTSC");
	assert_reason(EXIT_SVM, 0x72, "CPUID");
	assert_reason(EXIT_SVM, 0x78, "HLT");
	assert_reason(EXIT_SVM, 0x7b, "IOIO");
	assert_reason(EXIT_SVM, 0x7c, "MSR");
	assert_reason(EXIT_SVM, 0x81, "VMMCALL");
	assert_reason(EXIT_SVM, 0x8d, "XSETBV");
	assert_reason(EXIT_SVM, 0x8f, "EFER_WRITE_TRAP");
	assert_reason(EXIT_SVM, 0x94, "CR4_WRITE_TRAP");
	assert_reason(EXIT_SVM, 0xa2, "INVPCID");
	assert_reason(EXIT_SVM, 0xa6, "IDLE_HLT");
	assert_reason(EXIT_SVM, 0x400, "NPF");
	assert_reason(EXIT_SVM, 0x402, "AVIC_NOACCEL");
	assert_reason(EXIT_SVM, UINT32_MAX, "INVALID");
	assert_reason(EXIT_SVM, 0xa7, "reason 0xa7");
	assert_reason(0, 12, "reason 0xc");
	assert_reason(7, UINT32_MAX, "reason 0xffffffff");
}

TEST(halts_are_those_of_each_processor)
{
	assert_true(exit_reason_is_halt(EXIT_VMX, 12));
	assert_true(exit_reason_is_halt(EXIT_SVM, 0x78));
	assert_true(exit_reason_is_halt(EXIT_SVM, 0xa6));
	assert_false(exit_reason_is_halt(EXIT_VMX, 0x78));
	assert_false(exit_reason_is_halt(EXIT_SVM, 12));
	assert_false(exit_reason_is_halt(0, 12));
}

static void assert_access(enum exit_access_kind kind, uint64_t at,
			  const char *device, const char *words)
{
	struct exit_access a = {.kind = kind, .at = at, .is_write = true};
	char text[EXITS_WHAT_LEN];

	exit_access_text(&a, device, text);
	assert_string_equal(text, words);
}

TEST(accesses_have_names)
{
	struct exit_access read = {.kind = ACCESS_MSR, .at = 0x1b};
	char text[EXITS_WHAT_LEN];

	assert_access(ACCESS_NONE, 0, NULL, "");
	assert_access(ACCESS_MSR, 0x6e0, NULL,
		      "write IA32_TSC_DEADLINE (MSR 0x6e0)");
	assert_access(ACCESS_MSR, 0x80b, NULL, "write x2APIC EOI (MSR 0x80b)");
	assert_access(ACCESS_MSR, 0x830, NULL, "write x2APIC ICR (MSR 0x830)");
	assert_access(ACCESS_MSR, 0x838, NULL,
		      "write x2APIC initial count (MSR 0x838)");
	/* In the middle of a register, and behind the last. */
	assert_access(ACCESS_MSR, 0x801, NULL, "write MSR 0x801");
	assert_access(ACCESS_MSR, 0x840, NULL, "write MSR 0x840");
	assert_access(ACCESS_MSR, 0x12345678, NULL, "write MSR 0x12345678");
	assert_access(ACCESS_MSR, 0x4b564d01, NULL,
		      "write MSR_KVM_SYSTEM_TIME_NEW (MSR 0x4b564d01)");
	assert_access(ACCESS_PORT, 0x40, NULL, "write PIT (port 0x40)");
	assert_access(ACCESS_PORT, 0x510, NULL, "write port 0x510");
	/* A device of this VM knows better. */
	assert_access(ACCESS_PORT, 0x40, "control",
		      "write control (port 0x40)");
	assert_access(ACCESS_MEMORY, 0xfee00300, NULL,
		      "write APIC ICR (address 0xfee00300)");
	assert_access(ACCESS_MEMORY, 0xfee01300, NULL,
		      "write address 0xfee01300");
	assert_access(ACCESS_MEMORY, UINT64_MAX, NULL,
		      "write address 0xffffffffffffffff");
	assert_access(ACCESS_APIC, 0xb0, NULL,
		      "write APIC EOI (APIC register 0xb0)");
	assert_access(ACCESS_PAGE, 0, NULL, "a page of RAM");
	assert_access(ACCESS_CALL, 5, NULL, "hypercall 0x5");
	exit_access_text(&read, NULL, text);
	assert_string_equal(text, "read IA32_APIC_BASE (MSR 0x1b)");
}

TEST(no_name_of_an_access_is_cut)
{
	char text[EXITS_WHAT_LEN];

	for (uint32_t msr = 0; msr < 0x2000; msr++) {
		struct exit_access a = {.kind = ACCESS_MSR, .at = msr};

		exit_access_text(&a, NULL, text);
		assert_true(strlen(text) < sizeof(text) - 1);
	}
	for (uint64_t at = 0; at < APIC_PAGE_LEN; at++) {
		struct exit_access a = {.kind = ACCESS_MEMORY,
					.at = APIC_PAGE + at,
					.is_write = true};

		exit_access_text(&a, NULL, text);
		assert_true(strlen(text) < sizeof(text) - 1);
	}
}
