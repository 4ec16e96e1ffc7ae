/* SPDX-License-Identifier: BSD-2-Clause */
/* bad-window.c - windows out of order or range are refused: CRASH. */
#include "guest-firmware/fw.h"

enum {
	RANGE,
	HIGHEST,
	END_FIRST,
	TWICE,
	AGAIN
};

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
	}
}

PAYLOAD("bad-window", bad_window, .summary = "windows in a wrong order",
	.limit_ms = 2000,
	.params = {
		{.name = "case",
		 .choices = "range|highest|end-first|twice|again",
		 .kind = PARAM_ENUM},
	});
