/* SPDX-License-Identifier: BSD-2-Clause */
/* pulser.c - see pulser.h. */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "vmm/base/clocks.h"
#include "vmm/base/die.h"
#include "vmm/machine/pulser.h"
#include "vmm/machine/vcpu.h"

#define REQUEST_NONE UINT64_MAX /* no guest-physical address */

/* The only route in the table, beyond the pins that an I/O APIC would have. */
#define PULSE_GSI 24

/* Message signalled interrupts: SDM vol 3 11.11.1 and 11.11.2. */
#define MSI_ADDRESS	    0xfee00000u
#define MSI_DESTINATION(id) ((uint32_t)(id) << 12)
#define FIRST_USABLE_VECTOR 0x20u
#define LAST_USABLE_VECTOR  0xffu

#define NS_PER_US 1000ull
#define NS_PER_S  1000000000ull

void pulser_check(const struct kvm *kvm, const struct payload_note *note)
{
	if (!(note->flags & PAYLOAD_PULSE))
		return;
	if (kvm_cap(kvm->fd, KVM_CAP_IRQFD) <= 0 ||
	    kvm_cap(kvm->fd, KVM_CAP_IRQ_ROUTING) <= 0)
		die_skip("%s wants interrupts from an eventfd; this KVM has no "
			 "KVM_CAP_IRQFD or no KVM_CAP_IRQ_ROUTING",
			 note->name);
}

void pulser_create(struct vm *vm)
{
	struct pulser *p = &vm->pulser;
	struct kvm_irqfd irqfd = {.gsi = PULSE_GSI};

	*p = (struct pulser){
		.timer_fd = -1,
		.irq_fd = -1,
		.request = REQUEST_NONE,
		.random = __rdtsc() | 1,
	};
	if (!(vm->image->note.flags & PAYLOAD_PULSE) ||
	    vm->config->irqchip == IRQCHIP_NONE)
		return;
	p->timer_fd =
		timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	p->irq_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->timer_fd < 0 || p->irq_fd < 0)
		die_errno("cannot create a timerfd and an eventfd");
	/* Documentation/virt/kvm/api.rst 4.75: nothing to set up later. */
	irqfd.fd = (uint32_t)p->irq_fd;
	kvm_ioctl(vm->fd, KVM_IRQFD, &irqfd);
}

/* KVM lets go of its end when the VM's file is closed, or this one is. */
void pulser_destroy(struct vm *vm)
{
	struct pulser *p = &vm->pulser;

	if (p->timer_fd < 0)
		return;
	close(p->timer_fd);
	close(p->irq_fd);
	p->timer_fd = p->irq_fd = -1;
	p->shared = NULL;
}

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

/* Each field is read once: the guest may be writing to it. */
bool pulser_plan(const struct vm *vm, gpa_t gpa, struct pulse_plan *plan)
{
	const struct pulse *s = shared_at(vm, gpa);
	uint64_t lo, hi;

	if (!s)
		return false;
	plan->vcpu = __atomic_load_n(&s->vcpu, __ATOMIC_RELAXED);
	plan->vector = __atomic_load_n(&s->vector, __ATOMIC_RELAXED);
	lo = clamp_us(__atomic_load_n(&s->gap_lo_us, __ATOMIC_RELAXED));
	hi = clamp_us(__atomic_load_n(&s->gap_hi_us, __ATOMIC_RELAXED));
	plan->gap_lo_ns = lo * NS_PER_US;
	plan->gap_spread_ns = hi > lo ? (hi - lo) * NS_PER_US : 0;
	return plan->vcpu < vm->nr_vcpus &&
	       plan->vector >= FIRST_USABLE_VECTOR &&
	       plan->vector <= LAST_USABLE_VECTOR;
}

bool vcpu_pulse(struct vcpu *vcpu, gpa_t gpa)
{
	struct vm *vm = vcpu->vm;
	struct pulse_plan plan;
	uint64_t one = 1;

	if (vm->pulser.timer_fd < 0)
		return false;
	if (gpa != 0 && !pulser_plan(vm, gpa, &plan))
		return false;
	/* Pairs with the exchange in pulser_serve(): the last one counts. */
	atomic_store_explicit(&vm->pulser.request, gpa, memory_order_release);
	return write(vm->event_fd, &one, sizeof(one)) == sizeof(one);
}

