/* SPDX-License-Identifier: BSD-2-Clause */
/* take.c - see take.h: how the run ended. */
#include <stdio.h>

#include "vmm/base/text.h"
#include "vmm/host/placement.h"
#include "vmm/machine/devices.h"
#include "vmm/result/take.h"

_Static_assert(RESULT_MAX_DEVICES >= VM_MAX_DEVICES, "each has room");

static void take_guest_verdict(struct result *r, const struct vm *vm)
{
	const struct result_area *area = vm_result(vm);
	char reason[sizeof(area->reason) + 1];

	text_copy(reason, sizeof(reason), area->reason, sizeof(area->reason));
	if (area->abi_version != ABI_VERSION)
		result_verdict(
			r, VERDICT_ERROR,
			"the payload says ABI %u, this program speaks %u",
			area->abi_version, ABI_VERSION);
	switch (area->verdict) {
	case VERDICT_PASS:
	case VERDICT_SKIP:
	case VERDICT_FAIL:
	case VERDICT_ERROR:
		result_verdict(r, (enum verdict)area->verdict, "%s", reason);
		break;
	default:
		result_verdict(r, VERDICT_ERROR,
			       "the payload ended without a verdict (%u)",
			       area->verdict);
		break;
	}
}

/* Nothing at all could be measured here. */
static void take_skips(struct result *r)
{
	if (r->nr_metrics == 0)
		return;
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].status != METRIC_SKIP)
			return;
	result_verdict(r, VERDICT_SKIP, "%s: %s", r->metrics[0].name,
		       r->metrics[0].reason);
}

/* A payload that passes has finished what it began. */
static void take_unfinished(struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *m = &r->metrics[i];

		if (m->status == METRIC_OPEN && r->verdict == VERDICT_PASS)
			result_verdict(r, VERDICT_ERROR,
				       "metric %s: the payload ended before it "
				       "was done",
				       m->name);
	}
}

/* Host clock, guest's first clock read, host clock: in this order. */
static void check_clock(struct result *r, const struct vm *vm)
{
	const struct vcpu *v = &vm->vcpus[0];
	uint64_t guest = vm_result(vm)->boot_tsc;

	for (uint32_t i = 0; i < vm->nr_vcpus; i++)
		if (!vm->vcpus[i].tsc_offset_known ||
		    vm->vcpus[i].tsc_offset != 0)
			result_warn(r,
				    "vCPU %u: the guest's clock is not the "
				    "host's (offset %jd): times of the two "
				    "cannot be compared",
				    i, (intmax_t)vm->vcpus[i].tsc_offset);
	if (guest != 0 && v->tsc_offset_known && v->tsc_offset == 0 &&
	    (guest < v->entry_tsc || guest > v->exit_tsc))
		result_verdict(r, VERDICT_ERROR,
			       "the guest's clock is not the host's although "
			       "its offset is 0: it read %ju, the host %ju "
			       "before and %ju after",
			       (uintmax_t)guest, (uintmax_t)v->entry_tsc,
			       (uintmax_t)v->exit_tsc);
}

static void take_devices(struct result *r, const struct vm *vm)
{
	for_each_device (d) {
		struct result_device *to = &r->devices[r->nr_devices];

		if (!devices_has(vm, *d) || !(*d)->stats)
			continue;
		snprintf(to->name, sizeof(to->name), "%s", (*d)->name);
		to->nr = (*d)->stats(device_state(vm, *d), to->stats);
		r->nr_devices++;
	}
}

/* What the guest says of itself beside its metrics. */
static void take_area(struct result *r, const struct vm *vm)
{
	const struct result_area *area = vm_result(vm);
	uint64_t clock_read = area->clock_read_tsc;

	if (clock_read < INT64_MAX)
		r->clock_read_tsc = clock_read;
}

/* Not known: nothing is said. */
static void take_nodes(struct result_placed *p, const struct vm *vm)
{
	const struct memory_nodes *n = &vm->placement->memory;

	if (n->nr_host == 0)
		return;
	memory_nodes_text(n, p->nodes, sizeof(p->nodes));
	if (n->nr_host == 1)
		snprintf(p->memory_why, sizeof(p->memory_why), "%s",
			 PLACED_ONE_NODE);
	else if (vm->ram.bind_err)
		snprintf(p->memory_why, sizeof(p->memory_why), "%s",
			 strerror(-vm->ram.bind_err));
}

static void take_machine(struct result *r, const struct vm *vm,
			 enum stop_reason why)
{
	struct result_machine *m = &r->machine;

	m->mem_len = vm->ram.len;
	take_nodes(&m->placed, vm);
	m->tsc_khz = vm->tsc_khz;
	snprintf(m->apic, sizeof(m->apic), "%s",
		 vm->boot_flags & BOOT_X2APIC  ? "x2apic"
		 : vm->boot_flags & BOOT_LAPIC ? "xapic"
					       : "none");
	/* A guest that still runs is not disturbed. */
	snprintf(m->irqfd, sizeof(m->irqfd), "%s",
		 why == STOP_STUCK ? "" : devices_irq_route(vm));
	r->break_tsc = vm->break_tsc;
}

static void take_end(struct result *r, const struct vm *vm,
		     enum stop_reason why, uint64_t limit_ms)
{
	switch (why) {
	case STOP_ENDED:
		take_guest_verdict(r, vm);
		take_unfinished(r);
		take_windows(r, vm);
		take_skips(r);
		break;
	case STOP_CRASH:
		take_crash(r, vm);
		break;
	case STOP_BREAK:   /* done */
	case STOP_REFUSED: /* check_sandbox() */
		break;
	case STOP_INTERRUPTED:
		r->interrupted = true;
		result_verdict(r, VERDICT_PASS, "interrupted");
		break;
	case STOP_STEP:
		result_verdict(r, VERDICT_TIMEOUT,
			       "more than %u steps of the payload did not "
			       "return: it is broken",
			       RESULT_MAX_METRICS);
		break;
	case STOP_TIMEOUT:
		take_stopped(r, vm);
		result_verdict(r, VERDICT_TIMEOUT,
			       "the run was not done after %ju ms: give it "
			       "more with --limit TIME",
			       (uintmax_t)limit_ms);
		break;
	case STOP_STUCK:
		result_verdict(
			r, VERDICT_TIMEOUT,
			"KVM did not give a vCPU back within a second of "
			"being told to: something else has its CPU");
		break;
	}
}

void result_take(struct result *r, const struct vm *vm, enum stop_reason why,
		 uint64_t limit_ms)
{
	r->stuck = why == STOP_STUCK;
	take_vcpus(r, vm);
	take_machine(r, vm, why);
	take_area(r, vm);
	take_metrics(r, vm);
	take_devices(r, vm);
	take_break(r, vm, why == STOP_ENDED);
	take_end(r, vm, why, limit_ms);
	if (r->timeouts)
		result_verdict(r, VERDICT_TIMEOUT,
			       "a step of the payload did not return within "
			       "its own limit");
	if (why != STOP_STUCK) /* then the thread has not said its part */
		check_clock(r, vm);
}
