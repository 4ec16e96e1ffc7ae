/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_result.c - whether samples can be explained: explain_take.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/machine/vcpu.h"
#include "vmm/result/explain_take.h"

static bool clocks_agree(const struct result *r)
{
	for (uint32_t v = 0; v < r->nr_vcpus; v++)
		if (!r->vcpus[v].offset_known || r->vcpus[v].tsc_offset != 0)
			return false;
	return true;
}

static bool can_explain(const struct result *r, const struct ended_run *run,
			char *why, size_t len)
{
	if (!run->trace)
		snprintf(why, len, "%s", run->no_trace);
	else if (run->trace->err)
		snprintf(why, len, "events cannot be switched on and off: %s",
			 strerror(-run->trace->err));
	else if (!clocks_agree(r))
		snprintf(why, len, "the guest's clock is not the host's");
	else
		return true;
	return false;
}

/* Without a trace --exits says it of itself. */
static void warn_unexplained(struct result *r, const struct ended_run *run,
			     const char *why)
{
	if (r->trace.asked) {
		snprintf(r->trace.missing, sizeof(r->trace.missing), "%s", why);
		result_warn(r, "--explain: %s", why);
	} else if (run->trace && !run->trace->err) {
		result_warn(r,
			    "--exits: %s: all samples have the price of "
			    "recording in them",
			    why);
	}
}

void result_explain(struct result *r, const struct ended_run *run)
{
	struct result_trace *t = &r->trace;
	char why[sizeof(t->missing)] = "";

	t->asked = run->setup->config.explain;
	if (!can_explain(r, run, why, sizeof(why))) {
		warn_unexplained(r, run, why);
		return;
	}
	if (!t->asked) {
		explain_take_metrics(r, run);
		return;
	}
	t->watched = run->trace->watched;
	t->nr_events = run->trace->log->nr;
	t->lost = run->trace->lost;
	t->lacks =
		run->trace->lacks & (TRACE_EXPLAIN | TRACE_BIT(TRACE_KVM_MSR));
	t->steal_known = run->trace->outside.steal_known;
	t->steal_ns = run->trace->outside.steal_ns;
	t->smis = run->trace->outside.smis;
	if (run->trace->outside.no_smis)
		snprintf(t->no_smis, sizeof(t->no_smis), "%s",
			 run->trace->outside.no_smis);
	t->list = room_for(r->nr_metrics + 1, sizeof(*t->list), EXPLAIN_ROOM);
	explain_take_metrics(r, run);
}
