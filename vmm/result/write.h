/* SPDX-License-Identifier: BSD-2-Clause */
/* write.h - a result as a file, docs/results.md; read.h is its inverse. */
#ifndef VMM_RESULT_WRITE_H
#define VMM_RESULT_WRITE_H

#include "vmm/result/result.h"

#define RESULT_SCHEMA "latvisor-result/3"

/*
 * Writes the whole result to path: a temporary file beside it, flushed, then
 * renamed; "-" is standard output.  0, or -errno with nothing left behind.
 */
int result_write(const struct result *r, const char *path);

/* The same as text, to be freed; NULL: no memory. */
char *result_text(const struct result *r);

#endif
