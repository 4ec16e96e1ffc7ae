/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timeline.h - where the time of start-up goes (--timeline).  Only from the
 * main thread.
 */
#ifndef VMM_BASE_TIMELINE_H
#define VMM_BASE_TIMELINE_H

#include <stdbool.h>

/* Off, every mark costs one load.  On, time runs from here. */
void timeline_enable(bool on);

/* What was done since the last mark; a literal. */
void timeline_mark(const char *what);

/* Prints the marks on stderr. */
void timeline_print(void);

#endif
