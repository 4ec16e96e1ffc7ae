/* SPDX-License-Identifier: BSD-2-Clause */
/* room.c - see room.h. */
#include <stdlib.h>

#include "vmm/base/die.h"
#include "vmm/base/room.h"

void *room_for(size_t nr, size_t size, const char *what)
{
	void *p = calloc(nr ? nr : 1, size);

	if (!p)
		die_errno("no memory %s", what);
	return p;
}
