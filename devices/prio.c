/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prio.c - a vCPU's priority, and a rival: a thread that takes a vCPU's CPU
 * away when the guest asks for it, as the host's other work does, at a known
 * time. abi/prio.h.
 *
 * The rival's priority is between a boosted vCPU's and a normal one's.
 */
#include "guest-firmware/abi/prio.h"
#include "guest-firmware/abi/payload.h"
#include "vmm/device.h"

/* SCHED_FIFO priorities, from --prio downwards. */
#define RIVAL_BELOW  1 /* the rival's */
#define NORMAL_BELOW 2 /* a vCPU's that is not boosted */

struct rival {
	struct device_worker *worker;
	uint64_t tsc_khz;
	uint32_t asked_us;  /* vCPU threads; the rival takes it away */
	uint64_t bursts;    /* the rival: that are over */
	uint64_t before;    /* of them, of VMs before a restart */
	uint64_t burnt_tsc; /* the rival: from their begins to their ends */
	int cpu, priority;
};

static const struct device prio_ports;

static const char *prio_lacks(const struct vm *vm)
{
	return device_worker_lacks(vm, NORMAL_BELOW);
}

/* By the clock, so that it ends whoever else had the CPU meanwhile. */
static void burn(struct rival *r, uint32_t us)
{
	uint64_t begin = device_tsc();
	uint64_t len = us * r->tsc_khz / 1000;

	while (device_tsc() - begin < len)
		__builtin_ia32_pause();
	r->burnt_tsc += device_tsc() - begin;
	/* Pairs with the load in prio_access(). */
	__atomic_add_fetch(&r->bursts, 1, __ATOMIC_RELEASE);
}

static void rival_work(void *state)
{
	struct rival *r = state;
	/* Pairs with the store in call_rival(). */
	uint32_t us = __atomic_exchange_n(&r->asked_us, 0, __ATOMIC_ACQUIRE);

	if (us)
		burn(r, us);
}

static bool call_rival(struct rival *r, uint32_t burst_us)
{
	if (burst_us == 0)
		return false;
	if (burst_us > PRIO_MAX_BURST_US)
		burst_us = PRIO_MAX_BURST_US;
	/* Pairs with the exchange in rival_work(). */
	__atomic_store_n(&r->asked_us, burst_us, __ATOMIC_RELEASE);
	return device_worker_post(r->worker);
}

static bool write_hint(struct vcpu *vcpu, uint32_t value)
{
	switch (value) {
	case PRIO_NORMAL:
		return vcpu_set_priority(vcpu, NORMAL_BELOW);
	case PRIO_BOOST:
		return vcpu_set_priority(vcpu, 0);
	default:
		return false;
	}
}

static bool prio_access(struct vcpu *vcpu, struct io_access *io)
{
	struct rival *r = device_state(vcpu_vm(vcpu), &prio_ports);
	uint32_t value = (uint32_t)io->value;

	if (io->len != 4)
		return false;
	switch (io->addr) {
	case PORT_PRIO + PRIO_HINT:
		return io->is_write && write_hint(vcpu, value);
	case PORT_PRIO + PRIO_RIVAL:
		if (io->is_write)
			return call_rival(r, value);
		/* Pairs with the addition in burn(). */
		io->value = __atomic_load_n(&r->bursts, __ATOMIC_ACQUIRE) -
			    r->before;
		return true;
	default:
		return false;
	}
}

static void prio_create(struct vm *vm, void *state)
{
	struct rival *r = state;

	r->tsc_khz = vm_tsc_khz(vm);
	r->worker = device_worker_new(vm, vm_nr_vcpus(vm) - 1, RIVAL_BELOW,
				      rival_work, r);
	r->cpu = device_worker_cpu(r->worker);
	r->priority = device_worker_priority(r->worker);
}

static void prio_reset(void *state)
{
	struct rival *r = state;

	r->asked_us = 0;
	r->before = r->bursts;
}

static bool prio_quiesce(void *state)
{
	struct rival *r = state;

	return device_worker_stop(r->worker);
}

static void prio_destroy(void *state)
{
	struct rival *r = state;

	device_worker_free(r->worker);
	r->worker = NULL;
}

static unsigned int prio_stats(const void *state, struct device_stat *out)
{
	const struct rival *r = state;

	out[0] = (struct device_stat){.name = "rival_cpu",
				      .value = (uint64_t)r->cpu};
	out[1] = (struct device_stat){.name = "rival_priority",
				      .value = (uint64_t)r->priority};
	out[2] = (struct device_stat){.name = "bursts", .value = r->bursts};
	out[3] = (struct device_stat){
		.name = "burnt", .is_cycles = true, .value = r->burnt_tsc};
	return 4;
}

DEVICE(prio_ports, .bus = BUS_PIO, .base = PORT_PRIO, .len = PRIO_LEN,
       .payload_flag = PAYLOAD_RIVAL, .state_len = sizeof(struct rival),
       .access = prio_access, .lacks = prio_lacks, .create = prio_create,
       .reset = prio_reset, .quiesce = prio_quiesce, .destroy = prio_destroy,
       .stats = prio_stats);
