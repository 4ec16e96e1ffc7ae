/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exit_cost_needs.c - what exit-cost's tests need of the VM, of KVM and of
 * the processor, and that those without it disturb no other.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/functional/exit_cost.h"

TEST(exit_cost_says_what_one_vcpu_in_split_mode_cannot_do)
{
	struct run r;

	run_exit_cost(&r, "split", "1");
	must_be(r.json, "ipi", "skip");
	must_be(r.json, "ipi_halt", "skip");
	must_be(r.json, "inl_from_kernel", "skip");
	must_be(r.json, "outl_to_kernel", "skip");
	must_be(r.json, "eoi", "done");
	run_free(&r);
}

TEST(exit_cost_does_without_interrupts_what_needs_none)
{
	struct run r;

	run_exit_cost(&r, "none", "1");
	must_be(r.json, "eoi", "skip");
	must_be(r.json, "tscdeadline_far", "skip");
	must_be(r.json, "cpuid", "done");
	must_be(r.json, "wrmsr_to_vmm", "done");
	run_free(&r);
}

#define MAX_ENTRIES 256

/* What KVM offers in a leaf; zeroes: it has no such leaf. */
static struct kvm_cpuid_entry2 offered(uint32_t leaf)
{
	struct kvm_cpuid_entry2 found = {.function = leaf};
	struct kvm_cpuid2 *all =
		calloc(1, sizeof(*all) + MAX_ENTRIES * sizeof(found));
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	must(all && fd >= 0, "no memory, or no /dev/kvm");
	all->nent = MAX_ENTRIES;
	must(ioctl(fd, KVM_GET_SUPPORTED_CPUID, all) == 0,
	     "KVM_GET_SUPPORTED_CPUID failed");
	for (uint32_t i = 0; i < all->nent; i++)
		if (all->entries[i].function == leaf &&
		    all->entries[i].index == 0)
			found = all->entries[i];
	close(fd);
	free(all);
	return found;
}

static void must_be_there_if(const json_t *result, const char *name,
			     bool offers)
{
	json_t *m = find_metric(result, name, 0);

	must_be(result, name, offers ? "done" : "skip");
	must(offers || strstr(get_text(m, "reason"), "this CPU has no "),
	     "%s: %s", name, get_text(m, "reason"));
}

/* SDM vol 2A CPUID, leaves 1 and 7; APM vol 3 E.4.8, leaf 0x80000008. */
TEST(exit_cost_has_the_registers_that_cpuid_says_are_there)
{
	struct kvm_cpuid_entry2 seven = offered(7), amd = offered(0x80000008);
	bool both = seven.edx >> 26 & 1;
	struct run r;

	run_exit_cost(&r, "split", "1");
	must_be_there_if(r.json, "wr_ibrs_msr", both || (amd.ebx >> 14 & 1));
	must_be_there_if(r.json, "wr_ibpb_msr", both || (amd.ebx >> 12 & 1));
	must_be_there_if(r.json, "wr_tsc_adjust_msr", seven.ebx >> 1 & 1);
	must_be_there_if(r.json, "toggle_cr4_pge", offered(1).edx >> 13 & 1);
	run_free(&r);
}

/* What may never return is skipped or whole; it takes no other with it. */
TEST(exit_cost_tests_that_some_hosts_cannot_do_leave_the_others_alone)
{
	static const char *const may_fail[] = {"vmcall", "rdtscp"};
	struct run r;
	json_t *m;
	size_t i;

	need_cpus(2);
	run_exit_cost(&r, "kernel", "2");
	json_array_foreach (get_array(r.json, "metrics"), i, m) {
		const char *name = get_text(m, "name");
		bool may = strcmp(name, may_fail[0]) == 0 ||
			   strcmp(name, may_fail[1]) == 0;

		if (!may && strncmp(get_text(m, "status"), "skip", 4) == 0)
			must(strstr(get_text(m, "reason"), "needs ") ||
				     strstr(get_text(m, "reason"),
					    "CPU has no"),
			     "%s: %s", name, get_text(m, "reason"));
		else if (!may)
			must_be(r.json, name, "done");
		must(strcmp(get_text(m, "status"), "timeout") != 0 &&
			     strcmp(get_text(m, "status"), "open") != 0,
		     "%s is %s", name, get_text(m, "status"));
	}
	run_free(&r);
}
