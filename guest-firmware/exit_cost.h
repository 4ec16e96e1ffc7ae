/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit_cost.h - one file an exit type, payloads/exit-cost/NAME.c:
 *
 *	#include "guest-firmware/exit_cost.h"
 *
 *	static inline void op(void)
 *	{
 *		cpuid(0, 0);
 *	}
 *
 *	EXIT_COST(cpuid, op, exit_cost_nothing, exit_cost_nothing);
 *
 * pre and post run before the first and after the second clock read of each
 * sample.  All three are inlined: between the clock reads is op, no call.
 *
 * With parallel=on all vCPUs do it at once.  What a test has to keep for each
 * of them is in me()->word.
 */
#ifndef FW_EXIT_COST_H
#define FW_EXIT_COST_H

#include "guest-firmware/fw.h"

/* Lazy RAM that the payload has, for tests that want pages nobody touched. */
#define EXIT_COST_LAZY_LEN (16u << 20)

/*
 * A test may have a metric for each vCPU: of 49 tests those of 4 vCPUs fit into
 * the RESULT_MAX_METRICS of the result area, with room for 15 tests more; for
 * MAX_VCPUS it would be 3,136, of which each has a histogram as well.
 */
#define EXIT_COST_MAX_VCPUS 4

/* What an op adds to the exits to userspace that the vmm counts. */
enum exit_cost_counts {
	EXIT_COST_IN_KERNEL,
	EXIT_COST_PIO,
	EXIT_COST_MMIO,
	EXIT_COST_MSR,
};

struct exit_cost {
	const char *name;
	/* Records n samples of m. */
	void (*loop)(const struct measure *m, uint64_t n);
	const char *(*skip)(void); /* NULL: runs; else why it cannot */
	/* Before the warm-up and after the window, on each vCPU; may be NULL.
	 */
	void (*setup)(void);
	void (*teardown)(void);
	/*
	 * Opens and closes the window of another vCPU too, which the test has
	 * a use of its own for; may be NULL.
	 */
	void (*window)(void (*fn)(const struct measure *),
		       const struct measure *m);
	enum exit_cost_counts counts;
	bool may_never_return; /* there are hosts where op hangs */
	bool everywhere;       /* on all vCPUs in any case, as often on each */
	uint64_t max_samples;  /* of all, warm-up included; 0: any number */
};

static inline void exit_cost_nothing(void)
{
}

#define EXIT_COST(test, op, pre, post, ...)                            \
	static void test##_loop(const struct measure *m, uint64_t n)   \
	{                                                              \
		const struct measure own = *m; /* in registers */      \
                                                                       \
		while (n--) {                                          \
			uint64_t t0, t1;                               \
                                                                       \
			pre();                                         \
			t0 = rdtsc_ordered();                          \
			op();                                          \
			t1 = rdtsc_ordered();                          \
			measure_record(&own, t1 - t0, t1);             \
			post();                                        \
		}                                                      \
	}                                                              \
	METRIC_NOTES(test##_metric, METRIC(#test));                    \
	static const struct exit_cost test##_test = {                  \
		.name = #test, .loop = test##_loop, __VA_ARGS__};      \
	static const struct exit_cost *const test##_entry              \
		__attribute__((section(".exit_costs." #test), used)) = \
			&test##_test

/* Reasons that several tests share: .skip = ... */
static inline const char *exit_cost_needs_lapic(void)
{
	return fw_boot->flags & BOOT_LAPIC ? NULL : "needs a local APIC";
}

static inline const char *exit_cost_needs_x2apic(void)
{
	return fw_boot->flags & BOOT_X2APIC ? NULL : "needs x2APIC";
}

static inline const char *exit_cost_needs_tsc_deadline(void)
{
	return fw_boot->flags & BOOT_TSC_DEADLINE ? NULL
						  : "needs TSC-deadline mode";
}

/* An MSR that CPUID says is there, and a value that changes nothing. */
static inline const char *exit_cost_needs_write(uint32_t msr, uint64_t value)
{
	return wrmsr_safe(msr, value) == 0
		       ? NULL
		       : "needs a KVM that takes the write: it traps";
}

static inline const char *exit_cost_needs_irqchip(void)
{
	return fw_boot->flags & BOOT_IRQCHIP
		       ? NULL
		       : "no port is in the kernel: use --irqchip kernel";
}

static inline const char *exit_cost_needs_two_vcpus(void)
{
	if (nr_vcpus() < 2)
		return "needs a second vCPU: use --vcpus 2";
	return exit_cost_needs_lapic();
}

/*
 * A task priority that holds every vector back (SDM vol 3 11.8.3.1), by the
 * APIC's register; CR8 is the same one.
 */
static inline void exit_cost_tpr_raise(void)
{
	lapic_write(LAPIC_TPR, 0xf0);
}

static inline void exit_cost_tpr_lower(void)
{
	lapic_write(LAPIC_TPR, 0);
}

/* With interrupts on: what it held back is taken at once. */
static inline void exit_cost_tpr_take(void)
{
	if (fw_x2apic)
		irq_take_at_wrmsr(MSR_X2APIC + LAPIC_TPR / 16, 0);
	else
		irq_take_at_store(LAYOUT_LAPIC + LAPIC_TPR, 0);
}

/* An IPI to itself by the x2APIC's register; its count belongs to .post. */
static inline void exit_cost_x2apic_self_ipi(void)
{
	wrmsr(MSR_X2APIC + LAPIC_SELF_IPI / 16, VECTOR_IPI);
}

static inline void exit_cost_x2apic_post(void)
{
	me()->counts.ipis++;
	lapic_eoi();
}

#endif
