/* SPDX-License-Identifier: BSD-2-Clause */
/* sandbox_files.h - which files a run may open, and where it may make some. */
#ifndef VMM_HOST_SANDBOX_FILES_H
#define VMM_HOST_SANDBOX_FILES_H

#include "vmm/host/sandbox_wish.h"

/*
 * For the calling thread and those that it starts from now on.  The version of
 * the kernel's Landlock; 0: it has none.  Dies when a file has no place.
 */
int sandbox_restrict_files(const struct sandbox_wish *wish);

#endif
