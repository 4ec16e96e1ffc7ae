/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clocksource.c - the kernel's clock from one source to another: all CPUs stop
 * for it, KVM updates the clock of every guest.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/run/stress.h"

#define FOLDER	"/sys/devices/system/clocksource/clocksource0/"
#define CURRENT FOLDER "current_clocksource"
#define TURN_US 50000

/* A source that is not the present one; false: there is none. */
static bool other(const struct stress_host *h, const char *current, char *name)
{
	char all[STRESS_VALUE_LEN], *at = all, *word;

	if (!stress_read(h, FOLDER "available_clocksource", all))
		return false;
	while ((word = strsep(&at, " ")) != NULL)
		if (*word && strcmp(word, current) != 0) {
			snprintf(name, STRESS_VALUE_LEN, "%s", word);
			return true;
		}
	return false;
}

static bool lacks(const struct stress_host *h, char *why, size_t len)
{
	char current[STRESS_VALUE_LEN], name[STRESS_VALUE_LEN];

	if (!stress_read(h, CURRENT, current) || !other(h, current, name)) {
		snprintf(why, len, "a second clocksource to change to");
		return true;
	}
	return stress_may_not_write(h, CURRENT, why, len);
}

static void keep(const struct stress_host *h, struct stress_kept *k)
{
	stress_keep(h, k, CURRENT);
}

static void work(const struct stress_job *job)
{
	const struct stress_kept *k = job->kept;
	char name[STRESS_VALUE_LEN];

	if (k->nr == 0 || !other(job->host, k->files[0].value, name))
		_exit(1);
	for (bool away = true;; away = !away) {
		if (!stress_write(job->host, CURRENT,
				  away ? name : k->files[0].value))
			_exit(1);
		stress_did(job, 1);
		usleep(TURN_US);
	}
}

STRESS(clocksource, .what = "the clocksource to another and back",
       .unit = "changes", .workers = 1, .lacks = lacks, .keep = keep,
       .undo = stress_give_back, .work = work);
