/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * selftest.c - what the firmware promises, tried in the guest: a test a part of
 * it, in payloads/selftest/.  A promise that does not hold is an ERROR with
 * what was wanted and what was got; one whose test hangs is a TIMEOUT, and the
 * last line of the guest's text names the test.
 */
#include "payloads/selftest/selftest.h"

enum {
	PARAM_SAMPLES,
	PARAM_WAIT_US,
	PARAM_TEST,
	NR_PARAMS
};

struct selftest selftest;

/* Where 64 vCPUs share two CPUs; where each has its own, 1,000 do. */
#define SELFTEST_SAMPLE_US 5000

/* In the order of test=, whose first word means all of them. */
static const struct {
	const char *name, *what;
	bool (*run)(void);
	bool needs_lapic;
} tests[] = {
	{"smp", "jobs, once each, where they belong", selftest_smp, false},
	{"print", "each conversion, and lines of all vCPUs at once",
	 selftest_print, false},
	{"params", "values inside of their bounds, the device tree",
	 selftest_params, false},
	{"hist", "both ends of each bucket, known samples", selftest_hist,
	 false},
	{"trap", "MSRs that are there and that are not", selftest_trap, false},
	{"stack", "inside of their areas, aligned, deep", selftest_stack,
	 false},
	{"clock", "forward on each vCPU and from one to another",
	 selftest_clock, false},
	{"apic", "an IPI to itself in each mode", selftest_apic, true},
	{"timer", "not before their time, not once they are off",
	 selftest_timer, true},
};
#define NR_TESTS (sizeof(tests) / sizeof(*tests))

/*
 * At once: before the firmware ends a run by itself it has a job for each vCPU,
 * and that may be what is broken.
 */
static _Noreturn void give_up(void)
{
	for (;;)
		fw_control(CTL_DONE, 0);
}

bool on_each_vcpu(void (*fn)(void *), void *arg)
{
	fn(arg);
	for (uint32_t i = 1; i < nr_vcpus(); i++) {
		if (fw_result()->verdict != VERDICT_NONE)
			return false;
		on_vcpu(i, fn, arg);
		vcpu_join(i);
	}
	return fw_result()->verdict == VERDICT_NONE;
}

void on_all_vcpus(void (*fn)(void *), void *arg)
{
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		on_vcpu(i, fn, arg);
	fn(arg);
	for (uint32_t i = 1; i < nr_vcpus(); i++)
		vcpu_join(i);
}

void meet(_Atomic uint64_t *here)
{
	uint64_t until = rdtsc() + us_to_tsc(PATIENCE_US);

	atomic_fetch_add(here, 1);
	while (atomic_load(here) < nr_vcpus()) {
		if (me()->id == 0 && rdtsc() > until) {
			verdict_error("wanted %u vCPUs to run a job at once, "
				      "got %lu",
				      nr_vcpus(), atomic_load(here));
			give_up();
		}
		cpu_relax();
	}
}

static bool is_there(uint32_t i)
{
	const struct percpu *p = fw_percpu(i);

	must(p->self == p && p->id == i,
	     "wanted struct percpu of vCPU %u at %p, got one at %p, of vCPU "
	     "%lu",
	     i, (const void *)p, (const void *)p->self, p->id);
	return true;
}

static bool run(uint64_t i)
{
	if (tests[i].needs_lapic && !(fw_boot->flags & BOOT_LAPIC)) {
		left_out(tests[i].name, "no local APIC");
		return true;
	}
	print("test %s: %s\n", tests[i].name, tests[i].what);
	return tests[i].run();
}

static bool prove(void)
{
	struct param_value p[NR_PARAMS];
	uint64_t test;

	params_load(p, NR_PARAMS);
	selftest.samples = p[PARAM_SAMPLES].lo;
	selftest.wait_us = p[PARAM_WAIT_US];
	test = p[PARAM_TEST].lo;
	must(test <= NR_TESTS, "wanted test= to be 0..%lu, got %lu", NR_TESTS,
	     test);
	/* Before the first job: of a vCPU that is elsewhere it never ends. */
	for (uint32_t i = 0; i < nr_vcpus(); i++)
		if (!is_there(i))
			return false;
	for (uint64_t i = 0; i < NR_TESTS; i++)
		if ((test == 0 || test == i + 1) && !run(i))
			return false;
	return true;
}

static void selftest_main(void)
{
	if (!prove())
		give_up();
}

METRICS(METRIC_ANY("known"));

PAYLOAD("selftest", selftest_main,
	.summary = "proves the firmware: what it promises, tried in the guest",
	.max_vcpus = MAX_VCPUS, .limit_ms = 20000, .hists = 1,
	.sample_us = SELFTEST_SAMPLE_US, .work_extra = SELFTEST_WAITS_MAX,
	.params = {
		PARAM_DESC_SAMPLES("jobs, known samples, hand-overs, additions",
				   1000000, 200),
		{.name = "wait_us",
		 .help = "how far ahead the timers are set",
		 .kind = PARAM_RANGE,
		 .role = PARAM_ROLE_PERIOD,
		 .min = 10,
		 .max = 1000000,
		 .def = 100,
		 .def_hi = 400},
		{.name = "test",
		 .help = "one of them, or all",
		 .choices = "every|smp|print|params|hist|trap|stack|clock|"
			    "apic|timer",
		 .kind = PARAM_ENUM},
	});
