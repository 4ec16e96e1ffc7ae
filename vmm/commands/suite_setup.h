/* SPDX-License-Identifier: BSD-2-Clause */
/* suite_setup.h - an entry of the suite, made ready to run. */
#ifndef VMM_COMMANDS_SUITE_SETUP_H
#define VMM_COMMANDS_SUITE_SETUP_H

#include <stdbool.h>
#include <stdio.h>

#include "vmm/commands/suite.h"
#include "vmm/result/result.h"
#include "vmm/setup/setup.h"

struct suite_setup {
	struct run_setup setup;
	const char *args[SUITE_MAX_ARGS + 1];
	unsigned int nr; /* of args */
	char json[4096], amount[48];
};

/* It has fewer CPUs than an entry that takes no fewer. */
bool suite_lacks_vcpus(const struct config *config,
		       const struct suite_entry *e);

/*
 * share: of the entry's samples; out: the folder of result files, NULL: none.
 * Dies; the setup is setup_free()'s.
 */
void suite_prepare(struct suite_setup *s, const struct config *config,
		   const struct suite_entry *e, double share, const char *out);

/* Dies of a name of --fail-if that no entry has: it would be for nothing. */
void suite_check_thresholds(const struct config *config);

/* Which of KVM's paths its runs took, as in their reports. */
struct suite_paths {
	char *of[SUITE_MAX]; /* NULL: none yet */
};

void suite_take_path(struct suite_paths *p, const struct suite_entry *e,
		     const struct result *r);
void suite_print_paths(const struct suite_paths *p, FILE *out);
void suite_free_paths(struct suite_paths *p);

#endif
