/* SPDX-License-Identifier: BSD-2-Clause */
/* ipi_target.c - see ipi_target.h. */
#include "guest-firmware/ipi_target.h"

struct ipi_target ipi_target;

/* Runs on vCPU 1. */
static void serve(void *arg)
{
	void (*wait)(void) = *(void (**)(void))arg;

	while (!word_load(&ipi_target.stop)) {
		void (*ask)(const struct measure *);

		word_count(&ipi_target.ready);
		wait();
		lapic_eoi();
		ask = atomic_load_explicit(&ipi_target.window,
					   memory_order_acquire);
		if (!ask)
			continue;
		ask(ipi_target.measure);
		atomic_store_explicit(&ipi_target.window, NULL,
				      memory_order_release);
	}
}

static void wait_halted(void)
{
	/* A HLT without exits may end without an interrupt. */
	do
		irq_halt();
	while (me()->irq_vector == 0);
}

static void wait_spinning(void)
{
	irq_spin();
}

static void start(void (*wait)(void))
{
	static void (*wait_fn)(void);

	wait_fn = wait;
	ipi_target = (struct ipi_target){
		.cpu = fw_percpu(1),
		.settle_tsc = us_to_tsc(IPI_TARGET_SETTLE_US),
	};
	on_vcpu(1, serve, &wait_fn);
}

void ipi_target_spin(void)
{
	start(wait_spinning);
}

void ipi_target_halt(void)
{
	start(wait_halted);
}

void ipi_target_window(void (*fn)(const struct measure *),
		       const struct measure *m)
{
	ipi_target_await();
	ipi_target.measure = m;
	atomic_store_explicit(&ipi_target.window, fn, memory_order_release);
	ipi_target_send();
	while (atomic_load_explicit(&ipi_target.window, memory_order_acquire))
		cpu_relax();
}

void ipi_target_stop(void)
{
	ipi_target_await();
	word_store(&ipi_target.stop, 1);
	ipi_target_send();
	vcpu_join(1);
}
