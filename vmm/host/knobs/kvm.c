/* SPDX-License-Identifier: BSD-2-Clause */
/* kvm.c - knobs of KVM. */
#include "vmm/host/knob.h"

KNOBS(kvm, 60,
      {.name = "halt-poll",
       .checks = "halt-poll",
       .why = "A halted vCPU gives its CPU away at once, as tuned's profile "
	      "for real-time hosts has it.",
       .files = {{.path = "sys/module/kvm/parameters/halt_poll_ns",
		  .kind = KNOB_NUMBER,
		  .value = "0"}}});
