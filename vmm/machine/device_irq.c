/* SPDX-License-Identifier: BSD-2-Clause */
/* device_irq.c - a device's interrupt: eventfd, irqfd, MSI; device.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/tracepoint.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/vm.h"

/* Beyond the pins that an I/O APIC would have. */
#define FIRST_GSI 24u

/* Message signalled interrupts: SDM vol 3 11.11.1 and 11.11.2. */
#define MSI_ADDRESS	    0xfee00000u
#define MSI_DESTINATION(id) ((uint32_t)(id) << 12)

struct device_irq {
	struct vm *vm;
	int fd; /* eventfd that KVM turns into an interrupt */
	unsigned int index;
	bool routed;
	uint32_t vcpu, vector;
};

const char *device_irq_lacks(const struct vm *vm)
{
	if (kvm_cap(vm->kvm.fd, KVM_CAP_IRQFD) > 0 &&
	    kvm_cap(vm->kvm.fd, KVM_CAP_IRQ_ROUTING) > 0)
		return NULL;
	return "interrupts from an eventfd; this KVM has no KVM_CAP_IRQFD or "
	       "no KVM_CAP_IRQ_ROUTING";
}

struct device_irq *device_irq_new(struct vm *vm)
{
	struct device_irq *irq = malloc(sizeof(*irq));
	struct kvm_irqfd irqfd;
	unsigned int i = 0;

	while (i < VM_MAX_IRQS && vm->irqs[i])
		i++;
	if (i == VM_MAX_IRQS)
		die("the devices want more than %d interrupts: raise "
		    "VM_MAX_IRQS",
		    VM_MAX_IRQS);
	if (!irq)
		die_errno("no memory for an interrupt");
	*irq = (struct device_irq){
		.vm = vm,
		.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.index = i,
	};
	if (irq->fd < 0)
		die_errno("cannot create an eventfd");
	/* Documentation/virt/kvm/api.rst 4.75: nothing to set up later. */
	irqfd = (struct kvm_irqfd){
		.fd = (uint32_t)irq->fd,
		.gsi = FIRST_GSI + i,
	};
	kvm_ioctl(vm->fd, KVM_IRQFD, &irqfd);
	vm->irqs[i] = irq;
	return irq;
}

/* KVM lets go of its end when the VM's file is closed, or this one is. */
void device_irq_free(struct device_irq *irq)
{
	irq->vm->irqs[irq->index] = NULL;
	close(irq->fd);
	free(irq);
}

/*
 * KVM takes the whole table (api.rst 4.52), and waits until nobody uses the one
 * before: milliseconds, so not for nothing.
 */
int device_irq_route(struct device_irq *irq, uint32_t vcpu, uint32_t vector)
{
	_Alignas(struct kvm_irq_routing) unsigned char
		room[sizeof(struct kvm_irq_routing) +
		     VM_MAX_IRQS * sizeof(struct kvm_irq_routing_entry)] = {0};
	struct kvm_irq_routing *table = (struct kvm_irq_routing *)room;
	int err;

	if (irq->routed && irq->vcpu == vcpu && irq->vector == vector)
		return 0;
	irq->vcpu = vcpu;
	irq->vector = vector;
	irq->routed = true;
	for (unsigned int i = 0; i < VM_MAX_IRQS; i++) {
		const struct device_irq *other = irq->vm->irqs[i];

		if (!other || !other->routed)
			continue;
		table->entries[table->nr++] = (struct kvm_irq_routing_entry){
			.gsi = FIRST_GSI + i,
			.type = KVM_IRQ_ROUTING_MSI,
			.u.msi =
				{
					.address_lo =
						MSI_ADDRESS |
						MSI_DESTINATION(other->vcpu),
					/* Fixed, edge. */
					.data = other->vector,
				},
		};
	}
	err = __kvm_ioctl(irq->vm->fd, KVM_SET_GSI_ROUTING, table);
	/* It has the table before. */
	irq->routed = err >= 0;
	return err;
}

int device_irq_fire(const struct device_irq *irq)
{
	uint64_t one = 1;

	return write(irq->fd, &one, sizeof(one)) < 0 ? -errno : 0;
}

/* KVM accepts an interrupt on the thread that delivers it: was it this one? */
static const char *route_of(const struct device_irq *irq, uint64_t event)
{
	char filter[32];
	int fd, err;

	snprintf(filter, sizeof(filter), "vec == %u", irq->vector);
	fd = tracepoint_open(event, filter, 0);
	if (fd < 0)
		return "unknown";
	if (tracepoint_start(fd) < 0 || device_irq_fire(irq) < 0) {
		close(fd);
		return "unknown";
	}
	err = tracepoint_stop(fd, &event);
	close(fd);
	if (err)
		return "unknown";
	return event ? "inline" : "not inline";
}

/*
 * irqfd_wakeup() in virt/kvm/eventfd.c, which the eventfd's writer calls: what
 * kvm_arch_set_irq_inatomic() can deliver is delivered there, the rest is left
 * to a workqueue.
 */
const char *devices_irq_route(const struct vm *vm)
{
	for (unsigned int i = 0; i < VM_MAX_IRQS; i++) {
		const struct device_irq *irq = vm->irqs[i];
		uint64_t event;

		if (!irq || !irq->routed)
			continue;
		if (tracepoint_id("kvm_apic_accept_irq", &event) != 0)
			return "unknown";
		return route_of(irq, event);
	}
	return "";
}
