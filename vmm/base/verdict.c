/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict.c - see verdict.h. */
#include "vmm/base/verdict.h"

const char *verdict_name(enum verdict v)
{
	static const char *const names[NR_VERDICTS] = {
		[VERDICT_NONE] = "ERROR",      [VERDICT_PASS] = "PASS",
		[VERDICT_SKIP] = "SKIP",       [VERDICT_FAIL] = "FAIL",
		[VERDICT_TIMEOUT] = "TIMEOUT", [VERDICT_ERROR] = "ERROR",
		[VERDICT_CRASH] = "CRASH",
	};

	return (unsigned int)v < NR_VERDICTS ? names[v] : "ERROR";
}

int verdict_status(enum verdict v)
{
	static const unsigned char status[NR_VERDICTS] = {
		[VERDICT_NONE] = 99,	 [VERDICT_PASS] = 0,
		[VERDICT_SKIP] = 77,	 [VERDICT_FAIL] = 1,
		[VERDICT_TIMEOUT] = 124, [VERDICT_ERROR] = 99,
		[VERDICT_CRASH] = 3,
	};

	return (unsigned int)v < NR_VERDICTS ? status[v] : 99;
}

int verdict_worse_status(int a, int b)
{
	for (int v = NR_VERDICTS - 1; v > VERDICT_PASS; v--) {
		int status = verdict_status((enum verdict)v);

		if (a == status || b == status)
			return status;
	}
	return a ? a : b;
}

int verdict_whole_status(int worst, bool some_passed, bool interrupted)
{
	bool is_skip = worst == verdict_status(VERDICT_SKIP);

	if (interrupted && (worst == 0 || is_skip))
		return STATUS_INTERRUPTED;
	return some_passed && is_skip ? 0 : worst;
}
