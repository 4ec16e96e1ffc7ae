/* SPDX-License-Identifier: BSD-2-Clause */
/* swap.c - memory of its own to the swap device and back (MADV_PAGEOUT). */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm/run/stress.h"

#define LEN	(16ul << 20)
#define PAGE	4096ul
#define PAGEOUT 21 /* MADV_PAGEOUT, Linux 5.4 */

/* Below the heading is a line for each device. */
static bool lacks(const struct stress_host *h, char *why, size_t len)
{
	char path[STRESS_PATH_LEN], text[512] = "";
	const char *line;
	FILE *f;

	snprintf(path, sizeof(path), "%.100s/proc/swaps", h->root);
	f = fopen(path, "re");
	if (f) {
		size_t n = fread(text, 1, sizeof(text) - 1, f);

		text[n] = '\0';
		fclose(f);
	}
	line = strchr(text, '\n');
	if (line && line[1] != '\0')
		return false;
	snprintf(why, len, "swap space: swapon(8)");
	return true;
}

static void work(const struct stress_job *job)
{
	volatile char *a = mmap(NULL, LEN, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (a == MAP_FAILED)
		_exit(1);
	for (;;) {
		for (size_t i = 0; i < LEN; i += PAGE)
			a[i] = (char)(a[i] + 1);
		if (madvise((void *)(uintptr_t)a, LEN, PAGEOUT) != 0)
			_exit(1);
		stress_did(job, LEN / PAGE);
	}
}

STRESS(swap, .what = "16 MiB to swap and back", .unit = "pages", .workers = 1,
       .lacks = lacks, .work = work);
