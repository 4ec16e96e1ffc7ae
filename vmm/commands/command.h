/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * command.h - a command of the program: one file, that says its name, its
 * options, its help and its part of the manual page.  COMMAND() puts it into a
 * linker set; help, manual page and completions are made of nothing else.
 */
#ifndef VMM_COMMANDS_COMMAND_H
#define VMM_COMMANDS_COMMAND_H

#include <stddef.h>

#include "vmm/setup/config.h"

struct command;

#define OPTIONS_OWN_LEN 64 /* bytes of a command's own options */

/* A command line, parsed. */
struct options {
	struct config config;
	const struct command *command;
	max_align_t
		own[OPTIONS_OWN_LEN / sizeof(max_align_t)]; /* options_own() */
	char **args; /* what is not an option */
	int nr_args;
};

/* What a command keeps of its own options, zeroed at first. */
static inline void *options_own(const struct options *o)
{
	return (void *)(uintptr_t)o->own;
}

struct command_option {
	const char *name; /* without the dashes */
	char letter;	  /* "-q"; 0: none */
	const char *arg;  /* what its value is called; NULL: it has none */
	const char *help; /* for --help */
	const char *man; /* for the manual page, scdoc(5); NULL: help will do */
	const char *values; /* for completion: words parted by blanks, or
			     * "FILE" or "DIR"; NULL: nothing is known */
	/* Dies on a bad value, naming the option. */
	void (*set)(struct options *o, const char *arg);
};

/* Options that go together; several commands may have the same. */
struct option_group {
	const char *title; /* in the manual page */
	const struct command_option *options;
	size_t nr;
};

#define OPTION_GROUP(sym, heading, ...)                                    \
	static const struct command_option sym##_list[] = {__VA_ARGS__};   \
	static const struct option_group sym = {.title = heading,          \
						.options = sym##_list,     \
						.nr = sizeof(sym##_list) / \
						      sizeof(*sym##_list)}

#define COMMAND_MAX_GROUPS 4

struct command {
	const char *name;
	int order;	     /* in lists of them */
	const char *args;    /* what is not an option, for the usage */
	const char *summary; /* a line of "latvisor --help" */
	const char *help;    /* what its --help begins with */
	const char *more;    /* and ends with; NULL: nothing */
	const char *man;     /* its part of the manual page, scdoc(5) */
	/* What completion offers for the first argument. */
	enum command_args {
		ARGS_NONE,
		ARGS_PAYLOAD,
		ARGS_FILES,
		ARGS_COMMAND,
	} takes;
	const struct option_group
		*groups[COMMAND_MAX_GROUPS]; /* NULL: no more */
	int (*run)(const struct options *o); /* its exit status */
};

#define COMMAND(sym, ...)                                            \
	static const struct command sym##_command = {.name = #sym,   \
						     __VA_ARGS__};   \
	static const struct command *const sym##_command_entry       \
		__attribute__((section("commands"), used, retain)) = \
			&sym##_command

extern const struct command *const __start_commands[];
extern const struct command *const __stop_commands[];

#define MAX_COMMANDS 32

/* All of them by order; how many. */
unsigned int commands_list(const struct command *list[MAX_COMMANDS]);

/* NULL: there is none. */
const struct command *command_find(const char *name);

/* Of run, sweep and bench: machine_options.c. */
extern const struct option_group machine_options;
/* Of run and bench. */
extern const struct option_group fail_if_options;

#endif
