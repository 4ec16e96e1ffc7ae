/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - latvisor: from the command line to the command. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/nearest.h"
#include "vmm/base/version.h"
#include "vmm/commands/command.h"
#include "vmm/commands/option_values.h"
#include "vmm/commands/options.h"
#include "vmm/result/write.h"

/*
 * What opens next must not become standard input, output or error.  Output that
 * is closed is one that nothing can be written to, not one that loses it.
 */
static void keep_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null",
			     fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);
}

/* Whoever ends the program, argp's --help too; die() has said why it does. */
static void check_output(int status, void *arg)
{
	(void)arg;
	errno = 0;
	if ((fflush(stdout) == 0 && !ferror(stdout)) || status == STATUS_USAGE)
		return;
	warn("cannot write all of it to standard output%s%s", errno ? ": " : "",
	     errno ? strerror(errno) : "");
	_exit(status ? status : STATUS_USAGE);
}

/* For the result file: what was typed, before argp sorts it. */
static char *command_line(int argc, char **argv)
{
	size_t len = 0, at = 0;
	char *text;

	for (int i = 0; i < argc; i++)
		len += strlen(argv[i]) + 1;
	text = malloc(len + sizeof("latvisor"));
	if (!text)
		die_errno("no memory");
	for (int i = 0; i < argc; i++)
		at += (size_t)sprintf(text + at, "%s%s", i ? " " : "",
				      i ? argv[i] : "latvisor");
	return text;
}

static _Noreturn void die_unknown(const char *name)
{
	const struct command *list[MAX_COMMANDS];
	struct nearest near = {.wanted = name, .len = strlen(name)};
	unsigned int nr = commands_list(list);

	for (unsigned int i = 0; i < nr; i++)
		nearest_try(&near, list[i]->name);
	if (near.best)
		die("there is no command '%s'; did you mean %s?", name,
		    near.best);
	die("wanted one of %s, got '%s': see 'latvisor --help'", near.known,
	    name);
}

static int run_command(const char *name, int argc, char **argv)
{
	const struct command *command = command_find(name);
	char *typed = command_line(argc, argv), who[64];
	struct options o;
	int status;

	if (!command)
		die_unknown(name);
	/* What messages begin with. */
	snprintf(who, sizeof(who), "latvisor %s", name);
	program_invocation_name = who;
	options_parse(&o, command, argc - 1, argv + 1);
	o.config.command = typed;
	o.config.ticks = ticks_measure();
	check_units(&o.config);
	status = command->run(&o);
	free(typed);
	program_invocation_name = program_invocation_short_name;
	return status;
}

static int start(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	program_invocation_name = program_invocation_short_name;
	if (strcmp(name, "--version") == 0) {
		printf("latvisor %s (%s)\n", version_string(), RESULT_SCHEMA);
		return 0;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		char help[] = "help";
		char *help_argv[] = {argv[0], help, NULL};

		return run_command(help, 2, help_argv);
	}
	return run_command(name, argc, argv);
}

int main(int argc, char **argv)
{
	keep_standard_files();
	/* A file that gets too large is an error of write(). */
	signal(SIGXFSZ, SIG_IGN);
	if (on_exit(check_output, NULL) != 0)
		die_errno("no memory");
	return start(argc, argv);
}
