/* SPDX-License-Identifier: BSD-2-Clause */
/* mem.c - copies that no cache holds: the memory's bandwidth. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm/run/stress.h"

#define HALF (32ul << 20)

static const char *const tool[] = {"stress-ng",	 "--vm", "1",
				   "--vm-bytes", "64M",	 "--vm-keep",
				   "--quiet",	 NULL};

static void work(const struct stress_job *job)
{
	char *a = mmap(NULL, 2 * HALF, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (a == MAP_FAILED)
		_exit(1);
	memset(a, 1, 2 * HALF);
	for (;;) {
		memcpy(a, a + HALF, HALF);
		memcpy(a + HALF, a, HALF);
		stress_did(job, 2);
	}
}

STRESS(mem, .what = "copies of 32 MiB", .unit = "copies", .tool = tool,
       .work = work);
