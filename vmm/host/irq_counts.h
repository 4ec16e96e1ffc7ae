/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq_counts.h - one CPU's column of /proc/interrupts or /proc/softirqs
 * (Documentation/filesystems/proc.rst).  The files are as long as the host is
 * large; nothing of them is kept but that column.
 */
#ifndef VMM_HOST_IRQ_COUNTS_H
#define VMM_HOST_IRQ_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IRQ_NAME_LEN	24
#define IRQ_MAX_SOURCES 512

struct irq_source {
	char name[IRQ_NAME_LEN]; /* "LOC", or "24 nvme0q1" */
	uint64_t count;		 /* since the boot, modulo 2^32 */
};

struct irq_counts {
	bool known;	   /* the file was read and has that CPU */
	uint64_t unlisted; /* of all sources that had no room */
	uint32_t nr;
	struct irq_source source[IRQ_MAX_SOURCES];
};

/* Reads the file from its begin, a piece at a time: no allocation. */
void irq_counts_read(struct irq_counts *c, int fd, int cpu);

/* What all sources counted between a and b. */
uint64_t irq_counts_total(const struct irq_counts *a,
			  const struct irq_counts *b);

/*
 * The sources that counted most between a and b, at most nr, the first one
 * most, into top with what they counted; their number.
 */
unsigned int irq_counts_top(const struct irq_counts *a,
			    const struct irq_counts *b, struct irq_source *top,
			    unsigned int nr);

#endif
