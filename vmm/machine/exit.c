/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit.c - see exit.h.  What the vmm does about an exit to userspace: a device
 * answers, or the run ends.  Nothing unknown is passed over.
 */
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/machine/crash.h"
#include "vmm/machine/exit.h"
#include "vmm/machine/helper.h"

/* False: there is no such device, or it refuses. */
static bool dispatch(struct vcpu *vcpu, enum device_bus bus,
		     struct io_access *io)
{
	const struct device *d =
		bus_find(&vcpu->vm->bus[bus], io->addr, io->len);

	if (d && __builtin_expect(d->where & DEVICE_ELSEWHERE, 0))
		return helper_access(vcpu, d, io);
	return d && d->access(vcpu, io);
}

/* run->io.count accesses of run->io.size bytes: more than one is INS/OUTS. */
static bool handle_io(struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	unsigned char *data = (unsigned char *)run + run->io.data_offset;

	for (uint32_t i = 0; i < run->io.count; i++, data += run->io.size) {
		struct io_access io = {
			.addr = run->io.port,
			.len = run->io.size,
			.is_write = run->io.direction == KVM_EXIT_IO_OUT,
		};

		if (io.is_write)
			memcpy(&io.value, data, io.len);
		if (!dispatch(vcpu, BUS_PIO, &io)) {
			vcpu_crash(vcpu,
				   "%s of %u byte%s at port %#x: no "
				   "device takes it",
				   io.is_write ? "write" : "read", io.len,
				   plural(io.len), (unsigned int)io.addr);
			return false;
		}
		if (!io.is_write)
			memcpy(data, &io.value, io.len);
	}
	return vcpu->state == VCPU_RUNNING;
}

static bool handle_mmio(struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	struct io_access io = {
		.addr = run->mmio.phys_addr,
		.len = run->mmio.len,
		.is_write = run->mmio.is_write,
	};

	if (io.len > sizeof(io.value))
		io.len = sizeof(io.value);
	if (io.is_write)
		memcpy(&io.value, run->mmio.data, io.len);
	if (!dispatch(vcpu, BUS_MMIO, &io)) {
		vcpu_crash(vcpu,
			   "%s of %u byte%s at address %#jx: no device takes "
			   "it and no RAM is there",
			   io.is_write ? "write" : "read", io.len,
			   plural(io.len), (uintmax_t)io.addr);
		return false;
	}
	if (!io.is_write)
		memcpy(run->mmio.data, &io.value, io.len);
	return vcpu->state == VCPU_RUNNING;
}

static bool handle_msr(struct vcpu *vcpu, bool is_write)
{
	struct kvm_run *run = vcpu->run;
	struct io_access io = {
		.addr = run->msr.index,
		.len = 1, /* one MSR of the bus's range */
		.is_write = is_write,
		.value = is_write ? run->msr.data : 0,
	};

	if (!dispatch(vcpu, BUS_MSR, &io)) {
		vcpu_crash(vcpu, "%s of MSR %#x: no device takes it",
			   is_write ? "write" : "read", run->msr.index);
		return false;
	}
	run->msr.error = 0;
	if (!is_write)
		run->msr.data = io.value;
	return vcpu->state == VCPU_RUNNING;
}

static void crash_internal_error(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;
	const char *what = "an internal error of KVM";

	if (run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION)
		what = "an instruction that KVM cannot emulate";
	else if (run->internal.suberror == KVM_INTERNAL_ERROR_DELIVERY_EV)
		what = "an exit while an event was delivered";
	vcpu_crash(vcpu, "%s, suberror %u", what, run->internal.suberror);
}

/* SVM: KVM resets the vCPU before it tells; SDM vol 3 9.1.1: RIP is 0xfff0. */
#define RESET_RIP 0xfff0

static void crash_shutdown(struct vcpu *vcpu)
{
	vcpu_crash(vcpu, "triple fault");
	if (!vcpu->crash.has_regs || vcpu->crash.regs.rip != RESET_RIP)
		return;
	vcpu_crash(vcpu, "triple fault; this KVM has reset the vCPU, its "
			 "registers are lost");
	vcpu->crash.has_regs = false;
}

static void crash_exit_reason(struct vcpu *vcpu)
{
	const struct kvm_run *run = vcpu->run;

	switch (run->exit_reason) {
	case KVM_EXIT_SHUTDOWN:
		crash_shutdown(vcpu);
		break;
	case KVM_EXIT_HLT:
		vcpu_crash(vcpu, "halted for ever: there is no local APIC to "
				 "wake it");
		break;
	case KVM_EXIT_FAIL_ENTRY:
		vcpu_crash(vcpu,
			   "the processor refused to enter the guest, "
			   "reason %#llx",
			   run->fail_entry.hardware_entry_failure_reason);
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		crash_internal_error(vcpu);
		break;
	default:
		vcpu_crash(vcpu,
			   "exit reason %u, which this program does not "
			   "know",
			   run->exit_reason);
		break;
	}
}

bool vcpu_handle_exit(struct vcpu *vcpu)
{
	switch (vcpu->run->exit_reason) {
	case KVM_EXIT_IO:
		return handle_io(vcpu);
	case KVM_EXIT_MMIO:
		return handle_mmio(vcpu);
	case KVM_EXIT_X86_RDMSR:
		return handle_msr(vcpu, false);
	case KVM_EXIT_X86_WRMSR:
		return handle_msr(vcpu, true);
	default:
		crash_exit_reason(vcpu);
		return false;
	}
}
