/* SPDX-License-Identifier: BSD-2-Clause */
/* param_desc.h - parameters that many payloads have, for their .params. */
#ifndef FW_PARAM_DESC_H
#define FW_PARAM_DESC_H

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

#endif
