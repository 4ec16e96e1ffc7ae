/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - latvisor: from the command line to the command. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/version.h"
#include "vmm/commands/bench.h"
#include "vmm/commands/list.h"
#include "vmm/commands/option_values.h"
#include "vmm/commands/options.h"
#include "vmm/commands/report.h"
#include "vmm/commands/run.h"
#include "vmm/commands/sweep.h"
#include "vmm/result/write.h"

/* What opens next must not become standard input, output or error. */
static void keep_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* For the result file: what was typed, before argp sorts it. */
static char *command_line(int argc, char **argv)
{
	size_t len = 0, at = 0;
	char *text;

	for (int i = 0; i < argc; i++)
		len += strlen(argv[i]) + 1;
	text = malloc(len + 1);
	if (!text)
		die_errno("no memory");
	for (int i = 0; i < argc; i++)
		at += (size_t)sprintf(text + at, "%s%s", i ? " " : "",
				      i ? argv[i] : "latvisor");
	return text;
}

static const struct {
	const char *name;
	int (*fn)(const struct options *o); /* its exit status */
} commands[] = {{"run", run},
		{"sweep", sweep},
		{"bench", bench},
		{"list", list},
		{"report", report}};

static int run_command(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";
	struct options o;
	char *typed;

	if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0 ||
	    strcmp(command, "help") == 0) {
		options_help();
		return 0;
	}
	if (strcmp(command, "--version") == 0) {
		puts("latvisor " LATVISOR_VERSION " (" RESULT_SCHEMA ")");
		return 0;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(command, commands[i].name) != 0)
			continue;
		typed = command_line(argc, argv);
		options_parse(&o, command, argc - 1, argv + 1);
		o.config.command = typed;
		o.config.ticks = ticks_measure();
		check_units(&o.config);
		return commands[i].fn(&o);
	}
	die("wanted run, sweep, bench, list or report, got '%s': see 'latvisor --help'",
	    command);
}

int main(int argc, char **argv)
{
	int status;

	keep_standard_files();
	status = run_command(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		warn("cannot write to standard output: %s", strerror(errno));
		return status ? status : STATUS_USAGE;
	}
	return status;
}
