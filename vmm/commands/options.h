/* SPDX-License-Identifier: BSD-2-Clause */
/* options.h - the command line.  options.c is the only user of argp. */
#ifndef VMM_COMMANDS_OPTIONS_H
#define VMM_COMMANDS_OPTIONS_H

#include "vmm/commands/command.h"

/*
 * Parses the arguments of a command, argv[0] being its name, which becomes
 * "latvisor NAME".  --help prints and exits 0; bad input dies.
 */
void options_parse(struct options *o, const struct command *command, int argc,
		   char **argv);

#endif
