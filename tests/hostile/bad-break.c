/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-break.c - says that a sample is above --break-at when none is, or does
 * not say it of one that is: CRASH where nobody asked or there can be no such
 * metric, else ERROR.
 */
#include "guest-firmware/fw.h"

enum {
	BELOW,
	METRIC,
	RANGE,
	HIGHEST,
	HUGE,
	TIMELESS,
	SILENT
};

static void bad_break(void)
{
	struct param_value p;
	struct measure m;

	params_load(&p, 1);
	m = metric_add("calm", 0, METRIC_NO_WINDOW, 0);
	measure_record(&m, 1, rdtsc());
	switch (p.lo) {
	case BELOW:
		fw_control(CTL_BREAK, 0);
		break;
	case METRIC:
		fw_control(CTL_BREAK, 1);
		break;
	case RANGE:
		fw_control(CTL_BREAK, RESULT_MAX_METRICS);
		break;
	case HIGHEST:
		fw_control(CTL_BREAK, 0xffffff);
		break;
	case HUGE: /* minus one as a signed number */
		m.hist->worst[0].value = UINT64_MAX;
		fw_control(CTL_BREAK, 0);
		break;
	case SILENT: /* goes on */
		m.hist->break_at = 0;
		measure_record(&m, 1ull << 34, rdtsc());
		metric_done(&m);
		break;
	case TIMELESS:
		m.hist->worst[0].value = 1ull << 40;
		m.hist->worst[0].tsc = 0;
		fw_control(CTL_BREAK, 0);
		break;
	}
}

PAYLOAD("bad-break", bad_break,
	.summary = "tells of a sample above the limit that is none",
	.limit_ms = 2000, .hists = 1,
	.params = {
		{.name = "case",
		 .choices = "below|metric|range|highest|huge|timeless|silent",
		 .kind = PARAM_ENUM},
	});
