/* SPDX-License-Identifier: BSD-2-Clause */
/* scheduling.c - knobs of what takes the CPU away from a SCHED_FIFO thread. */
#include "vmm/host/knob.h"

#define KERNEL	     "proc/sys/kernel/"
#define SERVER(name) "sys/kernel/debug/sched/" name "/cpu{cpu}/runtime"

KNOBS(scheduling, 30,
      {.name = "rt-throttling",
       .checks = "rt-throttling",
       .why = "SCHED_FIFO threads get all of their time.",
       .files = {{.path = KERNEL "sched_rt_runtime_us",
		  .kind = KNOB_NUMBER,
		  .value = "-1"}}},
      {.name = "fair-server",
       .checks = "fair-server",
       .why = "Ordinary tasks that wait get none of it.",
       .files = {{.path = SERVER("fair_server"),
		  .kind = KNOB_NUMBER,
		  .value = "0"}}},
      {.name = "ext-server",
       .checks = "ext-server",
       .why = "Nor do those of sched_ext.",
       .files = {{.path = SERVER("ext_server"),
		  .kind = KNOB_NUMBER,
		  .value = "0"}}},
      {.name = "numa-balancing",
       .checks = "numa-balancing",
       .why = "No page is taken away to see who uses it.",
       .files = {{.path = KERNEL "numa_balancing",
		  .kind = KNOB_NUMBER,
		  .value = "0"}}},
      {.name = "timer-migration",
       .checks = "timer-migration",
       .why = "Timers of idle CPUs do not come to busy ones, as tuned's "
	      "realtime profile has it.",
       .files = {{.path = KERNEL "timer_migration",
		  .kind = KNOB_NUMBER,
		  .value = "0"}}},
      {.name = "rcu-normal",
       .checks = "rcu-normal",
       .why = "RCU interrupts no CPU to be done sooner.",
       .files = {{.path = "sys/kernel/rcu_normal",
		  .kind = KNOB_NUMBER,
		  .value = "1"}}});
