/* SPDX-License-Identifier: BSD-2-Clause */
/* test_msr_counts.c - which of the host's events count what a guest writes. */
#include <string.h>

#include "guest-firmware/abi/boot.h"
#include "tests/unit/unit.h"
#include "vmm/host/msr_counts.h"

static struct msr_events find(uint32_t boot_flags)
{
	struct msr_events e;

	memset(&e, 0x5a, sizeof(e));
	msr_events_find(&e, boot_flags);
	if (*e.missing) /* no tracefs, or not ours to read */
		assert_has(e.missing, "no kvm:kvm_");
	return e;
}

static void assert_filter(const struct msr_events *e, enum exit_kind kind,
			  const char *part)
{
	if (!*e->missing)
		assert_true(e->id[kind] != 0);
	if (e->filter[kind])
		assert_has(e->filter[kind], part);
	else
		assert_true(*e->missing);
}

TEST(msr_counts_take_writes_of_msrs_in_x2apic_mode)
{
	struct msr_events e = find(BOOT_LAPIC | BOOT_X2APIC);

	assert_non_null(e.filter[KIND_TIMER]);
	assert_filter(&e, KIND_TIMER,
		      "write == 1 && (ecx == 0x6e0 || "
		      "ecx == 0x838)");
	assert_filter(&e, KIND_ICR, "ecx == 0x830");
	assert_filter(&e, KIND_EOI, "ecx == 0x80b");
}

TEST(msr_counts_take_writes_of_registers_in_xapic_mode)
{
	struct msr_events e = find(BOOT_LAPIC);

	assert_non_null(e.filter[KIND_TIMER]);
	assert_filter(&e, KIND_TIMER, "rw == 1 && reg == 0x380");
	assert_filter(&e, KIND_ICR, "reg == 0x300");
	assert_filter(&e, KIND_EOI, "reg == 0xb0");
	/* The deadline is an MSR in both modes. */
	e = find(BOOT_LAPIC | BOOT_TSC_DEADLINE);
	assert_filter(&e, KIND_TIMER, "ecx == 0x6e0");
}

TEST(msr_counts_of_no_event_say_so)
{
	struct msr_events e = {.id = {UINT32_MAX, UINT32_MAX, UINT32_MAX},
			       .filter = {"", "", ""}};
	struct msr_counters c = {.open = false};

	assert_true(msr_counters_open(&c, &e, 0) < 0);
	assert_false(c.open);
	msr_counters_close(&c);
}
