/* SPDX-License-Identifier: BSD-2-Clause */
/* firmware.c - checks of what is below the kernel: firmware, hypervisor. */
#include <stdio.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define HARDWARE "Documentation/core-api/real-time/hardware.rst"

/* kthreadd has number 2 where /proc is all of the machine's. */
static void look_container(const struct check *c, const struct check_host *h,
			   struct check_found *f)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	bool whole;

	if (!check_read_at(h, f, "proc/1/comm", text, sizeof(text)))
		return;
	whole = tree_read(&h->tree, "proc/2/comm", text, sizeof(text), why) ==
			0 &&
		strcmp(text, "kthreadd") == 0;
	found_is(c, f, whole, "%s",
		 whole ? "no" : "no kernel threads in /proc");
}

/* It has none of EFI's services unless they are asked for. */
static bool is_preempt_rt(const struct check_host *h)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];

	return tree_read(&h->tree, "proc/version", text, sizeof(text), why) ==
		       0 &&
	       strstr(text, "PREEMPT_RT") != NULL;
}

static void look_efi(const struct check *c, const struct check_host *h,
		     struct check_found *f)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	const char *is = check_parameter(h, "efi", text);

	if (is && strcmp(is, "noruntime") == 0) {
		found_good(f, "efi=noruntime");
		return;
	}
	if (tree_read(&h->tree, c->path, text, sizeof(text), why) == 0) {
		look_mask(c, h, f);
		return;
	}
	if (!tree_has(&h->tree, "sys/firmware"))
		found_unknown(f, "/sys/firmware cannot be read");
	else if (!tree_has(&h->tree, "sys/firmware/efi"))
		found_good(f, "no EFI");
	else if (is_preempt_rt(h) && !check_parameter(h, "efi", text))
		found_good(f, "off: PREEMPT_RT");
	else
		found_bad(c, f, "EFI, without a mask of CPUs");
}

/* "processor", ..., up to the first empty line. */
static void state_cpuinfo(const struct check *c, const struct check_host *h,
			  struct check_found *f)
{
	char text[CHECK_TEXT_LEN], label[32], *at;

	if (!check_read_at(h, f, "proc/cpuinfo", text, sizeof(text)))
		return;
	snprintf(label, sizeof(label), "\n%s", c->want);
	at = strstr(text, label);
	at = at ? strstr(at, ": ") : NULL;
	if (!at) {
		found_unknown(f, "/proc/cpuinfo has no %s", c->want);
		return;
	}
	at[strcspn(at, "\n")] = '\0';
	found_bad(c, f, "%s", at + 2);
}

CHECKS(firmware, 10,
       {.name = "hypervisor",
	.bad = CHECK_FAIL,
	.weight = 9,
	.good = "none",
	.look = look_no_flag,
	.want = "hypervisor",
	.why = "This host is itself a guest: a hypervisor below takes its CPUs "
	       "away unseen.",
	.other = "run on the machine itself",
	.source = HARDWARE ", Virtualization"},
       {.name = "virtualization",
	.bad = CHECK_FAIL,
	.weight = 9,
	.good = "flag vmx or svm",
	.look = look_flag,
	.want = "vmx|svm",
	.why = "Without VT-x or AMD-V a guest's instructions are emulated.",
	.other = "firmware: switch VT-x or SVM on",
	.source = "SDM vol 3, 24.6"},
       {.name = "container",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "no",
	.look = look_container,
	.why = "In a container the machine's threads and limits cannot be "
	       "seen.",
	.other = "run on the host",
	.source = "namespaces(7)"},
       {.name = "thermal-throttling",
	.bad = CHECK_WARN,
	.weight = 6,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = "sys/devices/system/cpu/cpu{cpu}/thermal_throttle/"
		"core_throttle_count",
	.why = "The processor has slowed down because it was too hot.",
	.other = "cool it; in the firmware a lower power limit",
	.source = HARDWARE ", Firmware"},
       {.name = "corrected-errors",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "ignore_ce 1",
	.look = look_number,
	.min = 1,
	.max = 1,
	.path = "sys/devices/system/machinecheck/machinecheck{cpu}/ignore_ce",
	.why = "A timer polls each CPU for corrected errors, or they "
	       "interrupt.",
	.run = "echo 1 > /sys/devices/system/machinecheck/machinecheck{cpu}/"
	       "ignore_ce",
	.boot = "mce=ignore_ce",
	.source = "Documentation/ABI/testing/sysfs-mce"},
       {.name = "scrub-rate",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = "sys/devices/system/edac/mc/mc0/sdram_scrub_rate",
	.why = "Scrubbing memory takes bandwidth, and from some firmware a CPU.",
	.other = "firmware: patrol scrub",
	.source = "Documentation/edac/scrub.rst"},
       {.name = "efi-runtime",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "off, or on other CPUs",
	.look = look_efi,
	.path = "sys/devices/virtual/workqueue/efi_runtime/cpumask",
	.why = "A call of the firmware may hold a CPU with interrupts off.",
	.run = "echo {mask} > /sys/devices/virtual/workqueue/efi_runtime/"
	       "cpumask",
	.boot = "efi=noruntime",
	.source = HARDWARE ", EFI"},
       {.name = "pcie-aspm",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "performance",
	.look = look_word,
	.want = "performance",
	.path = "sys/module/pcie_aspm/parameters/policy",
	.why = "A link that sleeps delays the access to its device.",
	.run = "echo performance > /sys/module/pcie_aspm/parameters/policy",
	.boot = "pcie_aspm.policy=performance",
	.source = HARDWARE ", Hardware buses"},
       {.name = "split-locks",
	.bad = CHECK_WARN,
	.weight = 2,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = "proc/sys/kernel/split_lock_mitigate",
	.why = "A thread whose guest locks across two cache lines is slowed "
	       "down on purpose.",
	.run = "echo 0 > /proc/sys/kernel/split_lock_mitigate",
	.source = "Documentation/admin-guide/sysctl/kernel.rst",
	.anchor = "proc/sys/kernel/osrelease",
	.absent_is = CHECK_PASS},
       {.name = "cpu-model",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = state_cpuinfo,
	.want = "model name",
	.why = "Exit costs differ by an order of magnitude between "
	       "generations.",
	.source = "Documentation/filesystems/proc.rst"},
       {.name = "microcode",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = state_cpuinfo,
	.want = "microcode",
	.why = "Mitigations, and with them exit costs, come with it.",
	.source = "Documentation/arch/x86/microcode.rst"});
