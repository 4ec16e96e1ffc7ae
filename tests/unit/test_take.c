/* SPDX-License-Identifier: BSD-2-Clause */
/* test_take.c - a result has all that was asked, counted and said. */
#include <stdlib.h>
#include <string.h>

#include "guest-firmware/abi/boot.h"
#include "tests/unit/finished.h"
#include "tests/unit/unit.h"

/* A VM of two vCPUs, each with windows. */
struct two {
	struct fake_vm *f;
	struct vcpu *vcpus;
	struct result *r;
};

static struct two two_new(void)
{
	struct two t = {
		.f = fake_vm_new(RAM_LEN, 2),
		.vcpus = calloc(2, sizeof(struct vcpu)),
		.r = result_new(),
	};

	assert_non_null(t.vcpus);
	for (uint32_t i = 0; i < 2; i++) {
		t.vcpus[i].windows =
			calloc(RESULT_MAX_WINDOWS, sizeof(struct window));
		assert_non_null(t.vcpus[i].windows);
	}
	t.f->vm.vcpus = t.vcpus;
	t.f->vm.stats.nr = 1;
	strcpy(t.f->vm.stats.name[0], "exits");
	return t;
}

static void two_free(struct two *t)
{
	result_free(t->r);
	free(t->vcpus[0].windows);
	free(t->vcpus[1].windows);
	free(t->vcpus);
	fake_vm_free(t->f);
}

/* Each count differs from the others, by a multiple of n. */
static struct vcpu_snapshot snapshot(uint64_t n)
{
	return (struct vcpu_snapshot){
		.guest = {.halts = n,
			  .irqs = 2 * n,
			  .ipis = 3 * n,
			  .pio = 4 * n,
			  .mmio = 5 * n,
			  .msr = 6 * n,
			  .timers = 7 * n,
			  .eois = 8 * n},
		.user_exits = 9 * n,
		.nvcsw = 10 * n,
		.nivcsw = 11 * n,
		.minflt = 12 * n,
		.majflt = 13 * n,
		.cpu = (int)n,
		.tsc = 14 * n,
		.cpu_ns = 15 * n,
		.wait_ns = 16 * n,
		.kvm.value[0] = 17 * n,
	};
}

static void assert_counts(const struct result_counts *c, uint64_t n)
{
	assert_int_equal(c->guest.halts, n);
	assert_int_equal(c->guest.irqs, 2 * n);
	assert_int_equal(c->guest.ipis, 3 * n);
	assert_int_equal(c->guest.pio, 4 * n);
	assert_int_equal(c->guest.mmio, 5 * n);
	assert_int_equal(c->guest.msr, 6 * n);
	assert_int_equal(c->guest.timers, 7 * n);
	assert_int_equal(c->guest.eois, 8 * n);
	assert_int_equal(c->user_exits, 9 * n);
	assert_int_equal(c->nvcsw, 10 * n);
	assert_int_equal(c->nivcsw, 11 * n);
	assert_int_equal(c->minflt, 12 * n);
	assert_int_equal(c->majflt, 13 * n);
	assert_int_equal(c->tsc, 14 * n);
	assert_int_equal(c->cpu_ns, 15 * n);
	assert_int_equal(c->wait_ns, 16 * n);
	assert_int_equal(c->kvm.value[0], 17 * n);
}

TEST(take_has_what_was_counted_in_each_window)
{
	struct two t = two_new();
	const struct result_window *w;

	t.vcpus[1].windows[2] = (struct window){
		.begun = true,
		.ended = true,
		.begin = snapshot(5),
		.end = snapshot(12),
		.counts_msrs = true,
		.msr_error = -5,
		.msrs.n = {1, 2, 3},
	};
	t.vcpus[0].windows[3] = (struct window){
		.begun = true,
		.ended = true,
		.begin = snapshot(4),
		.end = snapshot(4),
	};
	t.vcpus[0].windows[2] = (struct window){
		.begun = true,
		.begin = snapshot(9),
	};
	take_vcpus(t.r, &t.f->vm);
	assert_int_equal(t.r->nr_vcpus, 2);
	assert_int_equal(result_stat(t.r, "exits"), 0);
	assert_int_equal(result_stat(t.r, "halts"), -1);
	w = result_window(t.r, 2, 1);
	assert_non_null(w);
	assert_counts(&w->counts, 7);
	assert_true(w->counts.migrated);
	assert_true(w->counts_msrs);
	assert_int_equal(w->msr_error, -5);
	assert_int_equal(w->msrs.n[KIND_EOI], 3);
	w = result_window(t.r, 3, 0);
	assert_non_null(w);
	assert_counts(&w->counts, 0);
	assert_false(w->counts.migrated);
	/* Begun is not ended. */
	assert_null(result_window(t.r, 2, 0));
	assert_null(result_window(t.r, 3, 1));
	assert_null(result_window(t.r, RESULT_MAX_METRICS - 1, 1));
	two_free(&t);
}

TEST(take_has_the_whole_run_of_a_vcpu_that_ended_by_itself)
{
	for (int i = VCPU_RUNNING; i <= VCPU_CRASHED; i++) {
		struct two t = two_new();
		bool orderly = i == VCPU_PARKED || i == VCPU_DONE;

		t.vcpus[1].state = (enum vcpu_state)i;
		t.vcpus[1].first = snapshot(3);
		t.vcpus[1].last = snapshot(100);
		t.vcpus[1].schedstat_fd = -1;
		take_vcpus(t.r, &t.f->vm);
		assert_int_equal(t.r->vcpus[1].orderly, orderly);
		assert_counts(&t.r->vcpus[1].run, orderly ? 97 : 0);
		assert_true(t.r->vcpus[0].has_wait);
		assert_false(t.r->vcpus[1].has_wait);
		two_free(&t);
	}
}

