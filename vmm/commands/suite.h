/* SPDX-License-Identifier: BSD-2-Clause */
/* suite.h - the runs of latvisor bench. */
#ifndef VMM_COMMANDS_SUITE_H
#define VMM_COMMANDS_SUITE_H

#include <stdint.h>

#define SUITE_MAX      64 /* entries */
#define SUITE_MAX_ARGS 5
#define SUITE_S	       85 /* the numbers below, on a slow host, with a margin */

/* What an entry does with other numbers of vCPUs than its own. */
enum suite_fit {
	SUITE_ANY,
	SUITE_AT_LEAST, /* takes more */
	SUITE_AT_MOST,	/* takes fewer */
	SUITE_EXACT,	/* it would be something else */
};

struct suite_entry {
	const char *name; /* of its result file and its line in the summary */
	const char *payload;
	uint32_t vcpus; /* if there are as many CPUs */
	enum suite_fit fit;
	uint64_t samples;		  /* in SUITE_S; 0: none */
	uint64_t duration_s;		  /* the same */
	const char *args[SUITE_MAX_ARGS]; /* the other parameters */
};

extern const struct suite_entry suite[];
extern const unsigned int nr_suite;

#endif
