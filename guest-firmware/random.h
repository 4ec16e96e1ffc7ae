/* SPDX-License-Identifier: BSD-2-Clause */
/* random.h - numbers that are as random as gaps between samples have to be. */
#ifndef FW_RANDOM_H
#define FW_RANDOM_H

#include <stdint.h>

/* xorshift64*: fast, good enough to spread samples over a period. */
uint64_t random_below(uint64_t *state, uint64_t bound);

#endif
