/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * param.h - the payload's parameters and the machine's devices, from the
 * device tree.  Reading it takes thousands of instructions: before the first
 * sample, and only what is needed.
 */
#ifndef FW_PARAM_H
#define FW_PARAM_H

#include <stdbool.h>
#include <stdint.h>

struct param_value {
	uint64_t lo, hi; /* hi: PARAM_RANGE, else equal to lo */
};

/*
 * All parameters of the payload's note in its order.  The vmm checked them
 * against the note; a tree without one of them ends the run with ERROR.
 */
void params_load(struct param_value *values, unsigned int nr);

/* A cell (32 bits) of a node found by its path; false: there is none. */
bool machine_u32(const char *path, const char *property, uint32_t *value);

#endif