TEST(take_has_what_the_host_did_meanwhile)
{
	struct noise *n = calloc(1, sizeof(*n));
	struct two t = two_new();
	const struct result_noise *to;

	assert_non_null(n);
	n->in_window = true;
	n->window = 1;
	n->cpu = 7;
	n->begin.interrupts = (struct irq_counts){
		.known = true, .nr = 2, .source = {{"LOC", 10}, {"RES", 4}}};
	n->end.interrupts = (struct irq_counts){
		.known = true, .nr = 2, .source = {{"LOC", 12}, {"RES", 9}}};
	n->begin.softirqs.known = true; /* but not at its end */
	n->begin.smis = 6;
	n->end.smis = 8;
	t.vcpus[1].noise = n;
	take_vcpus(t.r, &t.f->vm);
	assert_false(t.r->vcpus[1].noise.known);
	result_free(t.r);
	t.r = result_new();
	n->ended = true;
	take_vcpus(t.r, &t.f->vm);
	free(n);
	assert_false(t.r->vcpus[0].noise.known);
	to = &t.r->vcpus[1].noise;
	assert_true(to->known && to->irqs_known);
	assert_false(to->softirqs_known);
	assert_int_equal(to->window, 1);
	assert_int_equal(to->cpu, 7);
	assert_int_equal(to->irqs, 7);
	assert_int_equal(to->nr_sources, 2);
	assert_string_equal(to->sources[0].name, "RES");
	assert_int_equal(to->sources[0].count, 5);
	assert_int_equal(to->smis, 2);
	assert_string_equal(to->no_smis, "");
	two_free(&t);
}

TEST(take_has_what_the_machine_was)
{
	static const struct {
		uint32_t flags;
		const char *apic;
	} apics[] = {
		{0, "none"},
		{BOOT_LAPIC, "xapic"},
		{BOOT_LAPIC | BOOT_X2APIC, "x2apic"},
	};

	for (size_t i = 0; i < sizeof(apics) / sizeof(*apics); i++) {
		struct finished *x = finished_new();

		x->f->vm.boot_flags = apics[i].flags;
		x->f->vm.break_tsc = 123456;
		x->f->setup.placement.cpu[0] = 3;
		x->vcpu.tsc_offset = -5;
		finished_take(x, STOP_ENDED);
		assert_string_equal(x->r->machine.apic, apics[i].apic);
		assert_int_equal(x->r->machine.tsc_khz, 2000000);
		assert_int_equal(x->r->machine.mem_len, RAM_LEN);
		assert_int_equal(x->r->break_tsc, 123456);
		assert_int_equal(x->r->vcpus[0].host_cpu, 3);
		assert_string_equal(x->r->vcpus[0].to_vcpu0, "same CPU");
		assert_int_equal(x->r->vcpus[0].tsc_offset, -5);
		assert_true(x->r->vcpus[0].offset_known);
		finished_free(x);
	}
}

/* Reading the clock takes what the guest says, if that can be shown. */
TEST(take_has_no_impossible_time_of_a_clock_read)
{
	static const uint64_t values[][2] = {{0, 0},
					     {5, 5},
					     {INT64_MAX, 0},
					     {1ull << 63, 0},
					     {UINT64_MAX, 0}};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct finished *x = finished_new();

		x->area->clock_read_tsc = values[i][0];
		finished_take(x, STOP_ENDED);
		assert_int_equal(x->r->clock_read_tsc, values[i][1]);
		finished_free(x);
	}
}

TEST(take_describes_what_was_asked)
{
	struct result *r = result_new();
	struct fake_vm *f = fake_vm_new(RAM_LEN, 1);
	struct param_desc *desc = f->setup.image.note.params;
	struct config *c = &f->setup.config;
	char raw[] = "samples.csv";

	f->setup.image.note.flags = PAYLOAD_COUNTS_MSRS;
	desc[0] = (struct param_desc){.name = "gap_us", .kind = PARAM_RANGE};
	f->setup.params[0] = (struct param_setting){.lo = 3, .hi = 9};
	desc[1] = (struct param_desc){
		.name = "idle", .kind = PARAM_ENUM, .choices = "hlt|spin"};
	f->setup.params[1] = (struct param_setting){.lo = 1, .hi = 1};
	c->ticks = (struct ticks){.insns = true, .step = 5};
	c->machine.disable_exits = KVM_X86_DISABLE_EXITS_HLT;
	c->machine.halt_poll_ns = 7000;
	c->machine.page_len = 4096;
	c->placement.prio = 80;
	c->machine.nr_vcpus = 1;
	c->output.raw = raw;
	f->setup.placement.nr_refused = 1;
	strcpy(f->setup.placement.refused[0], "mlock");
	result_describe(r, &f->setup);
	memset(raw, 0, sizeof(raw));
	fake_vm_free(f);
	assert_string_equal(r->payload, "made");
	assert_true(r->counts_msrs && r->ticks.insns && r->raw.asked);
	assert_int_equal(r->nr_params, 2);
	assert_string_equal(r->params[0].name, "gap_us");
	assert_int_equal(r->params[0].lo, 3);
	assert_int_equal(r->params[0].hi, 9);
	assert_string_equal(r->params[1].choice, "spin");
	assert_string_equal(r->machine.disabled_exits, "hlt");
	assert_int_equal(r->machine.halt_poll_ns, 7000);
	assert_int_equal(r->machine.page_len, 4096);
	assert_int_equal(r->machine.priority, 80);
	assert_int_equal(r->machine.nr_refused, 1);
	assert_string_equal(r->machine.refused[0], "mlock");
	assert_string_equal(r->raw.path, "samples.csv");
	result_free(r);
}
