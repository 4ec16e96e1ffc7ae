/* SPDX-License-Identifier: BSD-2-Clause */
/* event_text.h - a recorded event, as people read it. */
#ifndef VMM_RESULT_EVENT_TEXT_H
#define VMM_RESULT_EVENT_TEXT_H

#include "vmm/result/explain.h"

/*
 * Who runs: "vCPU 1", "main thread", a thread's name as it was before event at;
 * on which CPU.
 */
void event_runner(const struct trace_log *log, const struct span_host *host,
		  int32_t tid, int cpu, size_t at, char who[EXPLAIN_WHO_LEN]);

/* Event at: its name, and what a number or a text of it means, if that says
 * more. */
void event_text(const struct trace_log *log, const struct span_host *host,
		size_t at, char what[EXPLAIN_WHAT_LEN]);

#endif
