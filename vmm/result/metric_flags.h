/* SPDX-License-Identifier: BSD-2-Clause */
/* metric_flags.h - METRIC_* of abi/result.h as words of the result file. */
#ifndef VMM_RESULT_METRIC_FLAGS_H
#define VMM_RESULT_METRIC_FLAGS_H

#include "guest-firmware/abi/result.h"

static const struct {
	uint32_t bit;
	const char *name;
} metric_flags[] = {
	{METRIC_SIGNED, "signed"},	 {METRIC_PER_OP, "per_operation"},
	{METRIC_COUNTED, "counted"},	 {METRIC_PART, "part"},
	{METRIC_DISTURBED, "disturbed"}, {METRIC_NO_WINDOW, "no_window"},
	{METRIC_GAPS, "gaps"},		 {METRIC_DEADLINES, "deadlines"},
	{METRIC_PHASES, "phases"},	 {METRIC_IPI, "ipi"},
	{METRIC_TIMER, "timer"},	 {METRIC_PULSE, "pulse"},
	{METRIC_RTT, "round_trip"},	 {METRIC_NO_SPAN, "no_span"},
};
#define NR_METRIC_FLAGS (sizeof(metric_flags) / sizeof(*metric_flags))

#endif
