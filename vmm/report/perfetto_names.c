/* SPDX-License-Identifier: BSD-2-Clause */
/* perfetto_names.c - see perfetto_parts.h: what threads are called. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmm/base/room.h"
#include "vmm/report/perfetto_parts.h"

#define NR_TIDS (1u << 22) /* the kernel's PID_MAX_LIMIT */

struct thread_names {
	uint32_t text[NR_TIDS]; /* by thread: the log's; mostly not touched */
};

struct thread_names *thread_names_new(const struct trace_log *log)
{
	struct thread_names *names = room_for(1, sizeof(*names), PERFETTO_ROOM);

	for (size_t i = 0; i < log->nr; i++) {
		const struct trace_event *e = &log->events[i];

		if ((e->kind == TRACE_SWITCH || e->kind == TRACE_WAKING ||
		     e->kind == TRACE_WAKEUP) &&
		    e->text && e->a < NR_TIDS)
			names->text[e->a] = e->text;
	}
	return names;
}

void thread_name(const struct thread_names *names, const struct recording *r,
		 int32_t tid, char name[PERFETTO_NAME_LEN])
{
	const struct span_host *host = &r->host;
	int vcpu = span_vcpu(host, tid);
	const char *comm = "";

	if (tid >= 0 && (uint32_t)tid < NR_TIDS)
		comm = trace_log_text(r->trace.log, names->text[tid]);
	if (tid == 0)
		snprintf(name, PERFETTO_NAME_LEN, "idle");
	else if (vcpu >= 0)
		snprintf(name, PERFETTO_NAME_LEN, "vCPU %d", vcpu);
	else if (tid == host->main_tid)
		snprintf(name, PERFETTO_NAME_LEN, "main thread");
	else if (*comm)
		snprintf(name, PERFETTO_NAME_LEN, "%s", comm);
	else
		snprintf(name, PERFETTO_NAME_LEN, "thread %" PRId32, tid);
}

void thread_names_free(struct thread_names *names)
{
	free(names);
}
