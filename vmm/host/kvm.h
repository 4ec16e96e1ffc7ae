/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kvm.h - /dev/kvm and its ioctls.  kvm_ioctl() dies and names the ioctl,
 * __kvm_ioctl() returns -errno.
 */
#ifndef VMM_HOST_KVM_H
#define VMM_HOST_KVM_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>

struct kvm {
	int fd;
	size_t run_len; /* bytes of a vCPU's struct kvm_run mapping */
};

/*
 * Opens /dev/kvm and checks the API version (12) and the capabilities that no
 * run can do without.  Ends with SKIP when there is none or it is refused:
 * CPUID's vmx and svm flags are not looked at, they say nothing about it.
 */
void kvm_open(struct kvm *kvm);

/* The value of a capability, 0 when the kernel does not know it. */
int kvm_cap(int fd, unsigned long cap);

/* >= 0, or -errno. */
int __kvm_ioctl(int fd, unsigned long request, void *arg);

/*
 * What KVM can give a guest (KVM_GET_SUPPORTED_CPUID), to be freed; NULL, and
 * errno, when it does not say.
 */
struct kvm_cpuid2 *kvm_supported_cpuid(const struct kvm *kvm);

/* >= 0, or ends the process naming the ioctl. */
#define kvm_ioctl(fd, request, arg) \
	kvm_ioctl_named((fd), (request), (arg), #request)
int kvm_ioctl_named(int fd, unsigned long request, void *arg, const char *name);

#endif
