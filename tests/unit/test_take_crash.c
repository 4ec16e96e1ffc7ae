/* SPDX-License-Identifier: BSD-2-Clause */
/* test_take_crash.c - where a guest died, and that a result needs no VM. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/finished.h"
#include "tests/unit/unit.h"
#include "vmm/machine/crash.h"
#include "vmm/report/report.h"
#include "vmm/result/json.h"
#include "vmm/result/merge.h"
#include "vmm/result/write.h"

static uint64_t reg(const struct result *r, const char *name)
{
	for (unsigned int i = 0; i < r->crash.nr_regs; i++)
		if (strcmp(r->crash.regs[i].name, name) == 0)
			return r->crash.regs[i].value;
	fail_msg("no register %s", name);
	return 0;
}

static struct finished *crashed_new(void)
{
	struct finished *x = finished_new();

	x->vcpu.state = VCPU_CRASHED;
	x->vcpu.crash = (struct vcpu_crash){
		.reason = "it fell",
		.exit_reason = KVM_EXIT_SHUTDOWN,
		.has_regs = true,
		.regs = {.rax = 1, .r15 = 2, .rip = LAYOUT_IMAGE + 2},
		.sregs = {.cr3 = 3, .gs.base = 4},
		.code = {0xf4},
		.code_len = 1,
	};
	return x;
}

TEST(take_has_where_a_vcpu_crashed)
{
	struct finished *x = crashed_new();
	const struct result_crash *c = &x->r->crash;

	finished_take(x, STOP_CRASH);
	assert_true(c->known && c->has_regs);
	assert_false(c->is_trap);
	assert_string_equal(c->exit_name, "KVM_EXIT_SHUTDOWN");
	assert_int_equal(c->at.rip, LAYOUT_IMAGE + 2);
	assert_string_equal(c->at.symbol, "no symbol");
	assert_string_equal(c->at.instruction, "hlt");
	assert_int_equal(reg(x->r, "rax"), 1);
	assert_int_equal(reg(x->r, "r15"), 2);
	assert_int_equal(reg(x->r, "cr3"), 3);
	assert_int_equal(reg(x->r, "gs"), 4);
	finished_free(x);
	x = crashed_new();
	x->vcpu.crash.has_regs = false;
	x->vcpu.crash.code_len = 0;
	finished_take(x, STOP_CRASH);
	assert_true(x->r->crash.known);
	assert_int_equal(x->r->crash.at.rip, 0);
	assert_int_equal(x->r->crash.nr_regs, 0);
	assert_string_equal(x->r->crash.at.instruction, "");
	finished_free(x);
}

/* The code of a trap is in RAM, up to its end, or nowhere. */
TEST(take_has_where_a_guest_trapped)
{
	struct finished *x = finished_new();
	const struct result_crash *c = &x->r->crash;

	memcpy(x->f->vm.ram.hva + RAM_LEN - 2, "\x0f\x0b", 2);
	x->area->trap = (struct trap_report){
		.valid = 1,
		.vector = 6,
		.error = 0x18,
		.rip = LAYOUT_BASE + RAM_LEN - 2,
		.ss = 5,
	};
	finished_take(x, STOP_CRASH);
	assert_true(c->known && c->is_trap && c->has_regs);
	assert_int_equal(c->vector, 6);
	assert_int_equal(c->error, 0x18);
	assert_string_equal(c->vector_name, "#UD invalid opcode");
	assert_string_equal(c->at.instruction, "ud2");
	assert_int_equal(reg(x->r, "ss"), 5);
	finished_free(x);
	x = finished_new();
	x->area->trap.valid = 1;
	x->area->trap.rip = UINT64_MAX - 3;
	finished_take(x, STOP_CRASH);
	assert_string_equal(x->r->crash.at.instruction, "");
	finished_free(x);
}

/* ASan finds what still points into it. */
TEST(take_leaves_nothing_behind_in_the_vm)
{
	for (int crash = 0; crash <= 1; crash++) {
		struct finished *x = crash ? crashed_new() : finished_new();
		char path[] = "/tmp/latvisor-unit.XXXXXX";
		int fd = mkstemp(path);
		struct result *r = x->r;
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);

		assert_true(fd >= 0 && out);
		close(fd);
		x->vcpu.windows[0].ended = true;
		result_describe(r, &x->f->setup);
		finished_take(x, crash ? STOP_CRASH : STOP_ENDED);
		x->r = NULL;
		finished_free(x);
		result_merge(r);
		result_analyse(r);
		report_text(r, out);
		assert_int_equal(result_write(r, path), 0);
		fclose(out);
		unlink(path);
		assert_has(text, "made (vCPU 0) 10 samples");
		assert_has(text, crash ? "CRASH: vCPU 0: it fell" : "PASS");
		free(text);
		result_free(r);
	}
}

TEST(crash_knows_an_out_by_its_bytes)
{
	static const struct {
		const char *code;
		size_t len;
		unsigned int size;
		size_t want;
	} cases[] = {
		{"\xee", 1, 1, 1},	   {"\xee", 1, 4, 0},
		{"\xef\x90", 2, 4, 1},	   {"\xef", 1, 2, 0},
		{"\x66\xef", 2, 2, 2},	   {"\x66\xef", 2, 4, 0},
		{"\xe6\x80", 2, 1, 2},	   {"\xe7\x80", 2, 4, 2},
		{"\x66\xe7\x80", 3, 2, 3}, {"\xf3\x6e", 2, 1, 2},
		{"\xf3\x66\x6f", 3, 2, 3}, {"\xf3\x6f", 2, 4, 2},
		{"\x66", 1, 2, 0},	   {"\xec", 1, 1, 0},
		{"\x90", 1, 1, 0},	   {"", 0, 1, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
			crash_out_len((const unsigned char *)cases[i].code,
				      cases[i].len, cases[i].size),
			cases[i].want);
}

/* Only those; one that halts is at its HLT, which KVM has left behind. */
TEST(take_has_where_the_limit_stopped_a_vcpu)
{
	struct finished *x = crashed_new();
	const struct result_vcpu *v;

	x->vcpu.state = VCPU_STOPPED;
	finished_take(x, STOP_TIMEOUT);
	v = &x->r->vcpus[0];
	assert_true(v->was_stopped && !v->halted);
	assert_int_equal(v->stopped_at.rip, LAYOUT_IMAGE + 2);
	assert_string_equal(v->stopped_at.symbol, "no symbol");
	assert_string_equal(v->stopped_at.instruction, "hlt");
	finished_free(x);
	x = crashed_new();
	x->vcpu.state = VCPU_STOPPED;
	x->vcpu.halted = true;
	x->vcpu.crash.code[0] = 0x90;
	finished_take(x, STOP_TIMEOUT);
	v = &x->r->vcpus[0];
	assert_true(v->was_stopped && v->halted);
	assert_int_equal(v->stopped_at.rip, LAYOUT_IMAGE + 1);
	assert_string_equal(v->stopped_at.instruction, "hlt");
	finished_free(x);
	x = crashed_new();
	x->vcpu.state = VCPU_PARKED;
	finished_take(x, STOP_TIMEOUT);
	assert_false(x->r->vcpus[0].was_stopped);
	finished_free(x);
}
