/* SPDX-License-Identifier: BSD-2-Clause */
/* settings.h - commands of doctor's as values of files. */
#ifndef VMM_REPORT_SETTINGS_H
#define VMM_REPORT_SETTINGS_H

#include <stdbool.h>

struct setting {
	char value[128], path[192];
};

typedef void setting_visitor(void *arg, const struct setting *s);

/*
 * "echo VALUE > FILE", also of several CPUs ("for cpu in 2 3; do ... $cpu ...;
 * done"): each of them.  False: the command does something else, and nothing
 * was visited.
 */
bool settings_of(const char *command, setting_visitor *visit, void *arg);

#endif
