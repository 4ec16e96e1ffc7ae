/* SPDX-License-Identifier: BSD-2-Clause */
/* proc.h - the parts of proc.c that only func.c uses. */
#ifndef FUNC_PROC_H
#define FUNC_PROC_H

#include <stddef.h>

/* Ends what a test that failed left running. */
void proc_kill_all(void);

/* The whole file, NUL-terminated; closes it.  To be freed. */
char *proc_read(int fd, size_t *len);

#endif
