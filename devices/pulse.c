/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pulse.c - interrupts for a guest by a timer of the host: timer, main thread,
 * eventfd, MSI.  abi/pulse.h is the guest's half.
 *
 * A vCPU's thread only leaves a request; the main thread does everything.  So
 * nothing is locked, and nothing waits in a vCPU's thread.
 */
#include "guest-firmware/abi/pulse.h"
#include "guest-firmware/abi/modes.h"
#include "guest-firmware/abi/payload.h"
#include "vmm/device.h"

#define REQUEST_NONE UINT64_MAX /* no guest-physical address */

#define FIRST_USABLE_VECTOR 0x20u
#define LAST_USABLE_VECTOR  0xffu

#define NS_PER_US 1000ull

/* What the guest asks for, checked and clamped. */
struct pulse_plan {
	uint32_t vcpu, vector, rest;
	uint64_t gap_lo_ns, gap_spread_ns; /* lo + 0..spread */
};

struct pulser {
	/* vCPU threads leave a gpa or 0, the main thread takes it away. */
	uint64_t request;
	uint64_t asked; /* requests, by vCPU threads */
	/* The rest is the main thread's. */
	struct device_timer *timer; /* NULL: there is no local APIC */
	struct device_irq *irq;
	struct pulse *shared; /* in guest memory; NULL: stopped */
	struct pulse_plan plan;
	uint64_t fired, blind_tsc; /* since the guest's start of them */
	uint64_t due_tsc;
	/* Since when one is due and was refused; 0: none is. */
	uint64_t refused_tsc;
	uint64_t random;
	uint64_t all_fired, all_refused, all_served; /* of the run */
};

static const struct device pulse_port;

static struct pulse *shared_at(const struct vm *vm, gpa_t gpa)
{
	if (gpa % PULSE_ALIGN != 0)
		return NULL;
	return vm_hva(vm, gpa, sizeof(struct pulse));
}

static uint64_t clamp_us(uint64_t us)
{
	if (us < PULSE_MIN_GAP_US)
		return PULSE_MIN_GAP_US;
	return us > PULSE_MAX_GAP_US ? PULSE_MAX_GAP_US : us;
}

/*
 * Reads and checks what is at gpa, each field once; false: the guest must not
 * ask for that.
 */
static bool read_plan(const struct vm *vm, gpa_t gpa, struct pulse_plan *plan)
{
	const struct pulse *s = shared_at(vm, gpa);
	uint64_t lo, hi;

	if (!s)
		return false;
	plan->vcpu = __atomic_load_n(&s->vcpu, __ATOMIC_RELAXED);
	plan->vector = __atomic_load_n(&s->vector, __ATOMIC_RELAXED);
	plan->rest = __atomic_load_n(&s->rest, __ATOMIC_RELAXED);
	lo = clamp_us(__atomic_load_n(&s->gap_lo_us, __ATOMIC_RELAXED));
	hi = clamp_us(__atomic_load_n(&s->gap_hi_us, __ATOMIC_RELAXED));
	plan->gap_lo_ns = lo * NS_PER_US;
	plan->gap_spread_ns = hi > lo ? (hi - lo) * NS_PER_US : 0;
	return plan->vcpu < vm_nr_vcpus(vm) &&
	       plan->vector >= FIRST_USABLE_VECTOR &&
	       plan->vector <= LAST_USABLE_VECTOR && plan->rest < NR_RESTS;
}

static bool pulse_access(struct vcpu *vcpu, struct io_access *io)
{
	struct vm *vm = vcpu_vm(vcpu);
	struct pulser *p = device_state(vm, &pulse_port);
	/* Only so many bytes of it were written. */
	gpa_t gpa = (uint32_t)io->value;
	struct pulse_plan plan;

	if (!io->is_write || io->len != 4 || !p->timer)
		return false;
	if (gpa != 0 && !read_plan(vm, gpa, &plan))
		return false;
	/* Pairs with the exchange in pulse_serve(): the last one counts. */
	__atomic_store_n(&p->request, gpa, __ATOMIC_RELEASE);
	__atomic_fetch_add(&p->asked, 1, __ATOMIC_RELAXED);
	return vm_request(vm);
}

/* xorshift64: 0..spread, of which the last bits need not be equally likely. */
static uint64_t random_upto(uint64_t *state, uint64_t spread)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state % (spread + 1);
}

/*
 * What the main thread has no time for is left out, and refused: one that came
 * late for it would be measured.
 */
static void pulse_arm(const struct vm *vm, struct pulser *p)
{
	uint64_t mean_ns = p->plan.gap_lo_ns + p->plan.gap_spread_ns / 2;
	uint64_t gap_ns = p->plan.gap_lo_ns +
			  random_upto(&p->random, p->plan.gap_spread_ns);
	uint64_t wait_ns = vm_wait_ns(vm);

	p->due_tsc = device_timer_arm(p->timer, wait_ns + gap_ns);
	if (wait_ns == 0)
		return;
	p->all_refused += (wait_ns + mean_ns - 1) / mean_ns;
	if (!p->refused_tsc)
		p->refused_tsc = p->due_tsc -
				 wait_ns * vm_tsc_khz(vm) / (1000 * NS_PER_US);
}

