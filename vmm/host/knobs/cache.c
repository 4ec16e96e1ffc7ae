/* SPDX-License-Identifier: BSD-2-Clause */
/* cache.c - a class of the last cache for the vCPUs' CPUs: resctrl.rst. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/knob_value.h"
#include "vmm/host/tune_plan.h"

#define RESCTRL "sys/fs/resctrl/"
#define CLASS	RESCTRL "latvisor"

enum {
	CACHE_CLASS,
	CACHE_CPUS,
	CACHE_MASKS,
	CACHE_REST
};

/* Each domain's mask becomes what change() makes of it; false: it is none. */
static bool change_masks(const char *l3, uint64_t mask, bool is_rest,
			 char text[KNOB_VALUE_LEN])
{
	size_t at = 0;

	text[0] = '\0';
	while (*l3) {
		const char *digits = strchr(l3, '=');
		uint64_t old, new;
		char *end;

		if (!digits)
			return false;
		old = strtoull(digits + 1, &end, 16);
		new = is_rest ? old & ~mask : mask;
		if (end == digits + 1 || (*end && *end != ';') || new == 0)
			return false;
		/* As wide as it was: a copy's file keeps its length. */
		at += (size_t)snprintf(text + at, KNOB_VALUE_LEN - at,
				       "%s%.*s=%0*" PRIx64, at ? ";" : "",
				       (int)(digits - l3), l3,
				       (int)(end - digits - 1), new);
		if (at >= KNOB_VALUE_LEN)
			return false;
		l3 = *end ? end + 1 : end;
	}
	return at > 0;
}

static bool is_possible(struct tune_plan *p, uint64_t mask)
{
	char text[64], why[TREE_WHY_LEN];

	if (tree_read(&p->host->tree, RESCTRL "info/L3/cbm_mask", text,
		      sizeof(text), why) != 0) {
		tune_plan_why(p, "resctrl is not mounted, or the processor "
				 "has no classes of the L3");
		return false;
	}
	if (mask & ~strtoull(text, NULL, 16)) {
		tune_plan_why(p,
			      "--l3 %" PRIx64 " has bits that the cache "
			      "has not: %s",
			      mask, text);
		return false;
	}
	if (tree_has(&p->host->tree, CLASS)) {
		tune_plan_why(p, "/" CLASS " is there, and not of this tune");
		return false;
	}
	return true;
}

static void plan_cache(const struct knob *k, struct tune_plan *p)
{
	char text[CHECK_TEXT_LEN], why[TREE_WHY_LEN], cpus[KNOB_VALUE_LEN];
	char old[KNOB_VALUE_LEN], ours[KNOB_VALUE_LEN], rest[KNOB_VALUE_LEN];
	const struct knob_file *f = k->files;

	if (!p->wish->l3) {
		tune_plan_why(p, "no %s", k->option);
		return;
	}
	if (!is_possible(p, p->wish->l3))
		return;
	if (tree_read(&p->host->tree, f[CACHE_REST].path, text, sizeof(text),
		      why) != 0 ||
	    !knob_value_take(KNOB_L3, text, old)) {
		tune_plan_why(p, "/%s has no line of the L3",
			      f[CACHE_REST].path);
		return;
	}
	if (!change_masks(old, p->wish->l3, false, ours) ||
	    !change_masks(old, p->wish->l3, true, rest)) {
		tune_plan_why(p,
			      "--l3 %" PRIx64 " leaves no cache for the "
			      "rest: it has %.64s",
			      p->wish->l3, old);
		return;
	}
	cpumask_to_list(&p->host->vcpus, cpus, sizeof(cpus));
	tune_plan_add(p, k, &f[CACHE_CLASS], f[CACHE_CLASS].path, "", "");
	tune_plan_add(p, k, &f[CACHE_MASKS], f[CACHE_MASKS].path, "", ours);
	tune_plan_add(p, k, &f[CACHE_CPUS], f[CACHE_CPUS].path, "", cpus);
	tune_plan_add(p, k, &f[CACHE_REST], f[CACHE_REST].path, old, rest);
}

KNOBS(cache, 70,
      {.name = "l3-partition",
       .checks = "l3-partition",
       .option = "--l3 MASK",
       .why = "A part of the last cache is the vCPUs' CPUs' alone.",
       .plan = plan_cache,
       .files = {
	       [CACHE_CLASS] = {.path = CLASS, .op = KNOB_MAKE},
	       [CACHE_CPUS] = {.path = CLASS "/cpus_list",
			       .kind = KNOB_LIST,
			       .op = KNOB_PUT},
	       [CACHE_MASKS] = {.path = CLASS "/schemata",
				.kind = KNOB_L3,
				.op = KNOB_PUT},
	       [CACHE_REST] = {.path = RESCTRL "schemata", .kind = KNOB_L3},
       }});
