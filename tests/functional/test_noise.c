/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_noise.c - noise: every gap is above the threshold, gaps do not overlap
 * and add up to the stolen time, and a vCPU that is stopped sees it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/functional/results.h"

static int64_t cell(const json_t *bucket, size_t i)
{
	return json_integer_value(json_array_get(bucket, i));
}

/* The histogram says how much was stolen, but for the width of its buckets. */
static void must_add_up(const json_t *m)
{
	int64_t stolen = get_cycles(m, "stolen"), low = 0, high = 0;
	json_t *bucket;
	size_t i;

	json_array_foreach (get_array(m, "histogram"), i, bucket) {
		low += cell(bucket, 0) * cell(bucket, 2);
		high += (cell(bucket, 0) + cell(bucket, 1)) * cell(bucket, 2);
	}
	must(stolen >= low && stolen < high, "%jd cycles stolen, not %jd..%jd",
	     (intmax_t)stolen, (intmax_t)low, (intmax_t)high);
}

/* Each lies behind the end of another, or before its beginning. */
static void must_be_apart(const json_t *m)
{
	json_t *worst = get_array(m, "worst"), *a, *b;
	size_t i, k;

	json_array_foreach (worst, i, a) {
		json_array_foreach (worst, k, b) {
			int64_t end = get_int(b, "tsc");

			must(i == k ||
				     get_int(a, "tsc") <= end - cycles_of(b) ||
				     end <= get_int(a, "tsc") - cycles_of(a),
			     "gaps %zu and %zu overlap", i, k);
		}
	}
}

static void must_be_host(const json_t *window, const json_t *vcpu)
{
	json_t *host = json_object_get(window, "host"), *source;
	int64_t sum = 0, last = INT64_MAX;
	size_t i;

	must(host, "the window does not say what the host did");
	assert_int_equal(get_int(host, "cpu"), get_int(vcpu, "host_cpu"));
	json_array_foreach (get_array(host, "sources"), i, source) {
		int64_t count = get_int(source, "count");

		must(count > 0 && count <= last, "%s is out of order",
		     get_text(source, "name"));
		last = count;
		sum += count;
	}
	if (json_object_get(host, "interrupts"))
		must(sum <= get_int(host, "interrupts"),
		     "the sources are more than all of them");
	must(!json_object_get(host, "smis") !=
		     !json_object_get(host, "no_smis"),
	     "SMIs are neither known nor not known");
}

/* In ns, as the guest printed it. */
static int64_t threshold(const struct run *r)
{
	const char *text = strstr(r->proc.out, "gaps of more than ");
	long ns = 0;

	must(text && sscanf(text, "gaps of more than %ld ns", &ns) == 1,
	     "no threshold in: %s", r->proc.out);
	return ns;
}

static json_t *must_be_noise(const struct run *r, int vcpu, int64_t least_ns)
{
	json_t *m = find_metric(r->json, "gap", vcpu), *w, *vcpus;
	json_t *loop = find_metric(r->json, "loop", vcpu);
	double min_ns, stolen_ns, khz;

	must(m && loop, "vCPU %d has no metrics", vcpu);
	assert_string_equal(get_text(m, "status"), "done");
	assert_int_equal(get_int(loop, "samples"), 64);
	w = find_window(m, vcpu);
	must(w && get_int(w, "duration_ns") >= least_ns,
	     "the window is too short");
	assert_int_equal(get_int(w, "exits_to_userspace"), 0);
	vcpus = get_array(json_object_get(r->json, "machine"), "vcpus");
	khz = (double)get_int(json_object_get(r->json, "machine"), "tsc_khz");
	must_be_host(w, json_array_get(vcpus, (size_t)vcpu));
	stolen_ns = (double)get_cycles(m, "stolen") * 1e6 / khz;
	must(stolen_ns <= (double)get_int(w, "duration_ns"),
	     "more was stolen than there was");
	if (get_int(m, "samples") == 0) {
		assert_int_equal(get_cycles(m, "stolen"), 0);
		return m;
	}
	min_ns = (double)get_cycles(m, "min") * 1e6 / khz;
	must(min_ns > (double)threshold(r), "a gap of %.0f ns", min_ns);
	must_add_up(m);
	must_be_apart(m);
	return m;
}

TEST(noise_of_one_vcpu_adds_up)
{
	struct run r;

	run_now(&r, "noise", "duration_s=1", "turns=64");
	must_pass(&r);
	must_be_noise(&r, 0, 1000000000);
	must(strstr(r.proc.out, " ppm)"), "no share of the time: %s",
	     r.proc.out);
	run_free(&r);
}

TEST(noise_of_two_vcpus_is_each_ones)
{
	struct run r;

	need_cpus(2);
	run_now(&r, "noise", "duration_s=1", "turns=64", "--vcpus", "2");
	must_pass(&r);
	must_be_noise(&r, 0, 1000000000);
	must_be_noise(&r, 1, 1000000000);
	run_free(&r);
}

/* Stopped for 0.3 s in the middle of its window. */
TEST(noise_sees_that_it_was_stopped)
{
	struct run r;
	json_t *m;

	need_interruption();
	run_start(&r, "noise", "duration_s=3", "turns=64",
		  "threshold_ns=100000000", NULL);
	sleep_for(1.5);
	kill(r.proc.pid, SIGSTOP);
	sleep_for(0.3);
	kill(r.proc.pid, SIGCONT);
	run_wait(&r, PROC_SECONDS);
	must_pass(&r);
	m = must_be_noise(&r, 0, 3000000000);
	must(get_int(m, "samples") >= 1, "it saw nothing");
	must(get_cycles(m, "max") / get_int(json_object_get(r.json, "machine"),
					    "tsc_khz") >=
		     250,
	     "the longest gap was of %jd cycles",
	     (intmax_t)get_cycles(m, "max"));
	run_free(&r);
}

/* Nothing takes a second: no gap, and a result all the same. */
TEST(noise_without_a_gap_says_so)
{
	struct run r;
	json_t *m;

	run_now(&r, "noise", "duration_s=1", "turns=64",
		"threshold_ns=1000000000");
	must_pass(&r);
	m = must_be_noise(&r, 0, 1000000000);
	assert_int_equal(get_int(m, "samples"), 0);
	must(strstr(r.proc.out,
		    is_insns(r.json) ? "stolen: 0 of " : "stolen: 0 us of "),
	     "%s", r.proc.out);
	run_free(&r);
}

TEST(noise_with_a_threshold_below_its_own_is_skipped)
{
	struct run r;

	run_now(&r, "noise", "threshold_ns=1");
	must(is_skip(&r), "status %d: %s", r.proc.status, r.proc.out);
	must(strstr(r.proc.out, "it has to be above "), "%s", r.proc.out);
	run_free(&r);
}
