/* SPDX-License-Identifier: BSD-2-Clause */
/* command.c - see command.h. */
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/commands/command.h"

unsigned int commands_list(const struct command *list[MAX_COMMANDS])
{
	unsigned int nr = 0;

	for (const struct command *const *c = __start_commands;
	     c != __stop_commands; c++) {
		unsigned int at = nr;

		if (nr == MAX_COMMANDS)
			die("there are more than %d commands: raise "
			    "MAX_COMMANDS",
			    MAX_COMMANDS);
		for (; at > 0 && list[at - 1]->order > (*c)->order; at--)
			list[at] = list[at - 1];
		list[at] = *c;
		nr++;
	}
	return nr;
}

const struct command *command_find(const char *name)
{
	for (const struct command *const *c = __start_commands;
	     c != __stop_commands; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}
