/* SPDX-License-Identifier: BSD-2-Clause */
/* stages.c - see stages.h: a sample's boundaries and its way. */
#include <stdio.h>
#include <string.h>

#include "vmm/result/stages.h"

const char *span_path_name(enum span_path path)
{
	static const char *const names[NR_SPAN_PATHS] = {
		[PATH_SLEPT] = "slept",		[PATH_AWAKE] = "CPU awake",
		[PATH_POLLED] = "polled",	[PATH_RUNNING] = "running",
		[PATH_PREEMPTED] = "preempted",
	};

	return names[path];
}

int span_vcpu(const struct span_host *host, int32_t tid)
{
	for (uint32_t v = 0; v < host->nr_vcpus; v++)
		if (host->tid[v] == tid)
			return (int)v;
	for (unsigned int i = 0; i < host->nr_earlier; i++)
		if (host->earlier[i].tid == tid)
			return (int)host->earlier[i].vcpu;
	return -1;
}

bool span_thread_name(const struct span_host *host, int32_t tid, char *name,
		      size_t len)
{
	int vcpu = span_vcpu(host, tid);

	if (vcpu >= 0)
		snprintf(name, len, "vCPU %d", vcpu);
	else if (tid == host->main_tid)
		snprintf(name, len, "main thread");
	else
		return false;
	return true;
}

/* From one vCPU to another: both, or false. */
static bool is_sent(const struct span_host *host, const struct trace_event *e,
		    int *from, int *to)
{
	if (e->kind != TRACE_KVM_ACCEPT_IRQ || e->a >= host->nr_vcpus)
		return false;
	*from = span_vcpu(host, e->tid);
	*to = (int)e->a;
	return *from >= 0 && *from != *to;
}

/*
 * Who sends, and who is sent to: of a round trip, the sample's vCPU sends, and
 * its IPI's destination is its APIC ID, which is its number.
 */
static void find_parties(const struct trace_log *log,
			 const struct span_host *host, const struct span *span,
			 size_t first, size_t last, struct span_cut *cut)
{
	bool is_rtt = span->kind == SPAN_RTT;

	cut->target = is_rtt ? -1 : (int)span->vcpu;
	cut->sender = is_rtt ? (int)span->vcpu : -1;
	if (!is_rtt && span->kind != SPAN_IPI)
		return;
	for (size_t i = first; i < last; i++) {
		int from, to;

		if (!is_sent(host, &log->events[i], &from, &to))
			continue;
		if (is_rtt && from == cut->sender) {
			cut->target = to;
			return;
		}
		if (!is_rtt && to == cut->target) {
			cut->sender = from;
			return;
		}
	}
}

static bool is_vcpu(const struct span_host *host, int vcpu, int32_t tid)
{
	return vcpu >= 0 && span_vcpu(host, tid) == vcpu;
}

/* A function that has no name may be any; the compiler adds to names: ".cold".
 */
static bool is_function(const struct trace_log *log,
			const struct trace_event *e, const char *function)
{
	const char *name = trace_log_text(log, e->text);
	size_t len = strcspn(name, ".");

	return !function || !e->text ||
	       (len == strlen(function) && memcmp(name, function, len) == 0);
}

static bool is_boundary(const struct trace_log *log,
			const struct trace_event *e, const struct stage *s,
			const struct span_host *host,
			const struct span_cut *cut)
{
	bool by_sender = s->owner == BY_SENDER;
	int self = by_sender ? cut->sender : cut->target;
	int other = by_sender ? cut->target : cut->sender;

	if (e->kind != s->kind || !is_function(log, e, s->function))
		return false;
	if (s->owner == TO_TARGET)
		return e->kind != TRACE_KVM_ACCEPT_IRQ ||
		       e->a == (uint64_t)cut->target;
	/* What is sent has to be sent to the other one; else it is its own. */
	if (e->kind == TRACE_KVM_ACCEPT_IRQ &&
	    e->a != (uint64_t)(s->is_sent ? other : self))
		return false;
	switch (s->owner) {
	case BY_SENDER:
		return is_vcpu(host, cut->sender, e->tid);
	case BY_TARGET:
		return is_vcpu(host, cut->target, e->tid);
	case OF_SENDER:
		return is_vcpu(host, cut->sender, (int32_t)e->a);
	case OF_TARGET:
		return is_vcpu(host, cut->target, (int32_t)e->a);
	default:
		return cut->target >= 0 && e->cpu == host->cpu[cut->target];
	}
}

static void found(struct span_cut *cut, unsigned int i, uint64_t tsc)
{
	cut->found |= 1u << i;
	cut->at[i] = tsc;
}

/* Those between two that were sent, the last of their kinds, from the back. */
static void find_between(const struct trace_log *log,
			 const struct span_host *host, const struct span *span,
			 const unsigned int stage[2], const size_t event[2],
			 struct span_cut *cut)
{
	const struct stage *stages = stage_list(span->kind);
	size_t last = event[1];

