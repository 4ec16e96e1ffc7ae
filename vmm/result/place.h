/* SPDX-License-Identifier: BSD-2-Clause */
/* place.h - a place in the guest's code. */
#ifndef VMM_RESULT_PLACE_H
#define VMM_RESULT_PLACE_H

#include <stdint.h>

struct result_place {
	uint64_t rip;
	char symbol[128], instruction[128]; /* the latter empty: no code */
};

#endif
