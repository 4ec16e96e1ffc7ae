/* SPDX-License-Identifier: BSD-2-Clause */
/* test_step.c - the first sample that a step waits for. */
#include <string.h>

#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/device.h"
#include "vmm/run/step.h"

#define RAM_LEN 0x400000ull
#define HISTS	0x300000ull /* from LAYOUT_BASE */

static struct fake_vm *f;
static struct result_area *area;

/* A metric of step 0, open, with that many samples. */
static struct metric *add(uint32_t flags, uint64_t samples)
{
	struct metric *m = &area->metrics[area->nr_metrics];
	gpa_t gpa =
		LAYOUT_BASE + HISTS + area->nr_metrics * sizeof(struct hist);
	struct hist *h = vm_hva(&f->vm, gpa, sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	h->count = samples;
	m->flags = flags;
	m->hist_gpa = gpa;
	area->nr_metrics++;
	return m;
}

/* It began so long ago that the first sample must have been there. */
static void begin(void)
{
	f = fake_vm_new(RAM_LEN, 1);
	area = vm_result(&f->vm);
	area->step = (struct step){
		.start_tsc = device_tsc() - 1000000,
		.limit_tsc = 1ull << 60,
		.first_tsc = 1000,
	};
}

TEST(step_without_its_first_sample_is_late)
{
	begin();
	add(0, 0);
	assert_true(step_is_late(&f->vm));
	fake_vm_free(f);
	begin();
	add(0, 1);
	assert_false(step_is_late(&f->vm));
	area->step.limit_tsc = 1000;
	assert_true(step_is_late(&f->vm));
	fake_vm_free(f);
}

/* Parts of it, of some path, may have none: delivery=pv of ipi-wake. */
TEST(step_looks_at_what_its_parts_are_of)
{
	begin();
	add(0, 1);
	add(METRIC_PART, 0);
	add(METRIC_PART, 0);
	assert_false(step_is_late(&f->vm));
	((struct hist *)vm_hva(&f->vm, area->metrics[0].hist_gpa,
			       sizeof(struct hist)))
		->count = 0;
	assert_true(step_is_late(&f->vm));
	fake_vm_free(f);
}

/* A guest may write any number of them. */
TEST(step_of_no_metric_has_no_first_sample)
{
	static const uint32_t nrs[] = {0, 1, RESULT_MAX_METRICS + 1,
				       UINT32_MAX};

	for (size_t i = 0; i < sizeof(nrs) / sizeof(*nrs); i++) {
		begin();
		add(METRIC_PART, 0);
		area->nr_metrics = nrs[i];
		assert_false(step_is_late(&f->vm));
		fake_vm_free(f);
	}
}
