/* SPDX-License-Identifier: BSD-2-Clause */
/* interrupts.c - knobs of where interrupts, and their work, may come. */
#include "vmm/host/knob.h"

#define WORKQUEUE "sys/devices/virtual/workqueue/"

KNOBS(interrupts, 10,
      {.name = "new-interrupts",
       .checks = "new-interrupts",
       .why = "A device that comes later interrupts other CPUs.",
       .files = {{.path = "proc/irq/default_smp_affinity", .kind = KNOB_MASK}}},
      {.name = "interrupts",
       .checks = "interrupt-affinity|allowed-interrupts",
       .why = "Devices interrupt other CPUs.",
       .files = {{.path = "proc/irq/*/smp_affinity_list", .kind = KNOB_LIST}}},
      {.name = "workqueues",
       .checks = "global-workqueues|workqueues",
       .why = "Work that is bound to no CPU runs on other ones.",
       .files = {{.path = WORKQUEUE "cpumask", .kind = KNOB_MASK}}},
      {.name = "writeback",
       .why = "So does writing pages back, wherever that may run by itself.",
       .files = {{.path = WORKQUEUE "writeback/cpumask", .kind = KNOB_MASK}}},
      {.name = "packet-steering",
       .checks = "packet-steering",
       .why = "Packets that came are given to other CPUs.",
       .files = {{.path = "sys/class/net/*/queues/rx-*/rps_cpus",
		  .kind = KNOB_MASK}}},
      {.name = "transmit-steering",
       .why = "A queue for packets that leave is no vCPU's.",
       .files = {{.path = "sys/class/net/*/queues/tx-*/xps_cpus",
		  .kind = KNOB_MASK}}});
