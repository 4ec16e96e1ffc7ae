/* SPDX-License-Identifier: BSD-2-Clause */
/* kvm.c - see kvm.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "vmm/base/die.h"
#include "vmm/host/kvm.h"

#define KVM_PATH "/dev/kvm"

/* Without one of these nothing can be measured honestly. */
static const struct {
	unsigned long cap;
	const char *name;
} required_caps[] = {
	{KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY"},
	{KVM_CAP_MP_STATE, "KVM_CAP_MP_STATE"},
	{KVM_CAP_EXT_CPUID, "KVM_CAP_EXT_CPUID"},
	{KVM_CAP_IMMEDIATE_EXIT, "KVM_CAP_IMMEDIATE_EXIT"},
	{KVM_CAP_GET_TSC_KHZ, "KVM_CAP_GET_TSC_KHZ"},
	{KVM_CAP_X86_USER_SPACE_MSR, "KVM_CAP_X86_USER_SPACE_MSR"},
	{KVM_CAP_X86_MSR_FILTER, "KVM_CAP_X86_MSR_FILTER"},
	{KVM_CAP_BINARY_STATS_FD, "KVM_CAP_BINARY_STATS_FD"},
};

int __kvm_ioctl(int fd, unsigned long request, void *arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

int kvm_ioctl_named(int fd, unsigned long request, void *arg, const char *name)
{
	int ret = __kvm_ioctl(fd, request, arg);

	if (ret < 0)
		die("%s failed: %s", name, strerror(-ret));
	return ret;
}

int kvm_cap(int fd, unsigned long cap)
{
	int ret = __kvm_ioctl(fd, KVM_CHECK_EXTENSION, (void *)cap);

	return ret < 0 ? 0 : ret;
}

/* More leaves than there are; KVM refuses a list that is too short. */
#define CPUID_MAX_ENTRIES 256u

struct kvm_cpuid2 *kvm_supported_cpuid(const struct kvm *kvm)
{
	struct kvm_cpuid2 *cpuid =
		calloc(1, sizeof(*cpuid) + CPUID_MAX_ENTRIES *
						   sizeof(cpuid->entries[0]));

	if (!cpuid)
		die_errno("no memory for CPUID");
	cpuid->nent = CPUID_MAX_ENTRIES;
	if (ioctl(kvm->fd, KVM_GET_SUPPORTED_CPUID, cpuid) >= 0)
		return cpuid;
	free(cpuid);
	return NULL;
}

static void open_device(struct kvm *kvm)
{
	kvm->fd = open(KVM_PATH, O_RDWR | O_CLOEXEC);
	if (kvm->fd >= 0)
		return;
	if (errno == EACCES || errno == EPERM)
		die_skip("cannot open " KVM_PATH ": %s; run as root, or join "
			 "the group that owns it (often: adduser USER kvm)",
			 strerror(errno));
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		die_skip("no " KVM_PATH " on this host: %s; load kvm_intel or "
			 "kvm_amd, and switch virtualization on in the "
			 "firmware or the outer hypervisor",
			 strerror(errno));
	die_skip("cannot open " KVM_PATH ": %s", strerror(errno));
}

void kvm_open(struct kvm *kvm)
{
	int version;

	open_device(kvm);
	version = __kvm_ioctl(kvm->fd, KVM_GET_API_VERSION, NULL);
	if (version != KVM_API_VERSION)
		die_skip(KVM_PATH " speaks API version %d, wanted %d: it is "
				  "not a KVM that this program knows",
			 version, KVM_API_VERSION);
	for (size_t i = 0; i < sizeof(required_caps) / sizeof(*required_caps);
	     i++)
		if (kvm_cap(kvm->fd, required_caps[i].cap) <= 0)
			die_skip("this KVM lacks %s; Linux 5.14 and later have "
				 "it, so use a newer kernel",
				 required_caps[i].name);
	kvm->run_len = (size_t)kvm_ioctl(kvm->fd, KVM_GET_VCPU_MMAP_SIZE, NULL);
}
