/* SPDX-License-Identifier: BSD-2-Clause */
/* test_stage_order.c - which of several events ends a stage. */
#include "tests/unit/traced.h"
#include "tests/unit/unit.h"

/* Where they are: see traced_took. */
TEST(stages_take_the_first_that_was_sent_and_the_last_of_all_others)
{
	ASSERT_NONE_TAKEN(
		SPAN_IPI, VCPU(1005, SENDER, TRACE_KVM_EXIT, .a = 0),
		VCPU(1025, SENDER, TRACE_KVM_EXIT, .a = 0),
		VCPU(1025, SENDER, TRACE_KVM_APIC_IPI, .a = 0),
		VCPU(1035, SENDER, TRACE_KVM_ACCEPT_IRQ, .a = TARGET),
		/* What is woken before it was sent was not woken by it. */
		VCPU(1031, SENDER, TRACE_WAKING, .a = TID(TARGET)),
		VCPU(1036, SENDER, TRACE_WAKING, .a = TID(TARGET)),
		EVENT(1047, CPU(TARGET), 0, TRACE_WAKEUP, .a = TID(TARGET)),
		EVENT(1062, CPU(TARGET), 0, TRACE_SWITCH, .a = TID(TARGET)),
		VCPU(1076, TARGET, TRACE_KVM_VCPU_WAKEUP, .b = 1),
		VCPU(1005, TARGET, TRACE_KVM_ENTRY, .a = TARGET),
		VCPU(1095, TARGET, TRACE_KVM_ENTRY, .a = TARGET),
		/* Behind what comes after it. */
		VCPU(1061, SENDER, TRACE_WAKING, .a = TID(TARGET)),
		EVENT(1109, CPU(TARGET), 0, TRACE_WAKEUP, .a = TID(TARGET)));
	assert_boundary(SPAN_IPI, 0,
			VCPU(1020, SENDER, TRACE_KVM_EXIT, .a = 0));
	assert_boundary(SPAN_IPI, 1,
			VCPU(1015, SENDER, TRACE_KVM_APIC_IPI, .a = 0));
	assert_boundary(SPAN_IPI, 2,
			VCPU(1022, SENDER, TRACE_KVM_ACCEPT_IRQ, .a = TARGET));
	assert_boundary(SPAN_IPI, 7,
			VCPU(1120, TARGET, TRACE_KVM_ENTRY, .a = TARGET));
	ASSERT_NONE_TAKEN(SPAN_RTT, VCPU(1120, TARGET, TRACE_KVM_EXIT, .a = 0),
			  VCPU(1170, TARGET, TRACE_KVM_EXIT, .a = 0),
			  VCPU(1005, TARGET, TRACE_KVM_APIC_IPI, .a = 0),
			  VCPU(1150, TARGET, TRACE_KVM_APIC_IPI, .a = 0),
			  VCPU(1040, TARGET, TRACE_KVM_ACCEPT_IRQ, .a = SENDER),
			  VCPU(1170, TARGET, TRACE_KVM_ACCEPT_IRQ, .a = SENDER),
			  VCPU(1150, TARGET, TRACE_WAKING, .a = TID(SENDER)));
	assert_boundary(SPAN_RTT, 8,
			VCPU(1140, TARGET, TRACE_KVM_EXIT, .a = 0));
	assert_boundary(SPAN_RTT, 9,
			VCPU(1130, TARGET, TRACE_KVM_APIC_IPI, .a = 0));
	assert_boundary(SPAN_RTT, 10,
			VCPU(1150, TARGET, TRACE_KVM_ACCEPT_IRQ, .a = SENDER));
	assert_boundary(SPAN_RTT, 15,
			VCPU(1300, SENDER, TRACE_KVM_ENTRY, .a = 0));
}

/* The message may come by whoever is on a CPU. */
TEST(stages_of_a_pulse_and_its_own_begin_with_the_first)
{
	ASSERT_NONE_TAKEN(SPAN_PULSE,
			  EVENT(1015, MAIN_CPU, MAIN_TID, TRACE_KVM_MSI),
			  EVENT(1005, 0, 0, TRACE_KVM_ACCEPT_IRQ, .a = TARGET),
			  EVENT(1025, 0, 0, TRACE_KVM_ACCEPT_IRQ, .a = TARGET),
			  EVENT(1015, 0, 0, TRACE_WAKING, .a = TID(TARGET)));
	assert_boundary(SPAN_PULSE, 0,
			EVENT(1005, 0, OTHER_TID, TRACE_KVM_MSI));
	assert_boundary(SPAN_PULSE, 1,
			EVENT(1015, 0, 0, TRACE_KVM_ACCEPT_IRQ, .a = TARGET));
	assert_boundary(SPAN_PULSE, 6,
			VCPU(1100, TARGET, TRACE_KVM_ENTRY, .a = TARGET));
	ASSERT_NONE_TAKEN(SPAN_SELF, VCPU(1015, TARGET, TRACE_KVM_EXIT, .a = 0),
			  VCPU(1005, TARGET, TRACE_KVM_ENTRY, .a = TARGET),
			  VCPU(1015, TARGET, TRACE_KVM_ENTRY, .a = TARGET));
	assert_boundary(SPAN_SELF, 0,
			VCPU(1005, TARGET, TRACE_KVM_EXIT, .a = 0));
	assert_boundary(SPAN_SELF, 1,
			VCPU(1030, TARGET, TRACE_KVM_ENTRY, .a = TARGET));
}

/* Whether a vCPU's timer begins with an interrupt that has that function. */
static bool is_taken(const char *function)
{
	const unsigned int skip = 3; /* interrupt and function */
	struct explained e;
	struct traced t;
	uint64_t end;

	traced_init(&t);
	end = traced_sample(&t, SPAN_TIMER, TRACED_BEGIN, traced_took, skip);
	traced_on(&t, 1004, 0, TRACE_LOCAL_TIMER, 0, NULL);
	traced_on(&t, 1008, 0, TRACE_HRTIMER, 77, function);
	e = traced_cut(&t, SPAN_TIMER, TRACED_BEGIN, end);
	assert_int_equal(e.cut.found & ~skip, (1u << 9) - 1 - skip);
	assert_true((e.cut.found & skip) == skip || !(e.cut.found & skip));
	if (e.cut.found & skip) {
		assert_int_equal(e.cut.at[0], 1004);
		assert_int_equal(e.cut.at[1], 1008);
	}
	traced_free(&t);
	return e.cut.found & skip;
}

/* What is due on that CPU besides is not what the guest waits for. */
TEST(stages_of_a_timer_begin_with_its_own_interrupt)
{
	assert_true(is_taken("apic_timer_fn"));
	assert_true(is_taken("apic_timer_fn.cold"));
	assert_true(is_taken(NULL)); /* no name is known */
	assert_false(is_taken("tick_nohz_handler"));
	assert_false(is_taken("apic_timer_f"));
	assert_false(is_taken("apic_timer_fn2"));
	/* The last of its own. */
	assert_no_boundary(SPAN_TIMER,
			   EVENT(1005, CPU(TARGET), 0, TRACE_LOCAL_TIMER));
	assert_boundary(SPAN_TIMER, 0,
			EVENT(1015, CPU(TARGET), 0, TRACE_LOCAL_TIMER));
}
