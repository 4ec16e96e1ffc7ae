/* SPDX-License-Identifier: BSD-2-Clause */
/* room.h - memory that there is, or the program ends. */
#ifndef VMM_BASE_ROOM_H
#define VMM_BASE_ROOM_H

#include <stddef.h>

/*
 * Zeroed, for nr things of size bytes, and for none too: to be freed.  Without
 * memory it dies: "no memory WHAT".
 */
void *room_for(size_t nr, size_t size, const char *what);

#endif
