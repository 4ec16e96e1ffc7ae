/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu_lock.h - root's word that it measures on a CPU, which nobody but root can
 * give: locks (fcntl(2), "Open file description locks") on a file in a folder
 * that only root may look into.  They end with the process; the file stays, for
 * each CPU a count in it.
 */
#ifndef VMM_HOST_CPU_LOCK_H
#define VMM_HOST_CPU_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CPU_LOCK_FOLDER "/run/latvisor"
#define CPU_LOCK_FILE	"cpus" /* in it */

/*
 * The file, to be closed.  make: makes the folder and the file where they are
 * missing.  -1: this is not root, others may write there, or there is no such
 * place.
 */
int cpu_lock_open(const char *folder, bool make);

struct cpu_lock {
	bool held;	/* who comes later is seen */
	bool taken;	/* by somebody else as well */
	uint64_t asked; /* times that somebody found it taken, before */
};

/* Never refuses a CPU: all who measure on it have its lock.  fd: -1: none has.
 */
struct cpu_lock cpu_lock_take(int fd, int cpu);

/* Has somebody else its lock?  Nobody notices. */
bool cpu_lock_is_taken(int fd, int cpu);

/* Has somebody come since? */
bool cpu_lock_was_asked(int fd, int cpu, const struct cpu_lock *lock);

#endif