/* Overwrites the whole table (api.rst 4.52): nothing else is routed here. */
static int set_route(const struct vm *vm, const struct pulse_plan *plan)
{
	_Alignas(struct kvm_irq_routing) unsigned char
		room[sizeof(struct kvm_irq_routing) +
		     sizeof(struct kvm_irq_routing_entry)] = {0};
	struct kvm_irq_routing *table = (struct kvm_irq_routing *)room;

	table->nr = 1;
	table->entries[0] = (struct kvm_irq_routing_entry){
		.gsi = PULSE_GSI,
		.type = KVM_IRQ_ROUTING_MSI,
		.u.msi =
			{
				.address_lo = MSI_ADDRESS |
					      MSI_DESTINATION(plan->vcpu),
				.data = plan->vector, /* fixed, edge */
			},
	};
	return __kvm_ioctl(vm->fd, KVM_SET_GSI_ROUTING, table);
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
 * On CLOCK_MONOTONIC, for that is what timers have.  The same moment on the
 * TSC comes from reading both clocks now, so their drift is that of one gap.
 */
static void arm(struct pulser *p, uint64_t tsc_khz)
{
	uint64_t gap_ns = p->plan.gap_lo_ns +
			  random_upto(&p->random, p->plan.gap_spread_ns);
	struct clocks now = clocks_read();
	uint64_t due_ns = now.mono_ns + gap_ns;
	struct itimerspec when = {
		.it_value = {.tv_sec = (time_t)(due_ns / NS_PER_S),
			     .tv_nsec = (long)(due_ns % NS_PER_S)},
	};

	p->due_tsc = now.tsc + gap_ns * (tsc_khz / 1000) / 1000 +
		     gap_ns * (tsc_khz % 1000) / 1000000;
	timerfd_settime(p->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void stop(struct pulser *p, enum pulse_state state)
{
	static const struct itimerspec never = {.it_value = {.tv_sec = 0}};

	timerfd_settime(p->timer_fd, 0, &never, NULL);
	if (p->shared)
		__atomic_store_n(&p->shared->state, state, __ATOMIC_RELEASE);
	p->shared = NULL;
}

void pulser_serve(struct vm *vm)
{
	struct pulser *p = &vm->pulser;
	gpa_t gpa;

	if (p->timer_fd < 0)
		return;
	/* Pairs with the store in vcpu_pulse(). */
	gpa = atomic_exchange_explicit(&p->request, REQUEST_NONE,
				       memory_order_acquire);
	if (gpa == REQUEST_NONE)
		return;
	stop(p, PULSE_STOPPED);
	/* Checked again: it is guest memory, and may have changed. */
	if (gpa == 0 || !pulser_plan(vm, gpa, &p->plan))
		return;
	p->shared = shared_at(vm, gpa);
	p->fired = p->missed = 0;
	__atomic_store_n(&p->shared->fired, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&p->shared->missed, 0, __ATOMIC_RELAXED);
	if (set_route(vm, &p->plan) < 0) {
		stop(p, PULSE_REFUSED);
		return;
	}
	/* The guest's acquire of it: fired and missed are 0 by then. */
	__atomic_store_n(&p->shared->state, PULSE_RUNNING, __ATOMIC_RELEASE);
	arm(p, vm->tsc_khz);
}

/* Is the guest idle for the next one, and long enough to have halted? */
static bool is_ready(const struct vm *vm, const struct pulse *s)
{
	uint64_t settle_tsc = PULSE_SETTLE_US * vm->tsc_khz / 1000;
	uint64_t since;

	/* Pairs with the guest's release: it has read the last pulse. */
	if (__atomic_load_n(&s->ready, __ATOMIC_ACQUIRE) !=
	    vm->pulser.fired + 1)
		return false;
	since = __atomic_load_n(&s->ready_tsc, __ATOMIC_RELAXED);
	return (int64_t)(__rdtsc() - since) >= (int64_t)settle_tsc;
}

void pulser_fire(struct vm *vm)
{
	struct pulser *p = &vm->pulser;
	struct pulse *s = p->shared;
	uint64_t one = 1;

	if (!s)
		return;
	if (!is_ready(vm, s)) {
		__atomic_store_n(&s->missed, ++p->missed, __ATOMIC_RELAXED);
		arm(p, vm->tsc_khz);
		return;
	}
	__atomic_store_n(&s->due_tsc, p->due_tsc, __ATOMIC_RELAXED);
	__atomic_store_n(&s->fired_tsc, __rdtsc(), __ATOMIC_RELAXED);
	/* Pairs with the guest's acquire, after the interrupt. */
	__atomic_store_n(&s->fired, ++p->fired, __ATOMIC_RELEASE);
	if (write(p->irq_fd, &one, sizeof(one)) < 0) {
		warn("cannot fire a pulse: %s", strerror(errno));
		stop(p, PULSE_REFUSED);
		return;
	}
	arm(p, vm->tsc_khz);
}
