/* SPDX-License-Identifier: BSD-2-Clause */
/* fake_vm.c - see fake_vm.h. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/vcpu.h"

#define FAKE_FD (-2)

static bool refuses;
static int irqfd = -1;
static struct kvm_ioeventfd ioeventfd;

static void fake_image(struct image *image)
{
	image->segments[0] = (struct segment){
		.gpa = LAYOUT_IMAGE,
		.mem_len = 0x2345,
		.flags = SEGMENT_READ | SEGMENT_EXEC,
	};
	image->segments[1] = (struct segment){
		.gpa = LAYOUT_IMAGE + 0x3000,
		.mem_len = 0x1000,
		.flags = SEGMENT_READ,
	};
	image->segments[2] = (struct segment){
		.gpa = LAYOUT_IMAGE + 0x4000,
		.mem_len = 0x1001,
		.flags = SEGMENT_READ | SEGMENT_WRITE,
	};
	image->nr_segments = 3;
	image->entry = LAYOUT_IMAGE;
	image->end = LAYOUT_IMAGE + 0x6000;
	strcpy(image->note.name, "made");
}

struct fake_vm *fake_vm_new(uint64_t ram_len, uint32_t nr_vcpus)
{
	struct fake_vm *f = calloc(1, sizeof(*f));
	struct vm *vm;

	assert_non_null(f);
	vm = &f->vm;
	fake_image(&f->setup.image);
	f->config.machine.page_len = 4096;
	f->config.placement.prio = 80;
	vm->config = &f->config;
	vm->image = &f->setup.image;
	vm->placement = &f->setup.placement;
	vm->fd = FAKE_FD;
	vm->nr_vcpus = nr_vcpus;
	vm->tsc_khz = 2000000;
	vm->vcpu_area = vm->image->end;
	vm->heap = vm->vcpu_area + (gpa_t)nr_vcpus * VCPU_AREA_LEN;
	vm->ram = (struct ram){
		.gpa = LAYOUT_BASE,
		.len = ram_len,
		/* Zeroed and page-aligned, as a memfd's pages are. */
		.hva = aligned_alloc(4096, ram_len),
		.fd = -1,
	};
	assert_non_null(vm->ram.hva);
	memset(vm->ram.hva, 0, ram_len);
	return f;
}

/* Behind what fake_vcpu_rests() writes. */
void fake_vcpu_polls(struct fake_vm *f, uint32_t vcpu, uint64_t polls)
{
	struct stats_layout *stats = &f->vm.stats;

	strcpy(stats->name[1], "halt_successful_poll");
	stats->offset[1] = 2 * sizeof(polls);
	stats->words[1] = 1;
	stats->nr = 2;
	stats->data_len = 3 * sizeof(polls);
	assert_int_equal(pwrite(f->vcpus[vcpu].stats_fd, &polls, sizeof(polls),
				stats->offset[1]),
			 sizeof(polls));
}

/* halt_exits, then blocking. */
void fake_vcpu_rests(struct fake_vm *f, uint32_t vcpu, uint64_t halts,
		     bool sleeps)
{
	struct stats_layout *stats = &f->vm.stats;
	uint64_t data[2] = {halts, sleeps};
	struct vcpu *v;

	if (!f->vcpus) {
		f->vcpus = calloc(f->vm.nr_vcpus, sizeof(*f->vcpus));
		assert_non_null(f->vcpus);
		f->vm.vcpus = f->vcpus;
		strcpy(stats->name[0], "halt_exits");
		stats->words[0] = 1;
		stats->nr = 1;
		stats->data_len = sizeof(data);
		stats->blocking = sizeof(data[0]);
	}
	v = &f->vcpus[vcpu];
	v->vm = &f->vm;
	v->index = vcpu;
	v->syscall_fd = -1;
	if (!v->stats_fd)
		v->stats_fd = memfd_create("statistics", MFD_CLOEXEC);
	assert_int_equal(pwrite(v->stats_fd, data, sizeof(data), 0),
			 sizeof(data));
}

void fake_vm_free(struct fake_vm *f)
{
	for (uint32_t i = 0; f->vcpus && i < f->vm.nr_vcpus; i++)
		if (f->vcpus[i].stats_fd)
			close(f->vcpus[i].stats_fd);
	free(f->vcpus);
	free(f->vm.ram.hva);
	free(f);
}

void fake_vm_devices(struct fake_vm *f)
{
	f->vm.event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_true(f->vm.event_fd >= 0);
	devices_alloc(&f->vm);
	devices_create(&f->vm);
}

void fake_vm_no_devices(struct fake_vm *f)
{
	devices_destroy(&f->vm);
	devices_free(&f->vm);
	close(f->vm.event_fd);
}

const struct device *fake_device(const char *name)
{
	for_each_device (d)
		if (strcmp((*d)->name, name) == 0)
			return *d;
	fail_msg("there is no device %s", name);
	return NULL;
}

int fake_cpu(void)
{
	cpu_set_t set;
	int cpu = 0;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	while (!CPU_ISSET(cpu, &set))
		cpu++;
	return cpu;
}

void fake_kvm_refuses(bool on)
{
	refuses = on;
}

int fake_irqfd(void)
{
	return irqfd;
}

const struct kvm_ioeventfd *fake_ioeventfd(void)
{
	return &ioeventfd;
}

/* The linker puts these in the place of kvm.c's: --wrap. */
int __real_kvm_ioctl_named(int fd, unsigned long request, void *arg,
			   const char *name);
int __wrap_kvm_ioctl_named(int fd, unsigned long request, void *arg,
			   const char *name);
int __real___kvm_ioctl(int fd, unsigned long request, void *arg);
int __wrap___kvm_ioctl(int fd, unsigned long request, void *arg);

int __wrap_kvm_ioctl_named(int fd, unsigned long request, void *arg,
			   const char *name)
{
	if (fd != FAKE_FD)
		return __real_kvm_ioctl_named(fd, request, arg, name);
	if (request == KVM_IRQFD)
		irqfd = (int)((const struct kvm_irqfd *)arg)->fd;
	if (request == KVM_IOEVENTFD)
		ioeventfd = *(const struct kvm_ioeventfd *)arg;
	return 0;
}

int __wrap___kvm_ioctl(int fd, unsigned long request, void *arg)
{
	if (fd != FAKE_FD)
		return __real___kvm_ioctl(fd, request, arg);
	return refuses ? -ENOTTY : 0;
}
