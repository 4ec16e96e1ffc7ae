/* SPDX-License-Identifier: BSD-2-Clause */
/* options.h - the command line. */
#ifndef VMM_COMMANDS_OPTIONS_H
#define VMM_COMMANDS_OPTIONS_H

#include "vmm/setup/config.h"

#define SWEEP_MAX_ROUNDS 100

struct options {
	struct config config;
	bool quick;	     /* bench */
	uint64_t long_s;     /* bench: about that long; 0: not said */
	unsigned int rounds; /* sweep; 0: its default */
	const char *metric;  /* sweep; NULL: the payload's first */
	const char *out;     /* bench: folder for the results; NULL: none */
	char **args;	     /* what is not an option */
	int nr_args;
};

/*
 * Parses the arguments of one command ("run", "sweep", "bench" or "list"),
 * argv[0] being its name.  --help prints and exits 0; bad input dies.
 */
void options_parse(struct options *o, const char *command, int argc,
		   char **argv);

/* The overview that "latvisor --help" prints. */
void options_help(void);

#endif
