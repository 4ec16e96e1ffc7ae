/* SPDX-License-Identifier: BSD-2-Clause */
/* placement_values.c - see option_values.h: what says where threads run. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/units.h"
#include "vmm/commands/option_values.h"
#include "vmm/host/claim.h"
#include "vmm/host/cpulist.h"

#define NS_PER_US 1000ull

void take_cpus(struct placement_wish *p, const struct tree *tree,
	       const char *arg)
{
	int nr = cpulist_parse(arg, cpulist_last(tree), p->cpus, MAX_VCPUS);

	if (nr < 1)
		die("--cpus wants a list of CPUs like 2,3 or 4-7 or 0-15:2/4, "
		    "at most %d, or auto, got '%s'",
		    MAX_VCPUS, arg);
	p->nr_cpus = (uint32_t)nr;
}

void parse_cpus(struct options *o, const char *arg)
{
	struct placement_wish *p = &o->config.placement;
	struct tree machine;

	p->tell_cpus = strcmp(arg, "auto") == 0;
	if (p->tell_cpus) {
		int locks = cpu_lock_open(CPU_LOCK_FOLDER, false);

		p->nr_cpus = 0;
		/* Once, so that all runs of a command get the same. */
		p->claimed = claims_find(locks);
		if (locks >= 0)
			close(locks);
		return;
	}
	if (tree_open(&machine, NULL) != 0)
		die_errno("cannot open the root of the file system");
	take_cpus(p, &machine, arg);
	tree_close(&machine);
}

void parse_housekeeping(struct options *o, const char *arg)
{
	struct placement_wish *p = &o->config.placement;
	int cpus[CPU_SETSIZE], nr = -1;
	struct tree machine;

	if (tree_open(&machine, NULL) == 0) {
		nr = cpulist_parse(arg, cpulist_last(&machine), cpus,
				   CPU_SETSIZE);
		tree_close(&machine);
	}
	p->names_housekeeping = true;
	CPU_ZERO(&p->housekeeping);
	for (int i = 0; i < nr; i++) {
		if (cpus[i] >= CPU_SETSIZE)
			nr = -1;
		else
			CPU_SET(cpus[i], &p->housekeeping);
	}
	if (nr < 1)
		die("--housekeeping wants a list of CPUs below %d, like 0,1 or "
		    "0-3, got '%s'",
		    CPU_SETSIZE, arg);
}

/* Whole us; a plain number is us. */
static bool parse_us(const char *text, size_t len, uint32_t *us)
{
	struct quantity q;
	uint64_t ns;

	if (!quantity_parse(&q, text, len) ||
	    !quantity_ns(&q, NS_PER_US, &ns) || ns % NS_PER_US ||
	    ns / NS_PER_US > POLICY_PERIOD_MAX_US)
		return false;
	*us = (uint32_t)(ns / NS_PER_US);
	return true;
}

/* "RUNTIME/DEADLINE/PERIOD", or "RUNTIME/PERIOD", whose end is the deadline. */
static bool parse_deadline(struct policy *p, const char *text, size_t len)
{
	uint32_t us[3];
	unsigned int nr = 0;

	for (;;) {
		const char *slash = memchr(text, '/', len);
		size_t part = slash ? (size_t)(slash - text) : len;

		if (nr == 3 || !parse_us(text, part, &us[nr++]))
			return false;
		if (!slash)
			break;
		text += part + 1;
		len -= part + 1;
	}
	p->runtime_us = us[0];
	p->deadline_us = us[nr < 3 ? nr - 1 : 1];
	p->period_us = us[nr - 1];
	return nr > 1 && p->runtime_us >= POLICY_RUNTIME_MIN_US &&
	       p->runtime_us <= p->deadline_us &&
	       p->deadline_us <= p->period_us;
}

static bool parse_prio(struct policy *p, const char *text, size_t len)
{
	struct quantity q;
	uint64_t prio;

	if (!quantity_parse(&q, text, len) || !quantity_count(&q, &prio) ||
	    prio < 1 || prio > VCPU_PRIO_MAX)
		return false;
	p->prio = (int)prio;
	return true;
}

/* One policy: "fifo", "rr:70", "other", "deadline:400us/1ms". */
static bool parse_policy(struct policy *p, const char *text, size_t len)
{
	static const char *const names[NR_POLICY_KINDS] = {
		[POLICY_FIFO] = "fifo",
		[POLICY_RR] = "rr",
		[POLICY_OTHER] = "other",
		[POLICY_DEADLINE] = "deadline",
	};
	const char *colon = memchr(text, ':', len);
	size_t name = colon ? (size_t)(colon - text) : len;
	int kind = 0;

	while (kind < NR_POLICY_KINDS &&
	       (strlen(names[kind]) != name ||
		strncmp(names[kind], text, name) != 0))
		kind++;
	if (kind == NR_POLICY_KINDS)
		return false;
	*p = (struct policy){.kind = (enum policy_kind)kind,
			     .prio = POLICY_PRIO_OPEN};
	if (!colon)
		return kind != POLICY_DEADLINE;
	text += name + 1;
	len -= name + 1;
	if (kind == POLICY_DEADLINE)
		return parse_deadline(p, text, len);
	return kind != POLICY_OTHER && parse_prio(p, text, len);
}

void parse_sched(struct options *o, const char *arg)
{
	struct placement_wish *wish = &o->config.placement;
	const char *at = arg;
	uint32_t nr = 0;

	for (;;) {
		size_t len = strcspn(at, ",");

		if (nr == MAX_VCPUS ||
		    !parse_policy(&wish->policies[nr], at, len))
			die("--sched wants policies like fifo:80, rr:70, other "
			    "or deadline:400us/900us/1ms (RUNTIME/DEADLINE/"
			    "PERIOD, in whole us, up to 500ms), one for each "
			    "vCPU or one for all, got '%s'",
			    arg);
		nr++;
		at += len;
		if (*at++ == '\0')
			break;
	}
	wish->nr_policies = nr;
}
