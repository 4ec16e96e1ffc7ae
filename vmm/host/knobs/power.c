/* SPDX-License-Identifier: BSD-2-Clause */
/* power.c - knobs of what saves power: frequencies, and CPUs that sleep. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/dma_latency.h"
#include "vmm/host/knob.h"

#define CPU    "sys/devices/system/cpu/cpu{cpu}/"
#define PSTATE "sys/devices/system/cpu/intel_pstate/"

/* path: that of a state's switch; how long leaving it takes is beside it. */
static bool is_deep(const struct check_host *h, const char *path,
		    const char *old)
{
	char other[CHECK_PATH_LEN], text[64], why[TREE_WHY_LEN];
	const char *slash = strrchr(path, '/');

	(void)old;
	snprintf(other, sizeof(other), "%.*s/latency", (int)(slash - path),
		 path);
	return tree_read(&h->tree, other, text, sizeof(text), why) == 0 &&
	       strtoll(text, NULL, 10) > DMA_LATENCY_DEFAULT_US;
}

/*
 * While a CPU's governor is performance intel_pstate refuses another
 * preference, so that comes first, and is restored last.
 */
KNOBS(power, 20,
      {.name = "energy-preference",
       .checks = "energy-preference",
       .why = "The processor speeds up at once after it was idle.",
       .files = {{.path = CPU "cpufreq/energy_performance_preference",
		  .kind = KNOB_WORD,
		  .value = "performance"}}},
      {.name = "governor",
       .checks = "governor",
       .why = "CPUs keep their speed.",
       .files = {{.path = CPU "cpufreq/scaling_governor",
		  .kind = KNOB_WORD,
		  .value = "performance"}}},
      {.name = "min-perf-pct",
       .checks = "min-perf-pct",
       .why = "The processor gets no slower.",
       .files = {{.path = PSTATE "min_perf_pct",
		  .kind = KNOB_NUMBER,
		  .value = "100"}}},
      {.name = "energy-bias",
       .checks = "energy-bias",
       .why = "It does not trade speed for energy.",
       .files = {{.path = CPU "power/energy_perf_bias",
		  .kind = KNOB_NUMBER,
		  .value = "0"}}},
      {.name = "wakeup-latency",
       .checks = "idle-states",
       .why = "No CPU of the machine sleeps deeper than it wakes in 5 us.",
       .files = {{.path = "dev/cpu_dma_latency",
		  .op = KNOB_HOLD,
		  .value = "5 us"}}},
      {.name = "idle-states",
       .checks = "idle-states",
       .why = "No CPU enters a state that it takes more than 5 us to leave.",
       .wants = is_deep,
       .files = {{.path = CPU "cpuidle/state*/disable",
		  .kind = KNOB_NUMBER,
		  .value = "1"}}});