	for (unsigned int k = stage[1]; k-- > stage[0];) {
		if (stages[k].is_sent ||
		    (stages[k].with_next && !(cut->found & 2u << k)))
			continue;
		for (size_t i = last; i-- > event[0];) {
			const struct trace_event *e = &log->events[i];

			if (!is_boundary(log, e, &stages[k], host, cut))
				continue;
			found(cut, k, e->tsc);
			last = i;
			break;
		}
	}
}

/*
 * What is sent is sent once: the first of its kind after the one before.  In
 * between a vCPU may have been woken, or have entered the guest, in vain: there
 * the last of each kind counts.
 */
static void find_boundaries(const struct trace_log *log,
			    const struct span_host *host,
			    const struct span *span, size_t first, size_t last,
			    struct span_cut *cut)
{
	const struct stage *stages = stage_list(span->kind);
	unsigned int nr = stages_nr(span->kind) - 1, after = 0;

	for (unsigned int k = 0; k < nr; k++)
		for (size_t i = first; stages[k].is_sent && i < last; i++) {
			if (!is_boundary(log, &log->events[i], &stages[k], host,
					 cut))
				continue;
			find_between(log, host, span,
				     (unsigned int[]){after, k},
				     (size_t[]){first, i}, cut);
			found(cut, k, log->events[i].tsc);
			after = k + 1;
			first = i + 1;
			break;
		}
	find_between(log, host, span, (unsigned int[]){after, nr},
		     (size_t[]){first, last}, cut);
}

/* What else shows which way it took. */
struct way {
	bool was_woken, cpu_was_woken, halted, polled, others;
};

static bool is_wake_ipi(const struct trace_event *e)
{
	return e->kind == TRACE_CALL_IPI || e->kind == TRACE_RESCHEDULE_IPI ||
	       e->kind == TRACE_LOCAL_TIMER;
}

/* Another thread has a CPU that a party wants. */
static bool takes_cpu(const struct trace_event *e, const struct span_host *host,
		      int vcpu)
{
	return vcpu >= 0 && e->kind == TRACE_SWITCH &&
	       e->cpu == host->cpu[vcpu] && e->a != 0 &&
	       span_vcpu(host, (int32_t)e->a) != vcpu;
}

static void look(const struct trace_event *e, const struct span_host *host,
		 const struct span_cut *cut, struct way *way)
{
	bool here = cut->target >= 0 && e->cpu == host->cpu[cut->target];

	if (e->kind == TRACE_WAKING &&
	    is_vcpu(host, cut->target, (int32_t)e->a))
		way->was_woken = true;
	/* Whatever else runs there, the idle task apart: it found it awake. */
	if (here && is_wake_ipi(e) && e->tid == 0)
		way->cpu_was_woken = true;
	if (e->kind == TRACE_KVM_VCPU_WAKEUP &&
	    is_vcpu(host, cut->target, e->tid)) {
		way->halted = true;
		way->polled = e->b == 0;
	}
	if (takes_cpu(e, host, cut->target) || takes_cpu(e, host, cut->sender))
		way->others = true;
}

static enum span_path path_of(const struct way *way)
{
	if (way->others)
		return PATH_PREEMPTED;
	if (way->was_woken)
		return way->cpu_was_woken ? PATH_SLEPT : PATH_AWAKE;
	return way->halted && way->polled ? PATH_POLLED : PATH_RUNNING;
}

void span_cut(const struct trace_log *log, const struct span_host *host,
	      const struct span *span, struct span_cut *cut)
{
	size_t first = trace_log_find(log, span->begin);
	size_t last = first;
	struct way way = {0};

	while (last < log->nr && log->events[last].tsc <= span->end)
		last++;
	*cut = (struct span_cut){.found = 0};
	find_parties(log, host, span, first, last, cut);
	for (size_t i = first; i < last; i++)
		look(&log->events[i], host, cut, &way);
	cut->path = path_of(&way);
	find_boundaries(log, host, span, first, last, cut);
	found(cut, stages_nr(span->kind) - 1, span->end);
}

unsigned int span_ipis(const struct trace_log *log,
		       const struct span_host *host, const struct span *span,
		       const struct span_cut *cut)
{
	unsigned int nr = 0;
	int from, to;

	for (size_t i = trace_log_find(log, span->begin);
	     i < log->nr && log->events[i].tsc <= span->end; i++)
		nr += is_sent(host, &log->events[i], &from, &to) &&
		      from == cut->sender && to == cut->target;
	return nr;
}

bool spans_show_ipis(const struct trace_log *log, const struct span_host *host)
{
	int from, to;

	for (size_t i = 0; i < log->nr; i++)
		if (is_sent(host, &log->events[i], &from, &to))
			return true;
	return false;
}
