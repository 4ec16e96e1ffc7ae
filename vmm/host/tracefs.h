/* SPDX-License-Identifier: BSD-2-Clause */
/* tracefs.h - the kernel's trace files, whether or not somebody mounted them.
 */
#ifndef VMM_HOST_TRACEFS_H
#define VMM_HOST_TRACEFS_H

#include <stdio.h>

/*
 * Its root, opened once and never closed: -1, and errno.
 */
int tracefs_dir(void);

/*
 * Opens a file of tracefs for reading, such as "events/kvm/kvm_msr/id"
 * (Documentation/trace/ftrace.rst).  Where tracefs is not mounted, from
 * own_mount().  NULL, and errno.
 */
FILE *tracefs_open(const char *name);

#endif
