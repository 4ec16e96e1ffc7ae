/* SPDX-License-Identifier: BSD-2-Clause */
/* nameless.h - a file without a name, which no end of the program leaves
 * behind. */
#ifndef VMM_BASE_NAMELESS_H
#define VMM_BASE_NAMELESS_H

/*
 * To write and read, empty: beside the file that path leads to, whose disk must
 * have the room, if it is one; else among temporary files.  A descriptor, or -1
 * and errno.
 */
int nameless_open(const char *path);

#endif
