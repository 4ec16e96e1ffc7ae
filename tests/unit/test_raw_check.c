/* SPDX-License-Identifier: BSD-2-Clause */
/* test_raw_check.c - --raw against the histograms, and the rings' memory. */
#include <stdlib.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/raw.h"
#include "tests/unit/fake_vm.h"
#include "tests/unit/unit.h"
#include "vmm/result/raw_check.h"

static struct raw raw; /* what checked() has checked */

/* A run with one metric that is done: written and lost samples of it. */
static struct result *checked(uint64_t written, uint64_t lost, bool broken)
{
	struct hist *late = calloc(1, sizeof(*late));
	struct hist *early = calloc(1, sizeof(*early));
	struct result *r = result_new();

	assert_true(late && early);
	raw = (struct raw){.path = "made.raw", .nr = 1};
	raw.source[0].broken = broken;
	raw.index[0] = 4;
	raw.metric[0].written = written;
	raw.metric[0].lost = lost;
	late->count = 5;
	late->out_of_range = 2;
	early->count = 3;
	r->nr_metrics = 1;
	r->metrics[0] = (struct result_metric){
		.name = "made",
		.status = METRIC_DONE,
		.hist = late,
		.early = early,
		.window_index = 4,
	};
	result_check_raw(r, &raw);
	return r;
}

TEST(raw_with_every_sample_is_fine)
{
	struct result *r = checked(10, 0, false);

	assert_int_equal(r->verdict, VERDICT_NONE);
	assert_int_equal(r->nr_warnings, 0);
	result_free(r);
}

TEST(raw_with_lost_samples_is_a_warning)
{
	struct result *r = checked(7, 3, false);

	assert_int_equal(r->verdict, VERDICT_NONE);
	assert_int_equal(r->nr_warnings, 1);
	assert_has(r->warnings[0], "3 samples came too fast for --raw and are "
				   "not in its file");
	result_free(r);
}

/* No file comes of what --explain alone reads. */
TEST(raw_that_is_explained_says_so)
{
	struct result *r = checked(7, 3, false);

	raw.path = NULL;
	r->trace.asked = true;
	result_check_raw(r, &raw);
	assert_int_equal(r->nr_warnings, 2);
	assert_has(r->warnings[1], "3 samples came too fast for --explain and "
				   "are not in its figures");
	result_free(r);
}

TEST(raw_has_the_samples_that_explain_left_out)
{
	struct result *r = checked(10, 0, false);

	raw.metric[0].written = 14;
	r->metrics[0].left_out = 4;
	result_check_raw(r, &raw);
	assert_int_equal(r->verdict, VERDICT_NONE);
	r->metrics[0].left_out = 3;
	result_check_raw(r, &raw);
	assert_int_equal(r->verdict, VERDICT_ERROR);
	result_free(r);
}

TEST(raw_that_lacks_samples_is_an_error)
{
	struct result *r = checked(9, 0, false);

	assert_int_equal(r->verdict, VERDICT_ERROR);
	assert_has(r->reason, "metric made: the histogram has 10 samples, 9 "
			      "came one by one");
	result_free(r);
	r = checked(10, 1, false);
	assert_int_equal(r->verdict, VERDICT_ERROR);
	result_free(r);
	r = checked(10, 0, true);
	assert_int_equal(r->verdict, VERDICT_ERROR);
	assert_has(r->reason, "ring 0");
	result_free(r);
}

/* Of a metric that was stopped the last sample may be in one of the two. */
TEST(raw_of_a_metric_that_is_open_is_not_counted)
{
	struct result *r = checked(10, 0, false);

	raw.metric[0].written = 11;
	r->metrics[0].status = METRIC_OPEN;
	result_check_raw(r, &raw);
	assert_int_equal(r->verdict, VERDICT_NONE);
	result_free(r);
}

TEST(raw_rings_lie_behind_the_heap)
{
	struct fake_vm *f = fake_vm_new(4096, 1);
	struct vm *vm = &f->vm;

	free(vm->ram.hva);
	f->setup.image.note.hists = 3;
	f->config.output.raw = "r";
	vm->nr_windows = 3;
	vm_memory(vm);
	assert_true(vm->raw >= vm->heap + vm->heap_len);
	assert_int_equal(vm->raw % _Alignof(struct raw_ring), 0);
	assert_non_null(vm_hva(vm, vm->raw, 3 * raw_ring_len(vm->raw_entries)));
	vm_free_memory(vm);
	/* Without it there are none. */
	*vm = (struct vm){.config = &f->config,
			  .image = &f->setup.image,
			  .placement = &f->setup.placement,
			  .nr_vcpus = 1,
			  .nr_windows = 3};
	f->config.output.raw = NULL;
	vm_memory(vm);
	assert_int_equal(vm->raw, 0);
	vm_free_memory(vm);
	vm->ram.hva = NULL;
	fake_vm_free(f);
}

TEST(raw_rings_are_powers_of_two_and_not_too_large)
{
	for (uint32_t nr = 0; nr <= RESULT_MAX_WINDOWS; nr++) {
		struct vm vm = {.nr_windows = nr};

		vm_size_rings(&vm);
		assert_int_equal(vm.raw_entries & (vm.raw_entries - 1), 0);
		assert_true(vm.raw_entries >= 4096);
		assert_true(nr * raw_ring_len(vm.raw_entries) <= 32u << 20);
	}
}
