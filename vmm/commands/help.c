/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * help.c - latvisor help: all commands, one of them, and what is made of their
 * table for man(1) and for shells.
 */
#include <stdio.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/commands/command.h"
#include "vmm/commands/completion.h"
#include "vmm/commands/man.h"
#include "vmm/commands/options.h"

static int overview(void)
{
	const struct command *list[MAX_COMMANDS];
	unsigned int nr = commands_list(list);

	puts("Usage: latvisor COMMAND [OPTION...]\n"
	     "Measures what KVM costs a real-time guest.\n");
	for (unsigned int i = 0; i < nr; i++) {
		char usage[64];

		snprintf(usage, sizeof(usage), "%s %s", list[i]->name,
			 list[i]->args);
		printf("  %-27s %s\n", usage, list[i]->summary);
	}
	puts("\n"
	     "  --help                      this, or a command's options: "
	     "latvisor run --help\n"
	     "  --version                   version, result schema\n"
	     "\n"
	     "Exit status: 0 PASS, 1 FAIL, 2 bad input, 3 CRASH, 77 SKIP, 99 "
	     "ERROR,\n"
	     "124 TIMEOUT, 130 interrupted with what was measured so far.");
	return 0;
}

/* As "latvisor COMMAND --help", which ends the program. */
static int of_command(const struct command *c)
{
	char name[] = "latvisor", option[] = "--help";
	char *argv[] = {name, option, NULL};
	struct options o;

	options_parse(&o, c, 2, argv);
	return 0;
}

static int help(const struct options *o)
{
	const char *topic = o->nr_args ? o->args[0] : NULL;

	if (o->nr_args > 1)
		die("it wants one word at most, got %d", o->nr_args);
	if (!topic)
		return overview();
	if (strcmp(topic, "man") == 0)
		return man_print(stdout);
	if (completion_print(topic, stdout))
		return 0;
	if (command_find(topic))
		return of_command(command_find(topic));
	die("wanted a command, or man, bash, zsh or fish, got '%s'", topic);
}

COMMAND(help, .order = 90, .args = "[COMMAND]", .takes = ARGS_COMMAND,
	.summary = "this, or a command's options",
	.help = "Shows all commands, or one command's options.",
	.more = "'latvisor help bash', 'zsh' and 'fish' print what makes that "
		"shell complete commands, options and payloads; 'latvisor help "
		"man' prints the commands' part of the manual page.",
	.man = "Shows all commands, or one command's options. *help bash*, *help "
	       "zsh* and *help fish* print what makes that shell complete "
	       "commands, options and payloads.",
	.run = help);
