/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-window.c - windows out of order or range are refused: CRASH.  One that is
 * never ended, that is nobody's, or that is not there: ERROR.
 */
#include "guest-firmware/fw.h"

enum {
	RANGE,
	HIGHEST,
	END_FIRST,
	TWICE,
	AGAIN,
	OPEN,
	OTHER,
	NONE,
	NAP
};

/* A metric that is done; whether its window was depends. */
static void measure(uint64_t how)
{
	bool nap = how == NAP;
	struct measure m = metric_add("lies", 0, nap ? METRIC_NO_WINDOW : 0, 1);

	/* Who was asleep can be told from a window only. */
	m.metric->blocking = nap;
	if (how == OPEN || how == OTHER)
		window_begin(&m);
	measure_record(&m, 1000, rdtsc());
	if (how == OTHER) {
		window_end(&m);
		fw_control(CTL_WINDOW_BEGIN, 1);
	}
	metric_done(&m);
}

static void bad_window(void)
{
	struct param_value p;

	params_load(&p, 1);
	switch (p.lo) {
	case RANGE:
		fw_control(CTL_WINDOW_BEGIN, RESULT_MAX_WINDOWS);
		break;
	case HIGHEST:
		fw_control(CTL_WINDOW_END, 0xffffff);
		break;
	case END_FIRST:
		fw_control(CTL_WINDOW_END, 0);
		break;
	case TWICE:
		fw_control(CTL_WINDOW_BEGIN, 3);
		fw_control(CTL_WINDOW_BEGIN, 3);
		break;
	case AGAIN:
		fw_control(CTL_WINDOW_BEGIN, 3);
		fw_control(CTL_WINDOW_END, 3);
		fw_control(CTL_WINDOW_END, 3);
		break;
	default:
		measure(p.lo);
		break;
	}
}

PAYLOAD("bad-window", bad_window, .summary = "windows in a wrong order",
	.limit_ms = 2000, .hists = 2,
	.params = {
		{.name = "case",
		 .choices = "range|highest|end-first|twice|again|open|other|"
			    "none|nap",
		 .kind = PARAM_ENUM},
	});
