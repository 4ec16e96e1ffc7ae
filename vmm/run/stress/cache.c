/* SPDX-License-Identifier: BSD-2-Clause */
/* cache.c - writes all over as much as a last-level cache: takes its lines. */
#include <sys/mman.h>
#include <unistd.h>

#include "vmm/run/stress.h"

#define LEN   (32ul << 20)
#define TURNS 65536

static const char *const tool[] = {"stress-ng", "--cache", "1", "--quiet",
				   NULL};

static void work(const struct stress_job *job)
{
	volatile uint64_t *a = mmap(NULL, LEN, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t at = 88172645463325252u;

	if (a == MAP_FAILED)
		_exit(1);
	for (;;) {
		for (int i = 0; i < TURNS; i++) {
			at ^= at << 13;
			at ^= at >> 7;
			at ^= at << 17;
			a[at % (LEN / sizeof(*a))]++;
		}
		stress_did(job, TURNS);
	}
}

STRESS(cache, .what = "writes all over 32 MiB", .unit = "writes", .tool = tool,
       .work = work);
