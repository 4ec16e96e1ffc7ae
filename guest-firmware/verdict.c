/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict.c - see verdict.h. */
#include <stdarg.h>

#include "guest-firmware/abi/verdict.h"
#include "guest-firmware/control.h"
#include "guest-firmware/print.h"
#include "guest-firmware/verdict.h"

static void verdict(enum verdict v, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void verdict(enum verdict v, const char *fmt, va_list ap)
{
	struct result_area *r = fw_result();

	if (r->verdict >= (uint32_t)v)
		return;
	r->verdict = v;
	print_to_buffer(r->reason, sizeof(r->reason), fmt, ap);
}

#define VERDICT_FN(fn, v)             \
	void fn(const char *fmt, ...) \
	{                             \
		va_list ap;           \
                                      \
		va_start(ap, fmt);    \
		verdict(v, fmt, ap);  \
		va_end(ap);           \
	}

VERDICT_FN(verdict_skip, VERDICT_SKIP)
VERDICT_FN(verdict_fail, VERDICT_FAIL)
VERDICT_FN(verdict_error, VERDICT_ERROR)
