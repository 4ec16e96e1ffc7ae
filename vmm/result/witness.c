/* SPDX-License-Identifier: BSD-2-Clause */
/* witness.c - see witness.h. */
#include "vmm/result/witness.h"

#define MSR_TSC_DEADLINE 0x6e0 /* SDM vol 3 11.5.4.1 */

/* Events back from a sample's end; a guest may set no timer at all. */
#define LOOK_BACK 4096

static enum witness of_ipi(const struct trace_log *log,
			   const struct span_host *host,
			   const struct explained *e)
{
	if (!host->shows_ipis)
		return WITNESS_NONE;
	return span_ipis(log, host, &e->span, &e->cut) == 1 ? WITNESS_TRUE
							    : WITNESS_ODD;
}

/* A timer that is only switched off is none. */
static bool is_deadline(const struct trace_event *e,
			const struct span_host *host, uint32_t vcpu)
{
	return e->kind == TRACE_KVM_MSR && e->a == MSR_TSC_DEADLINE &&
	       e->b != 0 && e->c == 1 && span_vcpu(host, e->tid) == (int)vcpu;
}

static enum witness of_timer(const struct trace_log *log,
			     const struct span_host *host,
			     const struct explained *e)
{
	size_t i = trace_log_find(log, e->span.end + 1);
	uint64_t since = 0;
	unsigned int n = 0;

	if (!host->arms)
		return WITNESS_NONE;
	if (host->blocks) {
		long at = blocks_find(host->blocks, e->span.end);

		since = at < 0 ? UINT64_MAX : host->blocks->list[at].begin;
	}
	for (; i-- > 0 && n < LOOK_BACK && log->events[i].tsc >= since; n++)
		if (is_deadline(&log->events[i], host, e->span.vcpu))
			return log->events[i].b == e->span.begin ? WITNESS_TRUE
								 : WITNESS_ODD;
	return WITNESS_NONE;
}

enum witness witness_of(const struct trace_log *log,
			const struct span_host *host, const struct explained *e)
{
	switch (e->span.kind) {
	case SPAN_IPI:
	case SPAN_RTT:
		return of_ipi(log, host, e);
	case SPAN_TIMER:
		return of_timer(log, host, e);
	default:
		return WITNESS_NONE;
	}
}

void explain_witness(struct explain *x, const struct explained *e, size_t nr,
		     const struct trace_log *log, const struct span_host *host)
{
	for (size_t i = 0; i < nr; i++) {
		enum witness w = witness_of(log, host, &e[i]);

		x->nr_witnessed += w == WITNESS_TRUE;
		x->nr_odd += w == WITNESS_ODD;
	}
}
