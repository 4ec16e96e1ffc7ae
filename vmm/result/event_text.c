/* SPDX-License-Identifier: BSD-2-Clause */
/* event_text.c - see event_text.h. */
#include <inttypes.h>
#include <stdio.h>

#include "vmm/result/event_text.h"

void event_runner(const struct trace_log *log, const struct span_host *host,
		  int32_t tid, int cpu, size_t at, char who[EXPLAIN_WHO_LEN])
{
	int n = snprintf(who, EXPLAIN_WHO_LEN, "CPU %d ", cpu);
	size_t left = EXPLAIN_WHO_LEN - (size_t)n;

	if (!span_thread_name(host, tid, who + n, left))
		snprintf(who + n, left, "%s", trace_log_comm(log, tid, at));
}

void event_text(const struct trace_log *log, const struct span_host *host,
		size_t at, char what[EXPLAIN_WHAT_LEN])
{
	const struct trace_event *e = &log->events[at];
	const char *name = trace_kind_name(e->kind);
	char who[EXPLAIN_WHO_LEN];

	switch (e->kind) {
	case TRACE_WAKING:
	case TRACE_WAKEUP:
	case TRACE_SWITCH:
		event_runner(log, host, (int32_t)e->a,
			     e->kind == TRACE_SWITCH ? e->cpu : (int)e->b,
			     at + 1, who);
		snprintf(what, EXPLAIN_WHAT_LEN, "%s: %.*s", name,
			 EXPLAIN_WHAT_LEN - 20, who);
		return;
	case TRACE_IRQ:
		snprintf(what, EXPLAIN_WHAT_LEN, "%s: %s", name,
			 trace_log_text(log, e->text));
		return;
	case TRACE_SOFTIRQ:
	case TRACE_SOFTIRQ_EXIT:
		snprintf(what, EXPLAIN_WHAT_LEN, "%s: %s", name,
			 softirq_name(e->a));
		return;
	case TRACE_HRTIMER:
	case TRACE_WORK:
	case TRACE_WORK_END:
		snprintf(what, EXPLAIN_WHAT_LEN, "%s: %s", name,
			 trace_log_function(log, e));
		return;
	case TRACE_TICK_STOP:
		snprintf(what, EXPLAIN_WHAT_LEN, "%s: %s%s", name,
			 e->a ? "stopped" : "kept by ",
			 e->a ? "" : tick_keeper_name(e->b));
		return;
	case TRACE_PAGE_FAULT:
		snprintf(what, EXPLAIN_WHAT_LEN, "%s: 0x%" PRIx64, name, e->a);
		return;
	case TRACE_KVM_EXIT:
	case TRACE_KVM_ACCEPT_IRQ:
		snprintf(what, EXPLAIN_WHAT_LEN, "%s: %" PRIu64, name,
			 e->kind == TRACE_KVM_ACCEPT_IRQ ? e->b : e->a);
		return;
	default:
		snprintf(what, EXPLAIN_WHAT_LEN, "%s", name);
		return;
	}
}
