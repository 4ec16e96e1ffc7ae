/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kvm.c - checks of how KVM is set up.  Above 300 lines: each of its parameters
 * is an entry.
 */
#include <stdio.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define KVM	   "sys/module/kvm/parameters/"
#define INTEL	   "sys/module/kvm_intel/parameters/"
#define AMD	   "sys/module/kvm_amd/parameters/"
#define PARAMETERS "Documentation/admin-guide/kernel-parameters.txt"
#define POLLING	   "Documentation/virt/kvm/halt-polling.rst"

static void look_module(const struct check *c, const struct check_host *h,
			struct check_found *f)
{
	if (tree_has(&h->tree, "sys/module/kvm_intel"))
		found_good(f, "kvm_intel");
	else if (tree_has(&h->tree, "sys/module/kvm_amd"))
		found_good(f, "kvm_amd");
	else if (tree_has(&h->tree, "sys/module/kvm_pvm"))
		found_bad(c, f, "kvm_pvm: ring 0 in software");
	else if (tree_has(&h->tree, "sys/module"))
		found_bad(c, f, "none");
	else
		found_unknown(f, "/sys/module cannot be read");
}

struct vulnerabilities {
	const struct check_host *h;
	unsigned int nr, mitigated, open;
};

static void visit_vulnerability(void *arg, const char *name)
{
	struct vulnerabilities *v = arg;
	char path[CHECK_PATH_LEN], text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];

	snprintf(path, sizeof(path),
		 "sys/devices/system/cpu/vulnerabilities/%.64s", name);
	if (tree_read(&v->h->tree, path, text, sizeof(text), why) != 0)
		return;
	v->nr++;
	v->mitigated += strstr(text, "Mitigation") != NULL;
	v->open += strncmp(text, "Vulnerable", 10) == 0;
}

static void look_vulnerabilities(const struct check *c,
				 const struct check_host *h,
				 struct check_found *f)
{
	struct vulnerabilities v = {.h = h};

	tree_list(&h->tree, c->path, visit_vulnerability, &v);
	if (v.nr == 0)
		found_unknown(f, "/%s cannot be read", c->path);
	else
		found_bad(c, f, "%u mitigated, %u vulnerable, of %u",
			  v.mitigated, v.open, v.nr);
}

/* Threads that KVM starts for other VMs. */
static void look_threads(const struct check *c, const struct check_host *h,
			 struct check_found *f)
{
	unsigned int nr = 0;

	if (!h->tasks.known) {
		found_unknown(f, "/proc has no processes");
		return;
	}
	for (size_t i = 0; i < h->tasks.nr; i++) {
		const struct task *t = &h->tasks.list[i];

		if (!t->on_vcpus ||
		    (strncmp(t->name, "kvm-nx-lpage-re", 15) != 0 &&
		     strncmp(t->name, "kvm-pit/", 8) != 0))
			continue;
		if (nr++ == 0)
			snprintf(f->at, sizeof(f->at), "%d", t->tid);
	}
	if (nr)
		found_bad(c, f, "%u may run there", nr);
	else
		found_good(f, "none");
}

static void count_name(void *arg, const char *name)
{
	(void)name;
	++*(unsigned int *)arg;
}

static void look_iommu(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	unsigned int nr = 0;

	if (tree_list(&h->tree, c->path, count_name, &nr) != 0)
		found_unknown(f, "/%s is not there", c->path);
	else
		found_bad(c, f, "%u groups", nr);
}

