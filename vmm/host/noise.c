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

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

void noise_open(struct noise *n, int cpu)
{
	char msr[32];

	snprintf(msr, sizeof(msr), "/dev/cpu/%d/msr", cpu);
	n->cpu = cpu;
	n->interrupts_fd = open_file("/proc/interrupts");
	n->softirqs_fd = open_file("/proc/softirqs");
	n->msr_fd = is_intel() ? open_file(msr) : -ENOTSUP;
	n->is_open = true;
}

static void close_file(int fd)
{
	if (fd >= 0)
		close(fd);
}

void noise_close(struct noise *n)
{
	if (!n->is_open)
		return;
	close_file(n->interrupts_fd);
	close_file(n->softirqs_fd);
	close_file(n->msr_fd);
	n->is_open = false;
}

static const char *read_smis(int fd, uint64_t *smis)
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

void noise_read(const struct noise *n, struct noise_moment *m)
{
	irq_counts_read(&m->interrupts, n->interrupts_fd, n->cpu);
	irq_counts_read(&m->softirqs, n->softirqs_fd, n->cpu);
	m->no_smis = read_smis(n->msr_fd, &m->smis);
}
