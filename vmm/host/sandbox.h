/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sandbox.h - what is left of the program's rights while a guest runs, so that
 * a guest that has broken out of its vCPU has little of them: a seccomp filter
 * for each kind of thread, Landlock for files, no capabilities for a vCPU's
 * thread (Documentation/userspace-api/{seccomp_filter,landlock}.rst,
 * capabilities(7)).
 *
 * A system call that is not let through returns EPERM to who made it, and is
 * told by its name at the end; the result survives.
 */
#ifndef VMM_HOST_SANDBOX_H
#define VMM_HOST_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/host/sandbox_wish.h"

/* What came of it; all 0: there is none. */
struct sandbox {
	bool seccomp;
	int landlock;	   /* version of its ABI; 0: this kernel has none */
	uint64_t call_tsc; /* what a KVM_RUN is dearer by: cycles of the TSC */
};

/*
 * For the calling thread, which is the main one, and those that it starts from
 * now on.  The first call is the one that counts, later ones add nothing but
 * needs of vCPUs.  Dies when a file has no place.
 */
void sandbox_enter(const struct sandbox_wish *wish);

/* The main thread: no VM comes any more, only files are written. */
void sandbox_files_only(void);

/*
 * A vCPU's thread, before its first KVM_RUN: gives up all capabilities, and
 * every system call but those that a vCPU's thread makes.
 */
void sandbox_vcpu(uint32_t vcpu);

/* The same for a device's thread. */
void sandbox_worker(void);

struct sandbox sandbox_state(void);

/* Why there is no sandbox at all though nobody said so; NULL: there is. */
const char *sandbox_missing(void);

/* The first system call that was refused, as a sentence; false: none was. */
bool sandbox_refused(char *text, size_t len);

/* The same, for whoever asks often. */
bool sandbox_has_refused(void);

#endif
