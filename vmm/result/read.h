/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * read.h - a result out of its file, the inverse of write.h.  A file is hostile
 * input: every value is checked before it is used, and what can be worked out
 * (quantiles, tail, merged metrics, thresholds) is worked out anew.
 */
#ifndef VMM_RESULT_READ_H
#define VMM_RESULT_READ_H

#include <stddef.h>
#include <stdio.h>

#include "vmm/result/result.h"

/*
 * Reads from f, which messages call name.  NULL: error (len bytes) has one
 * sentence with what was wanted, what was got and where.
 */
struct result *result_read(FILE *f, const char *name, char *error, size_t len);

#endif
