/* SPDX-License-Identifier: BSD-2-Clause */
/* any_result.h - results that no run gave, for what must hold of all of them.
 */
#ifndef TESTS_UNIT_ANY_RESULT_H
#define TESTS_UNIT_ANY_RESULT_H

#include "vmm/result/result.h"

/* The same for the same seed; to be freed by result_free(). */
struct result *any_result(uint64_t seed);

#endif
