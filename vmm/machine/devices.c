/* SPDX-License-Identifier: BSD-2-Clause */
/* devices.c - see devices.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/now.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/helper.h"

bool devices_has(const struct vm *vm, const struct device *device)
{
	return !device->payload_flag ||
	       vm->image->note.flags & device->payload_flag;
}

bool devices_any(const struct vm *vm, unsigned int where)
{
	for_each_device (d)
		if (devices_has(vm, *d) && (*d)->where & where)
			return true;
	return false;
}

unsigned int device_index(const struct device *device)
{
	unsigned int i = 0;

	for_each_device (d) {
		if (*d == device)
			break;
		i++;
	}
	return i;
}

void *device_state(const struct vm *vm, const struct device *device)
{
	unsigned int i = device_index(device);

	return i < VM_MAX_DEVICES ? vm->device_state[i] : NULL;
}

const char *devices_lack(const struct vm *vm)
{
	if (devices_any(vm, DEVICE_KERNEL) &&
	    kvm_cap(vm->kvm.fd, KVM_CAP_IOEVENTFD) <= 0)
		return "writes that KVM takes by itself; this one has no "
		       "KVM_CAP_IOEVENTFD";
	for_each_device (d) {
		const char *lack = NULL;

		if (devices_has(vm, *d) && (*d)->lacks)
			lack = (*d)->lacks(vm);
		if (lack)
			return lack;
	}
	return NULL;
}

void devices_alloc(struct vm *vm)
{
	unsigned int i = 0;

	for_each_device (d) {
		size_t len = (*d)->state_len;

		if (i == VM_MAX_DEVICES)
			die("there are more than %d devices: raise "
			    "VM_MAX_DEVICES",
			    VM_MAX_DEVICES);
		if (len && devices_has(vm, *d)) {
			vm->device_state[i] = malloc(len);
			if (!vm->device_state[i])
				die_errno("no memory for device %s",
					  (*d)->name);
			/* All of it is there: a vCPU's thread uses it. */
			memset(vm->device_state[i], 0, len);
		}
		i++;
	}
}

void devices_free(struct vm *vm)
{
	for (unsigned int i = 0; i < VM_MAX_DEVICES; i++)
		free(vm->device_state[i]);
}

static void build_buses(struct vm *vm)
{
	memset(vm->bus, 0, sizeof(vm->bus));
	for_each_device (d) {
		const struct device *other;

		if (!devices_has(vm, *d))
			continue;
		other = bus_add(&vm->bus[(*d)->bus], *d);
		if (other)
			die("device %s has no place on its bus: %s has it "
			    "already; give them ranges that do not overlap",
			    (*d)->name, other->name);
	}
}

void devices_create(struct vm *vm)
{
	build_buses(vm);
	if (devices_any(vm, DEVICE_ELSEWHERE))
		helper_create(vm, devices_any(vm, DEVICE_HELPER));
	if (devices_any(vm, DEVICE_KERNEL))
		kernel_writes_create(vm);
	for_each_device (d)
		if (devices_has(vm, *d) && (*d)->create)
			(*d)->create(vm, device_state(vm, *d));
}

void devices_reset(struct vm *vm)
{
	for_each_device (d)
		if (devices_has(vm, *d) && (*d)->reset)
			(*d)->reset(device_state(vm, *d));
}

void devices_serve(struct vm *vm)
{
	for_each_device (d)
		if (devices_has(vm, *d) && (*d)->serve)
			(*d)->serve(vm, device_state(vm, *d));
}

bool devices_quiesce(struct vm *vm)
{
	bool quiet = helper_quiesce(vm);

	for_each_device (d)
		if (devices_has(vm, *d) && (*d)->quiesce)
			quiet &= (*d)->quiesce(device_state(vm, *d));
	return quiet;
}

void devices_destroy(struct vm *vm)
{
	for_each_device (d)
		if (devices_has(vm, *d) && (*d)->destroy)
			(*d)->destroy(device_state(vm, *d));
	kernel_writes_destroy(vm);
	helper_destroy(vm);
}

uint32_t vm_nr_vcpus(const struct vm *vm)
{
	return vm->nr_vcpus;
}

uint64_t vm_tsc_khz(const struct vm *vm)
{
	return vm->tsc_khz;
}

bool vm_has_lapic(const struct vm *vm)
{
	return vm->config->machine.irqchip != IRQCHIP_NONE;
}

bool vm_request(const struct vm *vm)
{
	uint64_t one = 1;

	return write(vm->event_fd, &one, sizeof(one)) == sizeof(one);
}

uint64_t vm_wait_ns(const struct vm *vm)
{
	return pace_wait_ns(&vm->pace, now_ns());
}
