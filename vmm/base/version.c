/* SPDX-License-Identifier: BSD-2-Clause */
/* version.c - see version.h; the Makefile says what LATVISOR_COMMIT is. */
#include "vmm/base/version.h"

#ifndef LATVISOR_COMMIT
#define LATVISOR_COMMIT ""
#endif

const char *version_commit(void)
{
	return LATVISOR_COMMIT;
}
