/* SPDX-License-Identifier: BSD-2-Clause */
/* smi.c - see smi.h. */
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "vmm/host/smi.h"

#define MSR_SMI_COUNT 0x34 /* SDM vol 4 2.2, bits 31:0 */

static bool is_intel(void)
{
	unsigned int eax, ebx, ecx, edx;

	/* "GenuineIntel", SDM vol 2A, CPUID */
	return __get_cpuid(0, &eax, &ebx, &ecx, &edx) &&
	       ebx == signature_INTEL_ebx && ecx == signature_INTEL_ecx &&
	       edx == signature_INTEL_edx;
}

int smi_open(int cpu)
{
	char path[32];
	int fd;

	if (!is_intel())
		return -ENOTSUP;
	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", cpu);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

const char *smi_read(int fd, uint64_t *smis)
{
	uint64_t value = 0;

	if (fd == -ENOTSUP)
		return "only Intel's processors count them in an MSR";
	if (fd == -EACCES || fd == -EPERM)
		return "/dev/cpu/*/msr cannot be opened: run as root";
	if (fd < 0)
		return "no /dev/cpu/*/msr: modprobe msr";
	if (pread(fd, &value, sizeof(value), MSR_SMI_COUNT) != sizeof(value))
		return "this processor does not have MSR 0x34";
	*smis = value & UINT32_MAX;
	return NULL;
}
