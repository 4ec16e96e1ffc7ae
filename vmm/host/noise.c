/* SPDX-License-Identifier: BSD-2-Clause */
/* noise.c - see noise.h. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <x86intrin.h>

#include "vmm/host/noise.h"
#include "vmm/host/smi.h"

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

void noise_open(struct noise *n, int cpu)
{
	n->cpu = cpu;
	n->interrupts_fd = open_file("/proc/interrupts");
	n->softirqs_fd = open_file("/proc/softirqs");
	n->msr_fd = smi_open(cpu);
	cpu_state_open(&n->files, cpu);
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
	cpu_state_close(&n->files);
	n->is_open = false;
}

void noise_read(const struct noise *n, struct noise_moment *m)
{
	irq_counts_read(&m->interrupts, n->interrupts_fd, n->cpu);
	irq_counts_read(&m->softirqs, n->softirqs_fd, n->cpu);
	m->no_smis = smi_read(n->msr_fd, &m->smis);
	cpu_state_read(&n->files, &m->state);
	m->tsc = __rdtsc();
}
