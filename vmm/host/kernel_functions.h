/* SPDX-License-Identifier: BSD-2-Clause */
/* kernel_functions.h - names of the functions whose addresses events have. */
#ifndef VMM_HOST_KERNEL_FUNCTIONS_H
#define VMM_HOST_KERNEL_FUNCTIONS_H

#include <stdio.h>

#include "vmm/host/trace_log.h"

/* More functions than these have no name. */
#define KERNEL_FUNCTIONS_MOST 1024

/*
 * /proc/kallsyms, before the sandbox is entered: what it shows later is what
 * who opens it may see (kernel/kallsyms.c).  NULL: there is none.
 */
FILE *kernel_functions_open(void);

/*
 * Gives each event that has a function's address that function's name as its
 * text, where the file has one: it is read once, to its end, and nothing else
 * of it is kept.  NULL: none has a name.  Dies without memory.
 */
void kernel_functions_name(FILE *f, struct trace_log *log);

#endif
