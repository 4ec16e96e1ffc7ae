/* SPDX-License-Identifier: BSD-2-Clause */
/* options.c - see options.h. */
#include <argp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/nearest.h"
#include "vmm/commands/options.h"

/* Keys beyond all letters: the number of the option. */
#define FIRST_KEY 256

struct parser {
	struct options *options;
	const struct command *command;
	char doc[1024];
	char title[64];
	size_t nr;
	struct argp_option *argp; /* nr, and one of zeroes */
};

/* Option number i of a command, or NULL. */
static const struct command_option *option_at(const struct command *c, size_t i)
{
	for (int g = 0; g < COMMAND_MAX_GROUPS && c->groups[g]; g++) {
		if (i < c->groups[g]->nr)
			return &c->groups[g]->options[i];
		i -= c->groups[g]->nr;
	}
	return NULL;
}

static int key_of(const struct command_option *option, size_t i)
{
	return option->letter ? option->letter : FIRST_KEY + (int)i;
}

static const struct command_option *find_key(const struct command *c, int key)
{
	const struct command_option *option;

	for (size_t i = 0; (option = option_at(c, i)) != NULL; i++)
		if (key_of(option, i) == key)
			return option;
	return NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct parser *p = state->input;
	const struct command_option *option = find_key(p->command, key);

	if (option) {
		option->set(p->options, arg);
		return 0;
	}
	if (key != ARGP_KEY_ARGS)
		return ARGP_ERR_UNKNOWN;
	p->options->args = state->argv + state->next;
	p->options->nr_args = state->argc - state->next;
	return 0;
}

static void make_options(struct parser *p)
{
	const struct command_option *option;

	while (option_at(p->command, p->nr))
		p->nr++;
	p->argp = calloc(p->nr + 1, sizeof(*p->argp));
	if (!p->argp)
		die_errno("no memory for the options");
	for (size_t i = 0; (option = option_at(p->command, i)) != NULL; i++)
		p->argp[i] = (struct argp_option){
			.name = option->name,
			.key = key_of(option, i),
			.arg = option->arg,
			.doc = option->help,
		};
}

/* argp would show it as it is.  No letter and no short one's value has any. */
static void check_letters(const char *arg)
{
	for (const char *c = arg; *arg == '-' && *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			die("there is no option '%s'", arg);
}

/* "--r=3": argp would show it as it is.  A whole name is that option's. */
static void check_is_one(const struct command *c, const char *arg, size_t len)
{
	const struct command_option *option;
	const char *first = NULL;

	for (size_t k = 0; (option = option_at(c, k)) != NULL; k++) {
		if (strncmp(option->name, arg + 2, len) != 0)
			continue;
		if (option->name[len] == '\0')
			return;
		if (first)
			die("'%.*s' could be --%s or --%s", (int)len + 2, arg,
			    first, option->name);
		first = option->name;
	}
}

/* "--sampels=3": argp only says that it knows none. */
static void check_names(const struct command *c, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		struct nearest near = {.wanted = argv[i] + 2};
		const struct command_option *option;
		size_t len;

		if (strncmp(argv[i], "--", 2) != 0) {
			check_letters(argv[i]);
			continue;
		}
		len = strcspn(argv[i] + 2, "=");
		near.len = len;
		for (size_t k = 0; (option = option_at(c, k)) != NULL; k++) {
			/* argp takes any beginning that is one option's. */
			if (strncmp(option->name, argv[i] + 2, len) == 0)
				break;
			nearest_try(&near, option->name);
		}
		if (option)
			check_is_one(c, argv[i], len);
		if (option || strncmp("help", argv[i] + 2, len) == 0 ||
		    strncmp("usage", argv[i] + 2, len) == 0)
			continue;
		if (near.best)
			die("there is no option '%.*s'; did you mean --%s?",
			    (int)len + 2, argv[i], near.best);
		die("there is no option '%.*s': see 'latvisor %s --help'",
		    (int)len + 2, argv[i], c->name);
	}
}

void options_parse(struct options *o, const struct command *command, int argc,
		   char **argv)
{
	struct parser p = {.options = o, .command = command};
	struct argp argp = {.parser = parse, .args_doc = command->args};

	*o = (struct options){
		.config = {.machine = {.page_len = 4096, .halt_poll_ns = -1},
			   .placement = {.prio = VCPU_PRIO_CHOSEN,
					 .dma_latency_us =
						 DMA_LATENCY_DEFAULT_US}},
		.command = command,
	};
	snprintf(p.title, sizeof(p.title), "latvisor %s", command->name);
	snprintf(p.doc, sizeof(p.doc), "%s%s%s", command->help,
		 command->more ? "\v" : "", command->more ? command->more : "");
	make_options(&p);
	argp.options = p.argp;
	argp.doc = p.doc;
	argp_err_exit_status = STATUS_USAGE;
	check_names(command, argc, argv);
	/* What argp's messages begin with. */
	argv[0] = p.title;
	if (argp_parse(&argp, argc, argv, 0, NULL, &p) != 0)
		die("cannot understand the arguments");
	free(p.argp);
}
