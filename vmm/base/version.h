/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * version.h - of the program; the files' schemas have their own.  The Makefile
 * says both: git describe, or the file VERSION and the commit.
 */
#ifndef VMM_BASE_VERSION_H
#define VMM_BASE_VERSION_H

/* "0.1.0", or "0.1.0-g1a2b3c4d5e6f-dirty" between two versions. */
const char *version_string(void);

/* "1a2b3c4d5e6f", with "-dirty" behind it; empty: not built from a clone. */
const char *version_commit(void);

#endif
