/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exit_cost.c - each test of exit-cost makes the exits that its name
 * says, by KVM's count too, and the ones this host cannot do disturb no other.
 */
#include <dirent.h>
#include <string.h>

#include "tests/functional/results.h"

#define SAMPLES 50

static void run_exit_cost(struct run *r, const char *irqchip, const char *vcpus)
{
	run_now(r, "exit-cost", "samples=50", "--irqchip", irqchip, "--vcpus",
		vcpus);
	must_pass(r);
}

/* Names tell: NAME_from_vmm, NAME_to_vmm, mmio_NAME_vmm. */
static bool goes_to_vmm(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && strcmp(name + len - 4, "_vmm") == 0;
}

/* A count that KVM keeps is the number of samples; some keep none. */
static void must_count(const json_t *window, const char *stat, int64_t wanted)
{
	int64_t count = kvm_count(window, stat);

	if (count >= 0)
		assert_int_equal(count, wanted);
}

static void must_exit_as_named(const json_t *m)
{
	const char *name = get_text(m, "name");
	json_t *w = find_window(m, 0), *guest;
	int64_t exits = goes_to_vmm(name) ? SAMPLES : 0;

	if (strcmp(get_text(m, "status"), "done") != 0)
		return;
	must(w, "%s has no window", name);
	must(get_int(w, "exits_to_userspace") == exits,
	     "%s: %d exits to userspace, wanted %d", name,
	     (int)get_int(w, "exits_to_userspace"), (int)exits);
	guest = json_object_get(w, "guest");
	/* The end of the window is a port write of its own. */
	assert_int_equal(get_int(guest, "pio") + get_int(guest, "mmio") +
				 get_int(guest, "msr") - 1,
			 exits);
	if (strstr(name, "mmio"))
		must_count(w, "mmio_exits", SAMPLES);
	if (strstr(name, "inl_from_vmm") || strstr(name, "outl_to_vmm"))
		must_count(w, "io_exits", SAMPLES + 1);
	must_count(w, "halt_exits",
		   strcmp(name, "self_ipi_sti_hlt") == 0 ? SAMPLES : 0);
	/* KVM's exits, the window's own with them, hold all of these. */
	must(kvm_count(w, "exits") < 0 || kvm_count(w, "exits") >= exits + 1,
	     "%s: KVM counted %d exits", name, (int)kvm_count(w, "exits"));
}

TEST(exit_cost_tests_exit_as_their_names_say)
{
	struct run r;
	json_t *m;
	size_t i;

	need_cpus(2);
	run_exit_cost(&r, "split", "2");
	json_array_foreach (get_array(r.json, "metrics"), i, m) {
		must_exit_as_named(m);
	}
	run_free(&r);
}

TEST(exits_to_the_vmm_cost_more_than_reading_the_clock)
{
	int64_t baseline;
	struct run r;
	size_t i, nr = 0;
	json_t *m;

	run_exit_cost(&r, "split", "1");
	m = find_metric(r.json, "rdtsc", 0);
	must(m, "there is no baseline");
	baseline = get_cycles(json_object_get(m, "percentiles"), "p50");
	/* Not compared: the host's speed changes between the two. */
	must(get_cycles(r.json, "clock_read") > 0, "no cost of a clock read");
	json_array_foreach (get_array(r.json, "metrics"), i, m) {
		if (!goes_to_vmm(get_text(m, "name")))
			continue;
		nr++;
		must(get_cycles(json_object_get(m, "percentiles"), "p50") >
			     baseline,
		     "%s costs no more than rdtsc", get_text(m, "name"));
	}
	must(nr >= 6, "%zu tests go to the vmm", nr);
	run_free(&r);
}

static void must_be(const json_t *result, const char *name, const char *status)
{
	json_t *m = find_metric(result, name, 0);

	must(m, "there is no test %s", name);
	must(strcmp(get_text(m, "status"), status) == 0, "%s is %s, wanted %s",
	     name, get_text(m, "status"), status);
}

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

TEST(exit_cost_reaches_a_port_in_the_kernel_with_irqchip_kernel)
{
	struct run r;

	need_cpus(2);
	run_exit_cost(&r, "kernel", "2");
	must_be(r.json, "inl_from_kernel", "done");
	must_be(r.json, "outl_to_kernel", "done");
	must_exit_as_named(find_metric(r.json, "inl_from_kernel", 0));
	must_be(r.json, "ipi", "done");
	must_be(r.json, "ipi_halt", "done");
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

TEST(exit_cost_has_a_metric_for_each_file_in_order)
{
	struct dirent **files;
	int nr = scandir("payloads/exit-cost", &files, NULL, alphasort);
	const char *last = "";
	size_t nr_files = 0, i;
	struct run r;
	json_t *m;

	if (nr < 0)
		skip(); /* away from the sources */
	run_exit_cost(&r, "split", "1");
	json_array_foreach (get_array(r.json, "metrics"), i, m) {
		must(strcmp(last, get_text(m, "name")) < 0, "%s before %s",
		     last, get_text(m, "name"));
		last = get_text(m, "name");
	}
	for (int k = 0; k < nr; k++) {
		char *suffix = strstr(files[k]->d_name, ".c");

		if (!suffix || suffix[2])
			continue;
		*suffix = '\0';
		nr_files++;
		must(find_metric(r.json, files[k]->d_name, 0), "%s is missing",
		     files[k]->d_name);
	}
	assert_int_equal(i, nr_files);
	run_free(&r);
}
