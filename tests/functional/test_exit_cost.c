/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exit_cost.c - each test of exit-cost makes the exits that its name
 * says, by KVM's count too.
 */
#include <dirent.h>
#include <string.h>

#include "tests/functional/exit_cost.h"

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len >= end_len && strcmp(name + len - end_len, end) == 0;
}

/* Names tell: NAME_from_vmm, NAME_to_vmm, mmio_NAME_vmm. */
static bool goes_to_vmm(const char *name)
{
	return ends_with(name, "_vmm");
}

/* Each of their operations is one interrupt to itself, or has one before it. */
static bool takes_interrupt(const char *name)
{
	return strstr(name, "self_ipi_") || ends_with(name, "eoi") ||
	       strcmp(name, "tscdeadline") == 0 ||
	       strcmp(name, "tscdeadline_immed") == 0;
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
	json_t *w = find_window(m, get_int(m, "vcpu")), *guest;
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
	must(get_int(guest, "interrupts") ==
		     (takes_interrupt(name) ? SAMPLES : 0),
	     "%s took %d interrupts", name, (int)get_int(guest, "interrupts"));
	if (strstr(name, "mmio"))
		must_count(w, "mmio_exits", SAMPLES);
	if (strstr(name, "inl_from_vmm") || strstr(name, "outl_to_vmm"))
		must_count(w, "io_exits", SAMPLES + 1);
	must_count(w, "halt_exits", ends_with(name, "_sti_hlt") ? SAMPLES : 0);
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

/*
 * Of each test a metric for each vCPU, which did all of it too; of pages, some
 * that the other one has not touched.
 */
TEST(exit_cost_runs_each_test_on_all_vcpus_at_once)
{
	size_t i, nr = 0;
	struct run r;
	json_t *m;

	need_cpus(2);
	run_now(&r, "exit-cost", "samples=50", "parallel=on", "--irqchip",
		"kernel", "--vcpus", "2");
	must_pass(&r);
	json_array_foreach (get_array(r.json, "metrics"), i, m) {
		const char *name = get_text(m, "name");

		must_exit_as_named(m);
		if (strcmp(get_text(m, "status"), "done") != 0)
			continue;
		must(find_metric(r.json, name, !get_int(m, "vcpu")),
		     "%s was on vCPU %d only", name, (int)get_int(m, "vcpu"));
		assert_int_equal(get_int(m, "samples"), SAMPLES);
		if (strcmp(name, "page_first_touch") == 0)
			assert_int_equal(
				get_int(find_window(m, get_int(m, "vcpu")),
					"minor_faults"),
				SAMPLES);
		nr++;
	}
	must_be(r.json, "ple_round_robin", "done");
	must_be(r.json, "wr_tmict_xapic", "done");
	/* vCPU 1 is their target. */
	must_be(r.json, "ipi", "skip");
	must_be(r.json, "ipi_halt", "skip");
	assert_int_equal(json_array_size(get_array(r.json, "merged")), nr / 2);
	run_free(&r);
}

/* It needs them all; others are on vCPU 0. */
TEST(exit_cost_has_a_round_robin_on_each_vcpu)
{
	struct run r;

	need_cpus(2);
	run_exit_cost(&r, "split", "2");
	must_be(r.json, "ple_round_robin", "done");
	must(find_metric(r.json, "ple_round_robin", 1), "vCPU 1 had no turn");
	assert_null(find_metric(r.json, "cpuid", 1));
	run_free(&r);
}

TEST(exit_cost_on_all_of_one_vcpu_is_skipped)
{
	struct run r;

	run_now(&r, "exit-cost", "parallel=on", "--vcpus", "1");
	must(is_skip(&r) && strstr(r.proc.out, "second vCPU"), "status %d: %s",
	     r.proc.status, r.proc.out);
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

/* KVM's exits in a test's window, but for the one that ends it. */
static int64_t exits_of(const json_t *result, const char *name)
{
	return kvm_count(find_window(find_metric(result, name, 0), 0),
			 "exits") -
	       1;
}

/*
 * Where an operation that has to exit everywhere does, KVM's count has all
 * exits; one that emulates guest ring 0 has few of them.  SDM vol 3 26.1.2 is
 * on CPUID and INVD; KVM intercepts WBINVD wherever the processor lets it.
 */
TEST(exit_cost_counts_an_exit_for_what_always_exits)
{
	struct run r;

	run_exit_cost(&r, "split", "1");
	if (exits_of(r.json, "cpuid") < SAMPLES) {
		print_message("# a CPUID is no exit here\n");
		run_free(&r);
		skip();
	}
	must(exits_of(r.json, "invd") >= SAMPLES, "INVD made %d exits",
	     (int)exits_of(r.json, "invd"));
	must(exits_of(r.json, "wbinvd") >= SAMPLES, "WBINVD made %d exits",
	     (int)exits_of(r.json, "wbinvd"));
	must(exits_of(r.json, "rdtsc") < SAMPLES, "RDTSC made %d exits",
	     (int)exits_of(r.json, "rdtsc"));
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
