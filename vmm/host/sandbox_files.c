/* SPDX-License-Identifier: BSD-2-Clause */
/* sandbox_files.c - see sandbox_files.h. */
#include <libgen.h>
#include <stdio.h>
#include <string.h>

#include "vmm/base/atomic_file.h"
#include "vmm/base/die.h"
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
	if (wish->needs & NEED_TRACE && tracefs_dir() >= 0)
		landlock_remove_fd(l, tracefs_dir());
	if (wish->needs & NEED_RUNS) {
		char payloads[PATH_MAX];

		snprintf(payloads, sizeof(payloads), "%s", wish->payloads);
		landlock_read(l, dirname(payloads));
		landlock_write(l, "/dev/kvm");
	}
	for (int i = 0; i < SANDBOX_MAX_FILES; i++)
		let_make(l, wish->files[i]);
	return landlock_enforce(l);
}
