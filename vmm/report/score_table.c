/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * score_table.c - see score_table.h.  A figure stands beside what is measured
 * most like it; what it leaves out or adds is said in docs/measuring.md.
 */
#include "vmm/report/score_table.h"

#define MATLACK	 "Matlack, KVM Forum 2015"
#define VAN_RIEL "van Riel, KVM Forum 2015, LinuxCon 2016"
#define TSIRKIN	 "Tsirkin, KVM Forum 2016"
#define RHEL	 "RHEL 10 real-time virtualization, documentation"
#define KVM_LIST "kernel mailing list"
#define YAMAHATA "Yamahata, kernel mailing list, v2, 2026"
#define SERVOBOX "servobox, 2026"
#define FASTPATH "Linux, commit 26efe2fd92e5, 2020"
#define PI_TIMER "Linux, commit 0c5f81dad46c, 2019"
#define HALTPOLL "Linux, commit aca6ff29c406, 2015"

#define CLAIM(text, by)                         \
	{                                       \
		.published = text, .source = by \
	}

const struct score_reference score_references[] = {
	{"IPI to a halted vCPU, to its handler", .run = "ipi-wake-hlt",
	 .metric = "ipi_wake", .published = "5.5 us; 0.5 us on bare metal",
	 .source = MATLACK},
	CLAIM("IPI virtualization: -16 %", KVM_LIST),
	CLAIM("fast path of the ICR: -200 cycles (Skylake)",
	      "Linux, commit 1e9e2622a149, 2019"),
	{"its worst", .stat = SCORE_MAX_SEEN, .run = "ipi-wake-hlt",
	 .metric = "ipi_wake", .published = "about 400 times bare metal",
	 .source = MATLACK},
	{"the same by xAPIC, median", .run = "ipi-wake-xapic",
	 .metric = "ipi_wake", .published = "IPI virtualization: -22 %",
	 .source = KVM_LIST},
	{"the same by x2APIC, KVM polls instead", .run = "ipi-wake-halt-poll",
	 .metric = "ipi_wake", .published = "1.5 to 1.7 us", .source = MATLACK},
	{"IPI: halted by polled", SCORE_RATIO, .run = "ipi-wake-hlt",
	 .metric = "ipi_wake", .by_run = "ipi-wake-halt-poll",
	 .by_metric = "ipi_wake",
	 .published = "3.2 to 3.7: 5.5 us by 1.7 to 1.5", .source = MATLACK},
	{"what the guest's own polling saves", .run = "ipi-wake-halt-poll",
	 .metric = "ipi_wake", .by_run = "ipi-wake-guest-poll",
	 .by_metric = "ipi_wake", .published = "about 1 us", .source = TSIRKIN},

	{"request and answer, 2 vCPUs", .run = "msg-rr", .metric = "rr",
	 .published = "25 us (TCP_RR)", .source = MATLACK},
	{"a request's exits, 2 vCPUs, guest's count", SCORE_COUNT,
	 .run = "msg-rr", .metric = "rr",
	 .published = "12: 8 timer, 2 ICR, 2 halts", .source = MATLACK},
	{"request and answer, 1 vCPU", .run = "msg-rr-1", .metric = "rr",
	 .published = "10 us (TCP_RR)", .source = MATLACK},
	{"a request's exits, 1 vCPU, guest's count", SCORE_COUNT,
	 .run = "msg-rr-1", .metric = "rr", .published = "about 0",
	 .source = MATLACK},
	{"request: 2 vCPUs by 1 vCPU", SCORE_RATIO, .run = "msg-rr",
	 .metric = "rr", .by_run = "msg-rr-1", .by_metric = "rr",
	 .published = "2.5: 25 us by 10", .source = MATLACK},
	{"what halt polling gives one", .run = "msg-rr", .metric = "rr",
	 .by_run = "msg-rr-halt-poll", .by_metric = "rr",
	 .published = "10 to 15 us", .source = MATLACK},
	{"request: without halt polling by with it", SCORE_RATIO,
	 .run = "msg-rr", .metric = "rr", .by_run = "msg-rr-halt-poll",
	 .by_metric = "rr", .published = "1.27: TCP_RR 34 us by 26.7, dynamic",
	 .source = HALTPOLL},
	CLAIM("idle, 250 Hz: 1.1 % of a CPU, dynamic 1.2 %", HALTPOLL),
	CLAIM("always polling: 4.6 to 14 %", HALTPOLL),
	{"what its timer writes cost one", .run = "msg-rr",
	 .metric = "gain_all_timer_writes",
	 .published = "4 of 8 matter: 3 to 5 us", .source = MATLACK},
	{"request: with timer writes by without", SCORE_RATIO, .run = "msg-rr",
	 .metric = "ablation_base", .by_run = "msg-rr",
	 .by_metric = "all_timer_writes",
	 .published = "1.14 to 1.25: 25 us by 22 to 20", .source = MATLACK},

	{"timer cancelled and started", .run = "timer-arm",
	 .metric = "deadline_cancel_start",
	 .published = "4 such writes: 3 to 5 us", .source = MATLACK},
	{"what one merged write saves", .run = "timer-arm",
	 .metric = "deadline_cancel_start", .by_run = "timer-arm",
	 .by_metric = "deadline_merged", .published = "a timer write",
	 .source = MATLACK},
	{"timer: two writes by the merged one", SCORE_RATIO, .run = "timer-arm",
	 .metric = "deadline_cancel_start", .by_run = "timer-arm",
	 .by_metric = "deadline_merged", .published = "2: a timer write each",
	 .source = MATLACK},
	{"what a TSC deadline saves over a count", .run = "timer-arm",
	 .metric = "tmict_start", .by_run = "timer-arm",
	 .by_metric = "deadline_start",
	 .published = "nothing: an MSR exit still", .source = MATLACK},
	{"timer: a count by a TSC deadline", SCORE_RATIO, .run = "timer-arm",
	 .metric = "tmict_start", .by_run = "timer-arm",
	 .by_metric = "deadline_start", .published = "1: an MSR exit still",
	 .source = MATLACK},
	/* Nothing here is like it: exit-cost's has a CPUID's exit in it. */
	{"deadline that is past, to its end, cycles", SCORE_CYCLES,
	 .published = "3,028; 2,495 by the fast path (Skylake-X)",
	 .source = FASTPATH},
	CLAIM("one that is to come: 5,766; 5,285", FASTPATH),

	{"timer's handler, least lateness", .stat = SCORE_MIN,
	 .run = "timer-deadline-hlt", .metric = "lateness",
	 .published = "cyclictest: 5 us", .source = VAN_RIEL},
	CLAIM("APIC-timer virtualization: cyclictest -21 %", YAMAHATA),
	CLAIM("APIC-timer virtualization: timer, HLT -49 %", YAMAHATA),
	{"timer's handler, mean lateness", .stat = SCORE_MEAN,
	 .run = "timer-deadline-hlt", .metric = "lateness",
	 .published = "cyclictest: 6 us", .source = VAN_RIEL},
	CLAIM("VMX preemption timer: cyclictest about -30 %", KVM_LIST),
	CLAIM("fast path: cyclictest 5,540 to 4,602 ns", FASTPATH),
	CLAIM("APIC-timer virtualization: cyclictest -21 %", YAMAHATA),
	CLAIM("APIC-timer virtualization: timer, HLT -24 %", YAMAHATA),
	CLAIM("cyclictest, a desktop: about 4 us", SERVOBOX),
	{"timer's handler, 99.9 % of the samples", .stat = SCORE_P999,
	 .run = "timer-deadline-hlt", .metric = "lateness",
	 .published = "target: 99.99 % in a few dozen us", .source = VAN_RIEL},
	{"timer's handler, greatest lateness", .stat = SCORE_MAX_SEEN,
	 .run = "timer-deadline-hlt", .metric = "lateness",
	 .published = "cyclictest: 14 us; 24 h under stress: 13",
	 .source = VAN_RIEL},
	CLAIM("12 h of cyclictest: 40 us at most", RHEL),
	CLAIM("cyclictest, a desktop: about 100 to 120 us", SERVOBOX),
	{"busy vCPU's timer, median, cycles", SCORE_CYCLES,
	 .run = "timer-deadline-spin", .metric = "lateness",
	 .published = "2,600; 1,200 by timer advance (Skylake)",
	 .source = "Linux, commit 3b8a5df6c4dc, 2018"},
	CLAIM("1,600; 1,000 by timer advance (Haswell)",
	      "Linux, commit b6c4bc659c6f, 2019"),
	CLAIM("APIC-timer virtualization: min -63, avg -61 %", YAMAHATA),

	{"gap in a vCPU's own time, median", .run = "noise", .metric = "gap",
	 .published = "3 to 4 us under KVM, 1 us on metal", .source = VAN_RIEL},
	CLAIM("interrupts: 42,916 exits of 0.7 us", PI_TIMER),
	CLAIM("timers posted by other CPUs: 6,871", PI_TIMER),
	{"greatest gap", .stat = SCORE_MAX_SEEN, .run = "noise",
	 .metric = "gap", .published = "12 h of oslat: 20 us at most",
	 .source = RHEL},
	CLAIM("an SMI: up to milliseconds", VAN_RIEL),

	{"CPUID, cycles", SCORE_CYCLES, .run = "exit-cost", .metric = "cpuid",
	 .published = "3k to 4k Emerald Rapids, 5.3k to 6.2k Turin",
	 .source = KVM_LIST},
	{"KVM_RUN round trip, cycles", SCORE_CYCLES, .run = "exit-cost",
	 .metric = "outl_to_vmm", .published = "2,530 on SVM",
	 .source = "measured in 2020"},
	{"write to a device behind a contended lock", .run = "slow-path",
	 .metric = "helper_locked",
	 .published = "emulated in userspace: hundreds of us",
	 .source = VAN_RIEL},
	{"a load from 8 MiB in random order", .run = "cache",
	 .metric = "alone_8m", .published = "DRAM: 60 ns", .source = VAN_RIEL},
	{"the same while another vCPU streams", .run = "cache",
	 .metric = "polluted_8m",
	 .published = "cache allocation is to be checked", .source = VAN_RIEL},
	{"start of a VM to its first instruction", .stat = SCORE_START,
	 .run = "hello",
	 .published = "Firecracker 125 ms; Hyperlight, Solo5 1 to 2 ms",
	 .source = "their specifications"},
};
const size_t score_nr_references =
	sizeof(score_references) / sizeof(*score_references);
_Static_assert(sizeof(score_references) / sizeof(*score_references) <=
		       SCORE_MAX,
	       "they fit");
