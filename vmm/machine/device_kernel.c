/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device_kernel.c - devices with DEVICE_KERNEL: an ioeventfd that nobody waits
 * for (Documentation/virt/kvm/api.rst 4.59).  The eventfd counts the writes.
 */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/machine/devices.h"

#define NONE (-1)

/* By a device's place in the linker set. */
struct kernel_writes {
	int fd[VM_MAX_DEVICES];		     /* NONE: it is no such device */
	_Atomic uint64_t nr[VM_MAX_DEVICES]; /* that were read from fd */
};

static int open_one(const struct vm *vm, const struct device *d)
{
	struct kvm_ioeventfd io = {
		.addr = d->base,
		.len = (uint32_t)d->len,
		.flags = d->bus == BUS_PIO ? KVM_IOEVENTFD_FLAG_PIO : 0,
	};
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		die_errno("cannot create an eventfd");
	io.fd = fd;
	kvm_ioctl(vm->fd, KVM_IOEVENTFD, &io);
	return fd;
}

void kernel_writes_create(struct vm *vm)
{
	struct kernel_writes *k = calloc(1, sizeof(*k));
	unsigned int i = 0;

	if (!k)
		die_errno("no memory for the writes that KVM takes");
	for_each_device (d) {
		k->fd[i++] = devices_has(vm, *d) && (*d)->where & DEVICE_KERNEL
				     ? open_one(vm, *d)
				     : NONE;
	}
	while (i < VM_MAX_DEVICES)
		k->fd[i++] = NONE;
	vm->kernel_writes = k;
}

uint64_t device_kernel_writes(const struct vm *vm, const struct device *device)
{
	struct kernel_writes *k = vm->kernel_writes;
	unsigned int i = device_index(device);
	uint64_t more;

	/* To read it takes what was counted; EAGAIN: nothing since then. */
	if (read(k->fd[i], &more, sizeof(more)) == sizeof(more))
		atomic_fetch_add(&k->nr[i], more);
	return atomic_load(&k->nr[i]);
}

void kernel_writes_destroy(struct vm *vm)
{
	struct kernel_writes *k = vm->kernel_writes;

	/* KVM lets go of its end when the VM's file is closed. */
	for (unsigned int i = 0; k && i < VM_MAX_DEVICES; i++)
		if (k->fd[i] != NONE)
			close(k->fd[i]);
	free(k);
	vm->kernel_writes = NULL;
}
