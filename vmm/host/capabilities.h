/* SPDX-License-Identifier: BSD-2-Clause */
/* capabilities.h - what root is made of: capabilities(7). */
#ifndef VMM_HOST_CAPABILITIES_H
#define VMM_HOST_CAPABILITIES_H

#include <stdbool.h>

/*
 * The calling thread gives up all that it has, but for CAP_SYS_NICE if that is
 * to be kept.  Dies.
 */
void capabilities_drop(bool keep_nice);

/* CAP_SYS_NICE and its like, below 32: has the calling thread it? */
bool capabilities_has(int capability);

#endif
