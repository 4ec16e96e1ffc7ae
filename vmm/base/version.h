/* SPDX-License-Identifier: BSD-2-Clause */
/* version.h - of the program; the files' schemas have their own. */
#ifndef VMM_BASE_VERSION_H
#define VMM_BASE_VERSION_H

#define LATVISOR_VERSION "0.1.0"

/* "1a2b3c4d5e6f", with "-dirty" behind it; empty: not built from a clone. */
const char *version_commit(void);

#endif
