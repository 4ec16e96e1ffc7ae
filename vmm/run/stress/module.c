/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * module.c - a module loaded and unloaded: the kernel's code is patched on all
 * CPUs, memory becomes code, RCU is waited for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/run/stress.h"

#define TURN_US 20000

/* Network devices that do nothing, and are nobody's. */
static const char *const modules[] = {"dummy", "ifb", "nlmon"};

static bool modprobe(const char *option, const char *name)
{
	char command[96];

	snprintf(command, sizeof(command),
		 "modprobe -q %.4s %.32s >/dev/null 2>&1", option, name);
	return system(command) == 0;
}

/* One that is not loaded and could be; NULL: none. */
static const char *choose(void)
{
	char path[64];

	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", modules[i]);
		if (access(path, F_OK) != 0 && modprobe("-n", modules[i]))
			return modules[i];
	}
	return NULL;
}

static bool lacks(const struct stress_host *h, char *why, size_t len)
{
	(void)h;
	if (access("/proc/modules", R_OK) != 0 || !stress_installed("modprobe"))
		snprintf(why, len, "a kernel with modules, and modprobe(8)");
	else if (geteuid() != 0)
		snprintf(why, len, "root");
	else if (!choose())
		snprintf(why, len,
			 "one of the modules dummy, ifb, nlmon, not loaded");
	else
		return false;
	return true;
}

static void keep(const struct stress_host *h, struct stress_kept *k)
{
	const char *name = choose();

	(void)h;
	snprintf(k->text, sizeof(k->text), "%s", name ? name : "");
}

/* It was not there before. */
static void undo(const struct stress_host *h, struct stress_kept *k)
{
	(void)h;
	if (k->text[0])
		modprobe("-r", k->text);
}

static void work(const struct stress_job *job)
{
	const char *name = job->kept->text;

	while (*name && modprobe("", name) && modprobe("-r", name)) {
		stress_did(job, 1);
		usleep(TURN_US);
	}
	_exit(1);
}

STRESS(module, .what = "a module loaded and unloaded", .unit = "loads",
       .workers = 1, .lacks = lacks, .keep = keep, .undo = undo, .work = work);
