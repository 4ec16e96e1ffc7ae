/* SPDX-License-Identifier: BSD-2-Clause */
/* power.c - checks of what saves power: frequencies, and CPUs that sleep. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/check_look.h"

#define CPU	"sys/devices/system/cpu/cpu{cpu}/"
#define PSTATE	"sys/devices/system/cpu/intel_pstate/"
#define CPUFREQ "Documentation/admin-guide/pm/cpufreq.rst"
#define PSTATES "Documentation/admin-guide/pm/intel_pstate.rst"
#define CPUIDLE "Documentation/admin-guide/pm/cpuidle.rst"
#define UNCORE	"sys/devices/system/cpu/intel_uncore_frequency"

static bool number_in(const struct check_host *h, const char *path,
		      long long *value)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN], *end;

	if (tree_read(&h->tree, path, text, sizeof(text), why) != 0)
		return false;
	*value = strtoll(text, &end, 10);
	return end != text;
}

/* Two drivers, two files, of which one says what the other denies. */
static void look_turbo(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	long long value;

	if (number_in(h, PSTATE "no_turbo", &value))
		found_bad(c, f, "%s", value ? "off" : "on");
	else if (number_in(h, "sys/devices/system/cpu/cpufreq/boost", &value))
		found_bad(c, f, "%s", value ? "on" : "off");
	else
		found_unknown(f, "not in this kernel or machine");
}

static void look_range(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	int cpu = cpumask_next(&h->vcpus, 0);
	char path[CHECK_PATH_LEN];
	long long min, max;

	snprintf(path, sizeof(path),
		 "sys/devices/system/cpu/cpu%d/cpufreq/scaling_min_freq", cpu);
	if (!number_in(h, path, &min)) {
		found_unknown(f, "not in this kernel or machine");
		return;
	}
	snprintf(path, sizeof(path),
		 "sys/devices/system/cpu/cpu%d/cpufreq/scaling_max_freq", cpu);
	if (number_in(h, path, &max))
		found_bad(c, f, "%lld to %lld kHz (CPU %d)", min, max, cpu);
	else
		found_unknown(f, "/%s is not there", path);
}

#define MOST_STATES 16 /* CPUIDLE_STATE_MAX is 10 */

/* us that a CPU may take to wake up; -1: as long as it likes. */
static long long allowed_latency(const struct check_host *h, int cpu)
{
	char path[CHECK_PATH_LEN], text[CHECK_TEXT_LEN], why[TREE_WHY_LEN];
	long long allowed = -1, limit;

	if (h->measured && h->measured->dma_latency_us >= 0)
		allowed = h->measured->dma_latency_us;
	snprintf(path, sizeof(path),
		 "sys/devices/system/cpu/cpu%d/power/pm_qos_resume_latency_us",
		 cpu);
	if (tree_read(&h->tree, path, text, sizeof(text), why) != 0)
		return allowed;
	/* 0: no limit; "n/a": none is allowed. */
	if (strcmp(text, "n/a") == 0)
		return 0;
	limit = strtoll(text, NULL, 10);
	return limit > 0 && (allowed < 0 || limit < allowed) ? limit : allowed;
}

/* A state of a CPU that takes long to leave, and may be entered. */
static bool is_deep(const struct check *c, const struct check_host *h, int cpu,
		    int state, long long allowed, long long *latency)
{
	char path[CHECK_PATH_LEN];
	long long disabled = 0;

	snprintf(path, sizeof(path),
		 "sys/devices/system/cpu/cpu%d/cpuidle/state%d/latency", cpu,
		 state);
	if (!number_in(h, path, latency))
		return false;
	snprintf(path, sizeof(path),
		 "sys/devices/system/cpu/cpu%d/cpuidle/state%d/disable", cpu,
		 state);
	number_in(h, path, &disabled);
	return *latency > c->max && !disabled &&
	       (allowed < 0 || *latency <= allowed);
}

static void look_idle(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	char path[CHECK_PATH_LEN];
	long long latency;

	for (int cpu = cpumask_next(&h->vcpus, 0); cpu >= 0;
	     cpu = cpumask_next(&h->vcpus, cpu + 1)) {
		long long allowed = allowed_latency(h, cpu);

		snprintf(path, sizeof(path),
			 "sys/devices/system/cpu/cpu%d/cpuidle/state0/latency",
			 cpu);
		if (!number_in(h, path, &latency)) {
			found_unknown(f, "the kernel has no idle states here");
			return;
		}
		for (int state = 0; state < MOST_STATES; state++) {
			if (!is_deep(c, h, cpu, state, allowed, &latency))
				continue;
			f->cpu = cpu;
			snprintf(f->at, sizeof(f->at), "%d", state);
			found_bad(c, f, "state %d, %lld us (CPU %d)", state,
				  latency, cpu);
			return;
		}
	}
	found_good(f, "%lld us at most", (long long)c->max);
}

struct uncore {
	const struct check_host *h;
	unsigned int nr;
	char range[64]; /* the first that is one; "": none is */
	char folder[48];
};

