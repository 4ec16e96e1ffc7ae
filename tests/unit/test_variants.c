/* SPDX-License-Identifier: BSD-2-Clause */
/* test_variants.c - each row of an ablation leaves out what its name says. */
#include <string.h>

#include "tests/unit/unit.h"

#define variants msg_rr_variants
#include "payloads/msg-rr/variants.h"
#undef variants
#define variants token_ring_variants
#include "payloads/token-ring/variants.h"
#undef variants

/* The one write that "entry_cancel" and its like say; 0: it is no such name. */
static uint32_t write_of(const char *name)
{
	bool entry = strncmp(name, "entry_", 6) == 0;
	bool cancel = strstr(name, "_cancel") != NULL;

	if (!entry && strncmp(name, "exit_", 5) != 0)
		return 0;
	if (entry)
		return cancel ? MSG_ENTRY_CANCEL : MSG_ENTRY_START;
	return cancel ? MSG_EXIT_CANCEL : MSG_EXIT_START;
}

static void check(const struct msg_variant *v)
{
	bool client = strncmp(v->name, "client_", 7) == 0;
	bool server = strncmp(v->name, "server_", 7) == 0;
	uint32_t one = write_of(v->name + (client || server ? 7 : 0));
	uint32_t all =
		strcmp(v->name, "all_timer_writes") == 0 ? MSG_ALL_WRITES : 0;

	if (v->out[0] != (server ? all : one | all))
		fail_msg("%s leaves out %#x on the first side", v->name,
			 v->out[0]);
	if (client && v->out[1])
		fail_msg("%s leaves out %#x of the server's", v->name,
			 v->out[1]);
	if (server && v->out[1] != one)
		fail_msg("%s leaves out %#x", v->name, v->out[1]);
	assert_int_equal(v->added,
			 strcmp(v->name, "pv_eoi") == 0 ? MSG_EOI_REGISTER : 0);
}

TEST(variants_leave_out_what_their_names_say)
{
	for (size_t i = 0;
	     i < sizeof(msg_rr_variants) / sizeof(*msg_rr_variants); i++)
		check(&msg_rr_variants[i]);
	for (size_t i = 0;
	     i < sizeof(token_ring_variants) / sizeof(*token_ring_variants);
	     i++)
		check(&token_ring_variants[i]);
	assert_string_equal(msg_rr_variants[0].name, "ablation_base");
	assert_string_equal(token_ring_variants[0].name, "ablation_base");
	/* Both sides, where there are two. */
	assert_int_equal(msg_rr_variants[9].out[1], MSG_ALL_WRITES);
	assert_string_equal(msg_rr_variants[9].name, "all_timer_writes");
}
