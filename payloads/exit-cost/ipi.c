/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipi.c - an IPI to a vCPU that spins with interrupts on, until the sender
 * sees that its handler has begun.
 */
#include "guest-firmware/exit_cost.h"
#include "guest-firmware/ipi_target.h"

/* Between the clock reads: mfence, pause, wrmsr. */
EXIT_COST(ipi, ipi_target_send, ipi_target_await, exit_cost_nothing,
	  .skip = exit_cost_needs_two_vcpus, .setup = ipi_target_spin,
	  .teardown = ipi_target_stop, .window = ipi_target_window);