static void visit_uncore(void *arg, const char *name)
{
	struct uncore *u = arg;
	char path[CHECK_PATH_LEN];
	long long min, max;

	snprintf(path, sizeof(path), UNCORE "/%.40s/min_freq_khz", name);
	if (!number_in(u->h, path, &min))
		return;
	snprintf(path, sizeof(path), UNCORE "/%.40s/max_freq_khz", name);
	if (!number_in(u->h, path, &max))
		return;
	u->nr++;
	if (min == max || u->range[0])
		return;
	snprintf(u->range, sizeof(u->range), "%lld to %lld kHz", min, max);
	snprintf(u->folder, sizeof(u->folder), "%.40s", name);
}

static void look_uncore(const struct check *c, const struct check_host *h,
			struct check_found *f)
{
	struct uncore u = {.h = h};

	tree_list(&h->tree, c->path, visit_uncore, &u);
	snprintf(f->at, sizeof(f->at), "%s", u.folder);
	if (u.nr == 0)
		found_unknown(f, "not in this kernel or machine");
	else
		found_is(c, f, !u.range[0], "%s",
			 u.range[0] ? u.range : "fixed");
}

CHECKS(power, 35,
       {.name = "governor",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "performance",
	.look = look_word,
	.want = "performance",
	.path = CPU "cpufreq/scaling_governor",
	.why = "A CPU that was idle starts slowly, and changes its speed in "
	       "the middle.",
	.run = "echo performance > /" CPU "cpufreq/scaling_governor",
	.boot = "cpufreq.default_governor=performance",
	.source = CPUFREQ},
       {.name = "idle-states",
	.bad = CHECK_FAIL,
	.weight = 7,
	.good = "5 us at most",
	.look = look_idle,
	.max = 5,
	.path = CPU "cpuidle",
	.why = "A CPU in such a state takes so long to wake up, before a vCPU "
	       "can.",
	.run = "echo 1 > /" CPU "cpuidle/state{at}/disable",
	.boot = "intel_idle.max_cstate=1 processor.max_cstate=1",
	.other =
		"or what holds /dev/cpu_dma_latency at 5 us, as latvisor run does",
	.source = CPUIDLE},
       {.name = "min-perf-pct",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "100",
	.look = look_number,
	.min = 100,
	.max = 100,
	.path = PSTATE "min_perf_pct",
	.why = "The processor may run that much slower.",
	.run = "echo 100 > /" PSTATE "min_perf_pct",
	.source = PSTATES},
       {.name = "energy-bias",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "0",
	.look = look_number,
	.min = 0,
	.max = 0,
	.path = CPU "power/energy_perf_bias",
	.why = "Above 0 the processor trades speed for energy.",
	.run = "echo 0 > /" CPU "power/energy_perf_bias",
	.source = "Documentation/admin-guide/pm/intel_epb.rst"},
       {.name = "energy-preference",
	.bad = CHECK_WARN,
	.weight = 4,
	.good = "performance",
	.look = look_word,
	.want = "performance|0",
	.path = CPU "cpufreq/energy_performance_preference",
	.why = "Else the processor speeds up late after it was idle.",
	.run = "echo performance > /" CPU
	       "cpufreq/energy_performance_preference",
	.source = PSTATES},
       {.name = "uncore-frequency",
	.bad = CHECK_WARN,
	.weight = 3,
	.good = "fixed",
	.look = look_uncore,
	.path = UNCORE,
	.why = "The speed of the last cache and of memory changes with load.",
	.run = "cd /" UNCORE "/{at}; cat max_freq_khz > min_freq_khz",
	.source = "Documentation/admin-guide/pm/"
		  "intel_uncore_frequency_scaling.rst"},
       {.name = "frequency-range",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_range,
	.path = CPU "cpufreq/scaling_min_freq",
	.why = "Between these the governor may choose.",
	.source = CPUFREQ},
       {.name = "frequency-driver",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = CPU "cpufreq/scaling_driver",
	.why = "Sources disagree whether intel_pstate or acpi_cpufreq is "
	       "steadier.",
	.boot = "intel_pstate=disable",
	.source = PSTATES},
       {.name = "turbo",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_turbo,
	.path = PSTATE "no_turbo",
	.why = "Turbo is faster and less even; sources disagree.",
	.run = "echo 1 > /" PSTATE "no_turbo",
	.source = PSTATES},
       {.name = "wakeup-limit",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = CPU "power/pm_qos_resume_latency_us",
	.why = "The us that the CPU may take to wake up; 0: no limit, n/a: "
	       "none.",
	.run = "echo n/a > /" CPU "power/pm_qos_resume_latency_us",
	.source = CPUIDLE},
       {.name = "idle-driver",
	.bad = CHECK_STATED,
	.weight = 1,
	.good = "stated",
	.look = look_stated,
	.path = "sys/devices/system/cpu/cpuidle/current_driver",
	.why = "haltpoll spins before it halts, others have deeper states.",
	.boot = "idle=poll",
	.source = CPUIDLE});
