/* SPDX-License-Identifier: BSD-2-Clause */
/* version.c - see version.h. */
#include "vmm/base/version.h"

#ifndef LATVISOR_COMMIT
#define LATVISOR_COMMIT	 ""
#define LATVISOR_VERSION "0"
#endif

const char *version_string(void)
{
	return LATVISOR_VERSION;
}

const char *version_commit(void)
{
	return LATVISOR_COMMIT;
}