static void pulse_stop(struct pulser *p, enum pulse_state state)
{
	device_timer_stop(p->timer);
	if (p->shared)
		__atomic_store_n(&p->shared->state, state, __ATOMIC_RELEASE);
	p->shared = NULL;
}

static void pulse_serve(struct vm *vm, void *state)
{
	struct pulser *p = state;
	gpa_t gpa;

	if (!p->timer)
		return;
	/* Pairs with the store in pulse_access(). */
	gpa = __atomic_exchange_n(&p->request, REQUEST_NONE, __ATOMIC_ACQUIRE);
	if (gpa == REQUEST_NONE)
		return;
	p->all_served++;
	pulse_stop(p, PULSE_STOPPED);
	/* Checked again: it is guest memory, and may have changed. */
	if (gpa == 0 || !read_plan(vm, gpa, &p->plan))
		return;
	p->shared = shared_at(vm, gpa);
	p->fired = p->blind_tsc = p->refused_tsc = 0;
	__atomic_store_n(&p->shared->fired, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&p->shared->blind_tsc, 0, __ATOMIC_RELAXED);
	if (device_irq_route(p->irq, p->plan.vcpu, p->plan.vector) < 0) {
		pulse_stop(p, PULSE_REFUSED);
		return;
	}
	/* The guest's acquire of it: fired and blind_tsc are 0 by then. */
	__atomic_store_n(&p->shared->state, PULSE_RUNNING, __ATOMIC_RELEASE);
	pulse_arm(vm, p);
}

/* Is the guest idle for the next one, and has it come far enough in that? */
static bool is_ready(const struct vm *vm, const struct pulser *p)
{
	uint64_t settle_tsc = PULSE_SETTLE_US * vm_tsc_khz(vm) / 1000;
	uint64_t since;

	/* Pairs with the guest's release: it has read the last pulse. */
	if (__atomic_load_n(&p->shared->ready, __ATOMIC_ACQUIRE) !=
	    p->fired + 1)
		return false;
	since = __atomic_load_n(&p->shared->ready_tsc, __ATOMIC_RELAXED);
	return (int64_t)(device_tsc() - since) >= (int64_t)settle_tsc &&
	       vm_vcpu_rests(vm, p->plan.vcpu, p->plan.rest);
}

/*
 * A pulse that is looked at now was due, or one before it that was refused: its
 * time, but for what was added when that one was looked at.
 */
static void add_blind(struct pulser *p, uint64_t now)
{
	uint64_t since = p->refused_tsc ? p->refused_tsc : p->due_tsc;

	if ((int64_t)(now - since) > 0)
		p->blind_tsc += now - since;
	__atomic_store_n(&p->shared->blind_tsc, p->blind_tsc, __ATOMIC_RELAXED);
}

static void pulse_fire(struct vm *vm, void *state)
{
	struct pulser *p = state;
	struct pulse *s = p->shared;
	uint64_t woken_tsc = device_tsc();

	if (!s)
		return;
	add_blind(p, woken_tsc);
	if (!is_ready(vm, p)) {
		p->refused_tsc = woken_tsc;
		p->all_refused++;
		pulse_arm(vm, p);
		return;
	}
	p->refused_tsc = 0;
	__atomic_store_n(&s->due_tsc, p->due_tsc, __ATOMIC_RELAXED);
	__atomic_store_n(&s->woken_tsc, woken_tsc, __ATOMIC_RELAXED);
	__atomic_store_n(&s->fired_tsc, device_tsc(), __ATOMIC_RELAXED);
	/* Pairs with the guest's acquire, after the interrupt. */
	__atomic_store_n(&s->fired, ++p->fired, __ATOMIC_RELEASE);
	if (device_irq_fire(p->irq) < 0) {
		pulse_stop(p, PULSE_REFUSED);
		return;
	}
	p->all_fired++;
	pulse_arm(vm, p);
}

static void pulse_create(struct vm *vm, void *state)
{
	struct pulser *p = state;

	p->request = REQUEST_NONE;
	if (!p->random)
		p->random = device_tsc() | 1;
	if (!vm_has_lapic(vm))
		return;
	p->timer = device_timer_new(vm, pulse_fire, p);
	p->irq = device_irq_new(vm);
}

static void pulse_destroy(void *state)
{
	struct pulser *p = state;

	if (!p->timer)
		return;
	device_timer_free(p->timer);
	device_irq_free(p->irq);
	p->timer = NULL;
	p->shared = NULL;
}

static unsigned int pulse_stats(const void *state, struct device_stat *out)
{
	const struct pulser *p = state;

	out[0] = (struct device_stat){.name = "fired", .value = p->all_fired};
	out[1] = (struct device_stat){.name = "refused",
				      .value = p->all_refused};
	out[2] = (struct device_stat){.name = "dropped",
				      .value = p->asked - p->all_served};
	return 3;
}

DEVICE(pulse_port, .bus = BUS_PIO, .base = PORT_PULSE, .len = 4,
       .payload_flag = PAYLOAD_PULSE, .state_len = sizeof(struct pulser),
       .access = pulse_access, .lacks = device_irq_lacks,
       .create = pulse_create, .serve = pulse_serve, .destroy = pulse_destroy,
       .stats = pulse_stats);
