/* SPDX-License-Identifier: BSD-2-Clause */
/* clock.c - checks of the clocks: what time is read from, what wakes a CPU. */
#include <stdio.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define SYS_CLOCKSOURCE "sys/devices/system/clocksource/clocksource0/"
#define PARAMETERS	"Documentation/admin-guide/kernel-parameters.txt"
#define CPU_FLAGS	"arch/x86/include/asm/cpufeatures.h"

/* The TSC is one of the clocks that the kernel would use. */
static void look_usable(const struct check *c, const struct check_host *h,
			struct check_found *f)
{
	char text[CHECK_TEXT_LEN], padded[CHECK_TEXT_LEN + 2];

	if (!check_read(c, h, f, 0, text))
		return;
	snprintf(padded, sizeof(padded), " %s ", text);
	found_is(c, f, strstr(padded, " tsc ") != NULL, "%s", text);
}

/*
 * What the kernel trusts without being told, since Linux 5.17:
 * check_system_tsc_reliable() in arch/x86/kernel/tsc.c.
 */
static void look_watchdog(const struct check *c, const struct check_host *h,
			  struct check_found *f)
{
	static const char *const flags[] = {"constant_tsc", "nonstop_tsc",
					    "tsc_adjust"};
	char text[CHECK_TEXT_LEN];
	const char *is;
	int trusted = 1;

	if (!h->has_command_line) {
		found_unknown(f, "/proc/cmdline cannot be read");
		return;
	}
	is = check_parameter(h, "tsc", text);
	if (is && check_is_word("reliable|nowatchdog", is)) {
		found_good(f, "tsc=%s", is);
		return;
	}
	for (size_t i = 0; i < 3 && trusted > 0; i++)
		trusted = check_flag(h, f, flags[i]);
	if (trusted < 0)
		return;
	found_is(c, f, trusted,
		 trusted ? "trusted by its flags" : "it may be watched");
}

/* It is root's, and long: the first CPU's part tells. */
static void look_hres(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	static const char label[] = ".hres_active";
	char text[CHECK_TEXT_LEN];
	const char *at;

	if (!check_read(c, h, f, 0, text))
		return;
	at = strstr(text, label);
	at = at ? strchr(at, ':') : NULL;
	if (!at)
		found_unknown(f, "/proc/timer_list does not say");
	else
		found_is(c, f, at[1 + strspn(at + 1, " ")] == '1', "%s",
			 at[1 + strspn(at + 1, " ")] == '1' ? "on" : "off");
}

CHECKS(clock, 20,
       {.name = "clocksource",
	.bad = CHECK_FAIL,
	.weight = 9,
	.good = "tsc",
	.look = look_word,
	.want = "tsc",
	.path = SYS_CLOCKSOURCE "current_clocksource",
	.why = "Any other clock is read through a device or a hypervisor, and "
	       "KVM's clock for guests needs the TSC.",
	.run = "echo tsc > /" SYS_CLOCKSOURCE "current_clocksource",
	.boot = "clocksource=tsc",
	.source = PARAMETERS},
       {.name = "tsc-usable",
	.bad = CHECK_FAIL,
	.weight = 8,
	.good = "tsc among them",
	.look = look_usable,
	.path = SYS_CLOCKSOURCE "available_clocksource",
	.why = "The kernel has found the TSC unstable: CPUs' clocks differ, or "
	       "it stops.",
	.boot = "tsc=reliable",
	.other = "a newer firmware; the parameter only if the TSC is known "
		 "to be right",
	.source = PARAMETERS},
       {.name = "constant-tsc",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "flag constant_tsc",
	.look = look_flag,
	.want = "constant_tsc",
	.why = "A TSC that follows the frequency is no clock.",
	.other = "another processor",
	.source = "SDM vol 3, 18.17.1"},
       {.name = "nonstop-tsc",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "flag nonstop_tsc",
	.look = look_flag,
	.want = "nonstop_tsc",
	.why = "A TSC that stops in idle states is no clock.",
	.other = "another processor",
	.source = "SDM vol 3, 18.17.1"},
       {.name = "tsc-deadline",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "flag tsc_deadline_timer",
	.look = look_flag,
	.want = "tsc_deadline_timer",
	.why = "Without it a timer is programmed in ticks of the APIC, "
	       "coarser and dearer.",
	.other = "another processor",
	.source = "SDM vol 3, 11.5.4.1"},
       {.name = "arat",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "flag arat",
	.look = look_flag,
	.want = "arat",
	.why = "Without it the APIC's timer stops in deep idle states, and "
	       "another CPU has to wake this one.",
	.other = "another processor, or no deep idle states",
	.source = CPU_FLAGS},
       {.name = "tsc-watchdog",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "off",
	.look = look_watchdog,
	.why = "A timer on each CPU in turn compares the TSC with another "
	       "clock.",
	.boot = "tsc=nowatchdog",
	.source = PARAMETERS},
       {.name = "skew-tick",
	.bad = CHECK_WARN,
	.weight = 2,
	.good = "skew_tick=1",
	.look = look_boot,
	.want = "skew_tick=1",
	.why = "Ticks of all CPUs at one moment wait for each other's locks.",
	.boot = "skew_tick=1",
	.source = PARAMETERS},
       {.name = "high-resolution",
	.bad = CHECK_FAIL,
	.weight = 6,
	.good = "on",
	.look = look_hres,
	.path = "proc/timer_list",
	.why = "Without high-resolution timers every timer waits for the next "
	       "tick.",
	.boot = "highres=on",
	.source = "Documentation/timers/highres.rst"},
       {.name = "clock-events",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "lapic-deadline, lapic",
	.look = look_word,
	.want = "lapic-deadline|lapic",
	.path = "sys/devices/system/clockevents/clockevent{cpu}/"
		"current_device",
	.why = "A timer that is not the CPU's own is far away, or shared.",
	.other = "see /proc/timer_list for the reason",
	.source = "Documentation/timers/highres.rst"});
