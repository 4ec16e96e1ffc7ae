/* SPDX-License-Identifier: BSD-2-Clause */
/* test_modes.c - parameters and options that set the VM up, joined. */
#include <linux/kvm.h>
#include <string.h>

#include "guest-firmware/abi/modes.h"
#include "tests/unit/unit.h"
#include "vmm/payload/note.h"
#include "vmm/payload/roles.h"
#include "vmm/setup/modes.h"

enum {
	IDLE,
	POLL_NS,
	DELIVERY,
	PAGE,
	NR,
};

static const struct payload_note note = {
	.name = "made",
	.params = {[IDLE] = {.name = "idle",
			     .kind = PARAM_ENUM,
			     .role = PARAM_ROLE_IDLE,
			     .choices = IDLE_CHOICES},
		   [POLL_NS] = {.name = "poll_ns",
				.kind = PARAM_U64,
				.role = PARAM_ROLE_POLL_NS,
				.max = 1000000,
				.def = 5000},
		   [DELIVERY] = {.name = "delivery",
				 .kind = PARAM_ENUM,
				 .role = PARAM_ROLE_DELIVERY,
				 .choices = DELIVERY_CHOICES},
		   [PAGE] = {.name = "page",
			     .kind = PARAM_ENUM,
			     .role = PARAM_ROLE_PAGE,
			     .choices = PAGE_CHOICES}},
};

static struct param_setting s[PAYLOAD_MAX_PARAMS];

static struct config start(void)
{
	params_defaults(&note, s);
	return (struct config){
		.machine = {.page_len = 4096, .halt_poll_ns = -1}};
}

static void give(unsigned int i, uint64_t value)
{
	s[i] = (struct param_setting){value, value, true};
}

TEST(modes_hlt_switches_kvm_s_polling_off)
{
	struct config c = start();

	modes_apply(&c, &note, s);
	assert_int_equal(c.machine.halt_poll_ns, 0);
	assert_true(c.machine.halt_poll_wish);
	assert_int_equal(c.machine.disable_exits, 0);
	assert_false(c.machine.xapic);
}

TEST(modes_set_the_vm_up_for_each_way_to_idle)
{
	struct config c = start();

	give(IDLE, IDLE_HALT_POLL);
	modes_apply(&c, &note, s);
	assert_int_equal(c.machine.halt_poll_ns, 5000);
	assert_false(c.machine.halt_poll_wish);

	c = start();
	give(IDLE, IDLE_HLT_PASSTHROUGH);
	modes_apply(&c, &note, s);
	assert_int_equal(c.machine.halt_poll_ns, -1);
	assert_int_equal(c.machine.disable_exits, KVM_X86_DISABLE_EXITS_HLT);

	c = start();
	give(IDLE, IDLE_MWAIT);
	modes_apply(&c, &note, s);
	assert_int_equal(c.machine.disable_exits, KVM_X86_DISABLE_EXITS_MWAIT);

	c = start();
	give(IDLE, IDLE_SPIN);
	modes_apply(&c, &note, s);
	assert_int_equal(c.machine.halt_poll_ns, -1);
	assert_int_equal(c.machine.disable_exits, 0);
}

/* The result shows parameters: they have to say what really happened. */
TEST(modes_options_change_the_parameters_that_were_not_given)
{
	struct config c = start();

	c.machine.halt_poll_ns = 7000;
	c.machine.xapic = true;
	c.machine.page_len = 2 << 20;
	modes_apply(&c, &note, s);
	assert_int_equal(s[IDLE].lo, IDLE_HALT_POLL);
	assert_int_equal(s[POLL_NS].lo, 7000);
	assert_int_equal(c.machine.halt_poll_ns, 7000);
	assert_int_equal(s[DELIVERY].lo, DELIVERY_XAPIC);
	assert_int_equal(s[PAGE].lo, 1);

	c = start();
	c.machine.disable_exits = KVM_X86_DISABLE_EXITS_HLT;
	modes_apply(&c, &note, s);
	assert_int_equal(s[IDLE].lo, IDLE_HLT_PASSTHROUGH);
	assert_int_equal(c.machine.halt_poll_ns, -1);
}

TEST(modes_xapic_and_pages_come_from_parameters_too)
{
	struct config c = start();

	give(DELIVERY, DELIVERY_XAPIC);
	give(PAGE, 2);
	modes_apply(&c, &note, s);
	assert_true(c.machine.xapic);
	assert_int_equal(c.machine.page_len, 1 << 30);
}

TEST(modes_of_a_payload_without_them_change_nothing)
{
	static const struct payload_note plain = {.name = "plain"};
	struct config c = start();

	modes_apply(&c, &plain, s);
	assert_int_equal(c.machine.halt_poll_ns, -1);
	assert_false(c.machine.halt_poll_wish);
}

static void apply(void *arg)
{
	modes_apply(arg, &note, s);
}

TEST(modes_that_contradict_an_option_are_refused)
{
	struct config c = start();

	give(IDLE, IDLE_HLT);
	c.machine.halt_poll_ns = 5;
	assert_dies(apply, &c,
		    "--halt-poll and idle=hlt contradict each other");
	c = start();
	give(IDLE, IDLE_HALT_POLL);
	c.machine.disable_exits = KVM_X86_DISABLE_EXITS_HLT;
	assert_dies(apply, &c, "--disable-exits hlt and idle=halt-poll");
	c = start();
	give(IDLE, IDLE_HALT_POLL);
	c.machine.halt_poll_ns = 0;
	assert_dies(apply, &c, "--halt-poll and idle=halt-poll");
	c = start();
	give(DELIVERY, DELIVERY_X2APIC);
	c.machine.xapic = true;
	assert_dies(apply, &c, "--xapic and delivery=x2apic");
	c = start();
	give(PAGE, 2);
	c.machine.page_len = 2 << 20;
	assert_dies(apply, &c, "--page-size and page=1G");
}

TEST(modes_choices_are_the_first_of_the_known_ones)
{
	struct param_desc d = note.params[DELIVERY];

	assert_true(role_choices_ok(&d));
	strcpy(d.choices, "x2apic|xapic");
	assert_true(role_choices_ok(&d));
	strcpy(d.choices, "x2apic|xap");
	assert_false(role_choices_ok(&d));
	strcpy(d.choices, "xapic|x2apic");
	assert_false(role_choices_ok(&d));
	strcpy(d.choices, "x2apic|xapic|pv|nmi|more");
	assert_false(role_choices_ok(&d));
	strcpy(d.choices, DELIVERY_CHOICES);
	d.kind = PARAM_U64;
	assert_false(role_choices_ok(&d));
}
