/* SPDX-License-Identifier: BSD-2-Clause */
/* param_desc.h - parameters that many payloads have, for their .params. */
#ifndef FW_PARAM_DESC_H
#define FW_PARAM_DESC_H

#include "guest-firmware/abi/modes.h"
#include "guest-firmware/abi/payload.h"

/* what: the help; most, n: the greatest value and the default. */
#define PARAM_DESC_SAMPLES(what, most, n)                                  \
	{                                                                  \
		.name = "samples", .help = what, .kind = PARAM_U64,        \
		.role = PARAM_ROLE_COUNT, .min = 1, .max = most, .def = n, \
	}

#define PARAM_DESC_WARMUP(what, most, n)                                    \
	{                                                                   \
		.name = "warmup", .help = what, .kind = PARAM_U64,          \
		.role = PARAM_ROLE_WARMUP, .min = 0, .max = most, .def = n, \
	}

/* Random between lo and hi. */
#define PARAM_DESC_GAP_US(what, least, most, lo, hi)                  \
	{                                                             \
		.name = "gap_us", .help = what, .kind = PARAM_RANGE,  \
		.role = PARAM_ROLE_PERIOD, .min = least, .max = most, \
		.def = lo, .def_hi = hi,                              \
	}

/* Instead of samples, when it is not 0. */
#define PARAM_DESC_DURATION_S                                             \
	{                                                                 \
		.name = "duration_s",                                     \
		.help = "run that long instead of samples; 0: samples",   \
		.kind = PARAM_U64, .role = PARAM_ROLE_DURATION, .min = 0, \
		.max = RUN_MAX_S, .def = 0,                               \
	}

/* abi/modes.h */
#define PARAM_DESC_PAGE                                                    \
	{                                                                  \
		.name = "page", .help = "pages behind the guest's memory", \
		.choices = PAGE_CHOICES, .kind = PARAM_ENUM,               \
		.role = PARAM_ROLE_PAGE,                                   \
	}

#endif
