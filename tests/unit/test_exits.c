/* SPDX-License-Identifier: BSD-2-Clause */
/* test_exits.c - the names of exits that can be switched off. */
#include <linux/kvm.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/host/exits.h"

TEST(exits_have_the_bits_of_the_kernel)
{
	assert_int_equal(exits_bit("hlt", 3), KVM_X86_DISABLE_EXITS_HLT);
	assert_int_equal(exits_bit("pause,hlt", 5),
			 KVM_X86_DISABLE_EXITS_PAUSE);
	assert_int_equal(exits_bit("mwait", 5), KVM_X86_DISABLE_EXITS_MWAIT);
	assert_int_equal(exits_bit("cstate", 6), KVM_X86_DISABLE_EXITS_CSTATE);
}

TEST(exits_that_are_not_known_have_no_bit)
{
	assert_int_equal(exits_bit("", 0), 0);
	assert_int_equal(exits_bit("hl", 2), 0);
	assert_int_equal(exits_bit("hltx", 4), 0);
}

TEST(exits_are_named_in_a_list_that_fits)
{
	char text[64], little[6];

	assert_string_equal(exits_names(0, text, sizeof(text)), "none");
	assert_string_equal(exits_names(KVM_X86_DISABLE_EXITS_HLT |
						KVM_X86_DISABLE_EXITS_CSTATE,
					text, sizeof(text)),
			    "hlt, cstate");
	exits_names(15, little, sizeof(little));
	assert_int_equal(strlen(little), sizeof(little) - 1);
}
