/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lines.h - source lines of a payload's code, out of its DWARF.  The only user
 * of libdw.  The file is hostile: what is read of it is bounded.
 */
#ifndef VMM_PAYLOAD_LINES_H
#define VMM_PAYLOAD_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/payload/image.h"

#define LINES_TEXT_LEN 128

/* No section that is read is larger, and no file has more lines of code. */
#define LINES_MOST_BYTES (4u << 20)
#define LINES_MOST_INFO	 (32u << 20)
#define LINES_MOST_ROWS	 (1u << 20)
#define LINES_MOST_UNITS 4096

struct lines;

/*
 * The lines of an image, which outlives them.  NULL: it has none that can be
 * read (linked without them, compressed, elsewhere, too many).  Dies without
 * memory.
 */
struct lines *lines_open(const struct image *image);

/*
 * "guest-firmware/irq.h:120", the line whose code is at gpa, into text; false,
 * and "": none is.  '?' for what is not printable; a long path loses its begin.
 */
bool lines_find(struct lines *lines, uint64_t gpa, char text[LINES_TEXT_LEN]);

/* NULL does nothing. */
void lines_close(struct lines *lines);

#endif
