/* SPDX-License-Identifier: BSD-2-Clause */
/* live.c - see live.h. */
#include <stdio.h>
#include <unistd.h>

#include "guest-firmware/abi/hist.h"
#include "vmm/base/progress.h"
#include "vmm/base/text.h"
#include "vmm/run/live.h"

bool live_show(const struct vm *vm, const struct run_setup *setup)
{
	const struct result_area *r = vm_result(vm);
	uint32_t nr = __atomic_load_n(&r->nr_metrics, __ATOMIC_RELAXED);
	const struct metric *m;
	const struct hist *h;
	char name[sizeof(m->name) + 1];
	uint64_t count, max;

	if (setup->config.output.quiet || !isatty(STDERR_FILENO) || nr == 0 ||
	    nr > RESULT_MAX_METRICS)
		return false;
	/* The last one that means something by itself. */
	do
		m = &r->metrics[--nr];
	while (nr && m->flags & (METRIC_PART | METRIC_COUNTED));
	h = vm_hist(vm, m->hist_gpa);
	if (!h)
		return false;
	text_copy(name, sizeof(name), m->name, sizeof(m->name));
	count = __atomic_load_n(&h->count, __ATOMIC_RELAXED);
	max = __atomic_load_n(&h->max, __ATOMIC_RELAXED);
	fprintf(stderr, PROGRESS_CLEAR "%s: %ju", name, (uintmax_t)count);
	if (m->asked)
		fprintf(stderr, " of %ju", (uintmax_t)m->asked);
	if (setup->config.ticks.insns)
		fprintf(stderr, " samples, max %ju instructions",
			(uintmax_t)max);
	else
		fprintf(stderr, " samples, max %.1f us",
			vm->tsc_khz ? (double)max * 1e3 / (double)vm->tsc_khz
				    : 0.0);
	fflush(stderr);
	return true;
}
