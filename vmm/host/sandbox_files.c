/* SPDX-License-Identifier: BSD-2-Clause */
/* sandbox_files.c - see sandbox_files.h. */
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/atomic_file.h"
#include "vmm/base/die.h"
#include "vmm/host/cpu_lock.h"
#include "vmm/host/dma_latency.h"
#include "vmm/host/landlock.h"
#include "vmm/host/sandbox_files.h"
#include "vmm/host/tracefs.h"

/* Where no file is named none can be made. */
static void let_make(struct landlock *l, const char *name)
{
	struct file_place p;
	int err = name ? file_place(name, &p) : 0;

	if (err)
		die("%s: %s", name, strerror(-err));
	if (!name || p.fd >= 0)
		return;
	if (atomic_file_is_direct(&p))
		landlock_write(l, p.path);
	else
		landlock_make(l, dirname(p.path));
}

/* Other VMs have trace instances of their own. */
static void let_trace(struct landlock *l, bool again)
{
	int dir = tracefs_dir(), fd;

	if (dir < 0)
		return;
	landlock_remove_fd(l, dir);
	if (!again)
		return;
	fd = openat(dir, "instances", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	landlock_folders_fd(l, fd);
	close(fd);
}

int sandbox_restrict_files(const struct sandbox_wish *wish)
{
	static const char *const read[] = {
		"/proc",
		"/sys",
		"/dev/cpu",
		"/etc/localtime",
		"/usr/share/zoneinfo",
	};
	struct landlock *l = landlock_new();

	if (!l)
		return 0;
	for (size_t i = 0; i < sizeof(read) / sizeof(*read); i++)
		landlock_read(l, read[i]);
	if (wish->needs & (NEED_COUNTERS | NEED_RUNS)) {
		int dir = tracefs_dir();

		if (dir >= 0)
			landlock_read_fd(l, dir);
	}
	if (wish->needs & NEED_TRACE)
		let_trace(l, wish->needs & NEED_RUNS);
	if (wish->needs & NEED_RUNS) {
		char payloads[PATH_MAX];

		snprintf(payloads, sizeof(payloads), "%s", wish->payloads);
		landlock_read(l, dirname(payloads));
		landlock_write(l, "/dev/kvm");
		landlock_write(l, DMA_LATENCY_FILE);
		landlock_write(l, CPU_LOCK_FOLDER "/" CPU_LOCK_FILE);
	}
	for (int i = 0; i < SANDBOX_MAX_FILES; i++)
		let_make(l, wish->files[i]);
	return landlock_enforce(l);
}
