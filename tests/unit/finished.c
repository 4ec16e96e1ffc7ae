/* SPDX-License-Identifier: BSD-2-Clause */
/* finished.c - see finished.h. */
#include <stdlib.h>

#include "guest-firmware/abi/boot.h"
#include "tests/unit/finished.h"
#include "tests/unit/unit.h"

struct finished *finished_new(void)
{
	struct finished *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	x->f = fake_vm_new(RAM_LEN, 1);
	x->vcpu.vm = &x->f->vm;
	x->vcpu.windows = calloc(RESULT_MAX_WINDOWS, sizeof(struct window));
	assert_non_null(x->vcpu.windows);
	x->vcpu.windows[0] = (struct window){.begun = true, .ended = true};
	x->vcpu.tsc_offset_known = true;
	x->f->vm.vcpus = &x->vcpu;
	x->r = result_new();
	x->area = vm_result(&x->f->vm);
	x->hist = vm_hva(&x->f->vm, x->f->vm.heap, sizeof(*x->hist));
	assert_non_null(x->hist);
	hist_init(x->hist);
	for (uint64_t i = 1; i <= 10; i++)
		hist_record(x->hist, i * 100, i);
	x->area->abi_version = ABI_VERSION;
	x->area->verdict = VERDICT_PASS;
	x->area->nr_metrics = 1;
	x->area->metrics[0] = (struct metric){
		.name = "made",
		.status = METRIC_DONE,
		.hist_gpa = x->f->vm.heap,
		.asked = 10,
	};
	return x;
}

void finished_free(struct finished *x)
{
	result_free(x->r);
	fake_vm_free(x->f);
	free(x->vcpu.windows);
	free(x);
}

void finished_take(struct finished *x, enum stop_reason why)
{
	result_take(x->r, &x->f->vm, why, x->f->setup.limit_ms);
}

void assert_verdict(struct finished *x, enum stop_reason why,
		    enum verdict verdict, const char *reason)
{
	finished_take(x, why);
	if (x->r->verdict != verdict)
		fail_msg("verdict %d (%s), wanted %d", (int)x->r->verdict,
			 x->r->reason, (int)verdict);
	assert_has(x->r->reason, reason);
	finished_free(x);
}