CHECKS(kvm, 70,
       {.name = "kvm-module",
	.bad = CHECK_FAIL,
	.weight = 9,
	.good = "kvm_intel or kvm_amd",
	.look = look_module,
	.why = "Another KVM, or none, does not use what the processor has for "
	       "guests.",
	.run = "modprobe kvm_intel || modprobe kvm_amd",
	.source = "Documentation/virt/kvm/index.rst"},
       {.name = "two-level-paging",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "Y",
	.look = look_word,
	.want = "Y|1",
	.path = INTEL "ept",
	.instead = AMD "npt",
	.why = "With shadow page tables a guest's page tables cost exits.",
	.boot = "kvm_intel.ept=1 kvm_amd.npt=1",
	.source = PARAMETERS},
       {.name = "tdp-mmu",
	.bad = CHECK_WARN,
	.weight = 2,
	.good = "Y",
	.look = look_word,
	.want = "Y|1",
	.path = KVM "tdp_mmu",
	.why = "The older MMU lets faults of several vCPUs wait for one lock.",
	.boot = "kvm.tdp_mmu=1",
	.source = PARAMETERS},
       {.name = "apicv",
	.bad = CHECK_WARN,
	.weight = 6,
	.good = "Y",
	.look = look_word,
	.want = "Y|1",
	.path = INTEL "enable_apicv",
	.instead = AMD "avic",
	.why = "Without it every interrupt of a guest, and its end, is an "
	       "exit.",
	.boot = "kvm_intel.enable_apicv=1 kvm_amd.avic=1",
	.source = "SDM vol 3, 30; APM vol 2, 15.29"},
       {.name = "ipi-virtualization",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "Y",
	.look = look_word,
	.want = "Y|1",
	.path = INTEL "enable_ipiv",
	.instead = AMD "enable_ipiv",
	.why = "Without it an IPI between vCPUs is an exit of the sender.",
	.boot = "kvm_intel.enable_ipiv=1 kvm_amd.enable_ipiv=1",
	.source = "SDM vol 3, 30.1.6"},
       {.name = "preemption-timer",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "Y",
	.look = look_word,
	.want = "Y|1",
	.path = INTEL "preemption_timer",
	.why = "Without it a guest's timer is one of the host's, and its "
	       "interrupt.",
	.boot = "kvm_intel.preemption_timer=1",
	.source = "SDM vol 3, 26.5.1"},
       {.name = "kvmclock-sync",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "N",
	.look = look_word,
	.want = "N|0",
	.path = KVM "kvmclock_periodic_sync",
	.why = "Every 300 s all vCPUs are kicked out of the guest to set "
	       "kvmclock.",
	.boot = "kvm.kvmclock_periodic_sync=0",
	.source = "tuned realtime-virtual-host"},
       {.name = "nx-huge-pages",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "never, N",
	.look = look_word,
	.want = "never|N|0|off",
	.path = KVM "nx_huge_pages",
	.why = "A thread takes huge pages of guests apart and together again; "
	       "where iTLB multihit matters it is what keeps guests apart.",
	.run = "echo N > /" KVM "nx_huge_pages",
	.boot = "kvm.nx_huge_pages=never",
	.source = "Documentation/admin-guide/hw-vuln/multihit.rst"},
       {.name = "pause-exits",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = INTEL "ple_gap",
	.instead = AMD "pause_filter_count",
	.why = "A guest that spins with PAUSE exits to give its CPU to "
	       "another, which there is none.",
	.boot = "kvm_intel.ple_gap=0 kvm_amd.pause_filter_count=0",
	.source = "tuned realtime-virtual-host"},
       {.name = "smt-rsb",
	.bad = CHECK_WARN,
	.weight = 2,
	.good = "N",
	.look = look_word,
	.want = "N|0",
	.path = KVM "mitigate_smt_rsb",
	.why = "With it KVM refuses --disable-exits.",
	.boot = "kvm.mitigate_smt_rsb=0",
	.source = "Documentation/admin-guide/hw-vuln/cross-thread-rsb.rst"},
       {.name = "kvm-threads",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "none there",
	.look = look_threads,
	.why = "Threads that KVM has started for other VMs may run on the "
	       "vCPUs' CPUs.",
	.run = "taskset -pc {others} {at}",
	.source = "arch/x86/kvm/mmu/mmu.c, arch/x86/kvm/i8254.c"},
       {.name = "halt-poll",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = KVM "halt_poll_ns",
	.why = "KVM polls so long for a halted vCPU: a faster wake-up for CPU "
	       "time (run --halt-poll).",
	.run = "echo 0 > /" KVM "halt_poll_ns",
	.source = POLLING},
       {.name = "halt-poll-grow",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = KVM "halt_poll_ns_grow",
	.why = "How fast a vCPU's polling grows.",
	.run = "echo 2 > /" KVM "halt_poll_ns_grow",
	.source = POLLING},
       {.name = "halt-poll-shrink",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = KVM "halt_poll_ns_shrink",
	.why = "How fast it shrinks when it was in vain; 0: at once.",
	.run = "echo 0 > /" KVM "halt_poll_ns_shrink",
	.source = POLLING},
       {.name = "timer-advance",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = KVM "lapic_timer_advance",
	.instead = KVM "lapic_timer_advance_ns",
	.why = "KVM lets timers fire early by what its entry costs.",
	.boot = "kvm.lapic_timer_advance=1",
	.source = PARAMETERS},
       {.name = "least-period",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = KVM "min_timer_period_us",
	.why = "A guest's periodic timer is not faster than that.",
	.run = "echo 100 > /" KVM "min_timer_period_us",
	.source = "arch/x86/kvm/x86.c"},
       {.name = "posted-timer",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = KVM "pi_inject_timer",
	.why = "Timers fire on a housekeeping CPU and are posted, so that the "
	       "vCPU need not exit.",
	.run = "echo 1 > /" KVM "pi_inject_timer",
	.source = "arch/x86/kvm/lapic.c"},
       {.name = "guest-pmu",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = KVM "enable_pmu",
	.why = "A virtual PMU makes entries and exits a little dearer.",
	.boot = "kvm.enable_pmu=0",
	.source = "arch/x86/kvm/pmu.c"},
       {.name = "l1d-flush",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = INTEL "vmentry_l1d_flush",
	.why = "Flushing the L1 cache at each entry is what an exit costs.",
	.boot = "kvm-intel.vmentry_l1d_flush=never",
	.source = "Documentation/admin-guide/hw-vuln/l1tf.rst"},
       {.name = "mitigations",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_vulnerabilities,
	.path = "sys/devices/system/cpu/vulnerabilities",
	.why = "What is done against them makes exits dearer.",
	.boot = "mitigations=off",
	.other = "only where all guests are trusted",
	.source = "Documentation/admin-guide/hw-vuln/index.rst"},
       {.name = "iommu",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_iommu,
	.path = "sys/kernel/iommu_groups",
	.why = "Devices can be given to guests only by an IOMMU.",
	.boot = "intel_iommu=on iommu=pt",
	.source = "Documentation/driver-api/vfio.rst"});
