/* SPDX-License-Identifier: BSD-2-Clause */
/* test_read_exits.c - what a file cannot say of exits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/any_result.h"
#include "tests/unit/unit.h"
#include "vmm/result/json.h"
#include "vmm/result/read.h"
#include "vmm/result/write.h"

/* One with rows, the first with an access, and halts of vCPU 0. */
static bool has_all(const struct result *r)
{
	const struct result_exits *x = &r->exits;

	return x->p.nr_rows && !r->ticks.insns &&
	       x->p.rows[0].access.kind != ACCESS_NONE && x->vcpus[0].has_halts;
}

static json_t *file_with_all(void)
{
	uint64_t seed = 1;
	struct result *r = any_result(seed);
	char *text;
	json_t *o;

	while (!has_all(r)) {
		result_free(r);
		r = any_result(++seed);
	}
	text = result_text(r);
	o = json_loads(text, 0, NULL);
	assert_non_null(o);
	free(text);
	result_free(r);
	return o;
}

/* The member of the last object that is first in each of them. */
static json_t *at(json_t *o, const char *const *keys)
{
	for (; *keys; keys++) {
		o = json_object_get(o, *keys);
		if (json_is_array(o))
			o = json_array_get(o, 0);
		assert_non_null(o);
	}
	return o;
}

static void refuse(const char *const *keys, const char *key, json_t *value,
		   const char *why)
{
	json_t *o = file_with_all();
	char *text, error[512] = "";
	FILE *f;

	json_object_set_new(at(o, keys), key, value);
	text = json_dumps(o, 0);
	f = fmemopen(text, strlen(text), "r");
	assert_non_null(f);
	assert_null(result_read(f, "made.json", error, sizeof(error)));
	assert_has(error, why);
	fclose(f);
	free(text);
	json_decref(o);
}

static json_t *many(unsigned int nr)
{
	json_t *a = json_array();

	while (nr-- > 0)
		json_array_append_new(a, json_object());
	return a;
}

TEST(read_refuses_exits_that_cannot_be)
{
	const char *const all[] = {"exits", NULL};
	const char *const row[] = {"exits", "rows", NULL};
	const char *const access[] = {"exits", "rows", "access", NULL};

	refuse(all + 1, "exits", json_array(), "exits: wanted an object");
	refuse(all, "lost", json_null(), "exits.lost: wanted a number");
	refuse(all, "blocks", json_integer(-1), "exits.blocks: wanted a n");
	refuse(all, "missing", json_true(), "exits.missing: wanted text");
	refuse(all, "others", json_null(), "exits.others: wanted an object");
	refuse(all, "rows", many(EXITS_ROWS + 1),
	       "exits.rows: wanted 64 entries at most, got 65");
	refuse(all, "vcpus", many(MAX_VCPUS + 1), "exits.vcpus: wanted ");
	refuse(row, "isa", json_string("arm"),
	       "exits.rows[0].isa: wanted vmx, svm or 0, got 'arm'");
	refuse(row, "reason", json_integer(1ll << 32),
	       "exits.rows[0].reason: wanted a number from 0 to ");
	refuse(row, "rip", json_integer(1), "exits.rows[0].rip: ");
	refuse(row, "symbol", json_string("a\nb"), "symbol: wanted printable");
	refuse(row, "line", json_integer(1), "line: wanted text");
	refuse(row, "exits", json_integer(-1), "exits: wanted a number");
	refuse(row, "max", json_null(), "max: wanted a time");
	refuse(row, "access", json_true(), "access: wanted an object");
	refuse(access, "kind", json_string("x"), "kind: 'x' is unknown");
	refuse(access, "bytes", json_integer(-1), "bytes: wanted a number");
	refuse(access, "write", json_null(), "write: wanted ");
}

TEST(read_refuses_counts_of_exits_that_cannot_be)
{
	const char *const vcpu[] = {"exits", "vcpus", NULL};
	const char *const halts[] = {"exits", "vcpus", "halts", NULL};

	refuse(vcpu, "to_userspace", many(EXITS_REASONS + 1),
	       "to_userspace: wanted 48 entries at most, got 49");
	refuse(vcpu, "to_userspace",
	       json_pack("[{s:i, s:s, s:i}]", "reason", EXITS_REASONS, "name",
			 "x", "exits", 1),
	       "exits.vcpus[0].reason: wanted a number from 0 to 47");
	refuse(vcpu, "halts", json_true(), "halts: wanted an object");
	refuse(halts, "halt_wait_hist", json_pack("[[i, i]]", 3, 1),
	       "halt_wait_hist: wanted [a bucket's lowest ns, halts]");
	refuse(halts, "halt_wait_hist", json_pack("[[i, i]]", 4, -1),
	       "halt_wait_hist: wanted [a bucket's");
	refuse(halts, "halt_wait_hist", json_pack("[[i]]", 4),
	       "halt_wait_hist: wanted [a bucket's");
	refuse(halts, "halt_poll_fail_hist", json_pack("[i]", 4),
	       "halt_poll_fail_hist: wanted [a bucket's");
	refuse(halts, "halt_poll_fail_hist", many(KVM_HIST_BUCKETS + 1),
	       "halt_poll_fail_hist: wanted 64 entries at most, got 65");
}
