/* SPDX-License-Identifier: BSD-2-Clause */
/* noise.c - see noise.h. */
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "vmm/host/noise.h"

#define MSR_SMI_COUNT 0x34 /* SDM vol 4 2.2, bits 31:0 */

static bool is_intel(void)
{
	unsigned int eax, ebx, ecx, edx;

	/* "GenuineIntel", SDM vol 2A, CPUID */
	return __get_cpuid(0, &eax, &ebx, &ecx, &edx) &&
	       ebx == signature_INTEL_ebx && ecx == signature_INTEL_ecx &&
	       edx == signature_INTEL_edx;
}

static const char *read_smis(int cpu, uint64_t *smis)
{
	char path[32];
	uint64_t value = 0;
	ssize_t len;
	int fd;

	if (!is_intel())
		return "only Intel's processors count them in an MSR";
	snprintf(path, sizeof(path), "/dev/cpu/%d/msr", cpu);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == EACCES || errno == EPERM
			       ? "/dev/cpu/*/msr cannot be opened: run as root"
			       : "no /dev/cpu/*/msr: modprobe msr";
	len = pread(fd, &value, sizeof(value), MSR_SMI_COUNT);
	close(fd);
	if (len != sizeof(value))
		return "this processor does not have MSR 0x34";
	*smis = value & UINT32_MAX;
	return NULL;
}

void noise_read(struct noise_moment *m, int cpu)
{
	irq_counts_read(&m->interrupts, "/proc/interrupts", cpu);
	irq_counts_read(&m->softirqs, "/proc/softirqs", cpu);
	m->no_smis = read_smis(cpu, &m->smis);
}
