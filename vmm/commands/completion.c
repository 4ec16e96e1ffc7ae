/* SPDX-License-Identifier: BSD-2-Clause */
/* completion.c - see completion.h; all of it out of the commands' table. */
#include <string.h>

#include "vmm/commands/command.h"
#include "vmm/commands/completion.h"

struct commands {
	const struct command *list[MAX_COMMANDS];
	unsigned int nr;
};

/* Calls fn for every option of a command. */
#define for_each_option(pos, command)                                      \
	for (int g_ = 0; g_ < COMMAND_MAX_GROUPS && (command)->groups[g_]; \
	     g_++)                                                         \
		for (const struct command_option *pos =                    \
			     (command)->groups[g_]->options;               \
		     pos < (command)->groups[g_]->options +                \
				   (command)->groups[g_]->nr;              \
		     pos++)

static bool is_path(const struct command_option *o)
{
	return o->values && (strcmp(o->values, "FILE") == 0 ||
			     strcmp(o->values, "DIR") == 0);
}

static void names(const struct commands *c, FILE *out)
{
	for (unsigned int i = 0; i < c->nr; i++)
		fprintf(out, "%s%s", i ? " " : "", c->list[i]->name);
}

static void bash_command(const struct command *c, FILE *out)
{
	fprintf(out, "	%s)\n		options=\"--help", c->name);
	for_each_option (o, c)
		fprintf(out, " --%s%s", o->name, o->arg ? "=" : "");
	fputs("\"\n		case $cur in\n", out);
	for_each_option (o, c) {
		if (is_path(o))
			fprintf(out,
				"		--%s=*) COMPREPLY=($(compgen %s -- "
				"\"${cur#*=}\")); return ;;\n",
				o->name,
				strcmp(o->values, "DIR") == 0 ? "-d" : "-f");
		else if (o->values)
			fprintf(out,
				"		--%s=*) COMPREPLY=($(compgen -W "
				"\"%s\" -- \"${cur#*=}\")); return ;;\n",
				o->name, o->values);
	}
	fputs("		esac\n", out);
	if (c->takes == ARGS_PAYLOAD)
		fputs("		words=$(latvisor list 2>/dev/null | cut -d' ' "
		      "-f1)\n",
		      out);
	else if (c->takes == ARGS_COMMAND)
		fputs("		words=\"$commands\"\n", out);
	else if (c->takes == ARGS_FILES)
		fputs("		[[ $cur == -* ]] || { COMPREPLY=($(compgen -f -- "
		      "\"$cur\")); return; }\n",
		      out);
	fputs("		;;\n", out);
}

/* The word that is completed is taken whole: "=" parts none here. */
static void bash(const struct commands *c, FILE *out)
{
	fputs("# bash completion for latvisor: latvisor help bash\n"
	      "_latvisor()\n{\n"
	      "	local cur command options words= commands=\"",
	      out);
	names(c, out);
	fputs("\"\n"
	      "	_get_comp_words_by_ref -n = cur 2>/dev/null ||\n"
	      "		cur=${COMP_WORDS[COMP_CWORD]}\n"
	      "	if [ \"$COMP_CWORD\" = 1 ]; then\n"
	      "		COMPREPLY=($(compgen -W \"$commands --help --version\" -- "
	      "\"$cur\"))\n"
	      "		return\n"
	      "	fi\n"
	      "	command=${COMP_WORDS[1]}\n"
	      "	case $command in\n",
	      out);
	for (unsigned int i = 0; i < c->nr; i++)
		bash_command(c->list[i], out);
	fputs("	esac\n"
	      "	[[ $cur != -* ]] || words=$options\n"
	      "	COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "	[[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace\n"
	      "}\n"
	      "complete -F _latvisor latvisor\n",
	      out);
}

/* Inside of '...', for zsh's brackets and fish's descriptions. */
static void quoted(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else if (strchr("[]:", *text))
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
	}
}

static void zsh_option(const struct command_option *o, FILE *out)
{
	if (o->letter)
		fprintf(out, "			'-%c[", o->letter);
	else
		fprintf(out, "			'--%s%s[", o->name,
			o->arg ? "=" : "");
	quoted(o->help, out);
	fputc(']', out);
	if (o->arg) {
		fprintf(out, ":%s:", o->arg);
		if (is_path(o))
			fputs(strcmp(o->values, "DIR") == 0 ? "_files -/"
							    : "_files",
			      out);
		else if (o->values)
			fprintf(out, "(%s)", o->values);
	}
	fputs("' \\\n", out);
}

static void zsh_command(const struct command *c, FILE *out)
{
	fprintf(out, "	%s)\n		_arguments \\\n", c->name);
	for_each_option (o, c) {
		struct command_option plain = *o;

		zsh_option(o, out);
		plain.letter = 0;
		if (o->letter)
			zsh_option(&plain, out);
	}
	if (c->takes == ARGS_PAYLOAD)
		fputs("			'1:payload:($(latvisor list 2>/dev/null "
		      "| cut -d\" \" -f1))' \\\n",
		      out);
	else if (c->takes == ARGS_FILES)
		fputs("			'*:file:_files' \\\n", out);
	else if (c->takes == ARGS_COMMAND)
		fputs("			'1:command:($commands)' \\\n", out);
	fputs("			'--help[show the options]'\n		;;\n",
	      out);
}

static void zsh(const struct commands *c, FILE *out)
{
	fputs("#compdef latvisor\n"
	      "# zsh completion for latvisor: latvisor help zsh\n"
	      "local -a commands=(",
	      out);
	names(c, out);
	fputs(")\n"
	      "if (( CURRENT == 2 )); then\n"
	      "	compadd -- $commands --help --version\n"
	      "	return\n"
	      "fi\n"
	      "local command=$words[2]\n"
	      "shift words\n"
	      "(( CURRENT-- ))\n"
	      "case $command in\n",
	      out);
	for (unsigned int i = 0; i < c->nr; i++)
		zsh_command(c->list[i], out);
	fputs("esac\n", out);
}

static void fish_option(const struct command *c, const struct command_option *o,
			FILE *out)
{
	fprintf(out, "complete -c latvisor -n '__fish_seen_subcommand_from %s'",
		c->name);
	if (o->letter)
		fprintf(out, " -s %c", o->letter);
	fprintf(out, " -l %s", o->name);
	if (o->arg)
		fputs(" -r", out);
	if (o->arg && is_path(o))
		fputs(" -F", out);
	else if (o->arg && o->values)
		fprintf(out, " -a '%s'", o->values);
	fputs(" -d '", out);
	for (const char *p = o->help; *p; p++)
		fputs(*p == '\'' ? "\\'" : (char[]){*p, '\0'}, out);
	fputs("'\n", out);
}

static void fish(const struct commands *c, FILE *out)
{
	fputs("# fish completion for latvisor: latvisor help fish\n"
	      "complete -c latvisor -f\n",
	      out);
	for (unsigned int i = 0; i < c->nr; i++) {
		const struct command *one = c->list[i];

		fprintf(out,
			"complete -c latvisor -n __fish_use_subcommand -a %s "
			"-d '",
			one->name);
		for (const char *p = one->summary; *p; p++)
			fputs(*p == '\'' ? "\\'" : (char[]){*p, '\0'}, out);
		fputs("'\n", out);
		for_each_option (o, one)
			fish_option(one, o, out);
		if (one->takes == ARGS_PAYLOAD)
			fprintf(out,
				"complete -c latvisor -n "
				"'__fish_seen_subcommand_from %s' -a '(latvisor "
				"list 2>/dev/null | string match -r "
				"\"^[^ ]+\")'\n",
				one->name);
		else if (one->takes == ARGS_FILES)
			fprintf(out,
				"complete -c latvisor -n "
				"'__fish_seen_subcommand_from %s' -F\n",
				one->name);
	}
}

bool completion_print(const char *shell, FILE *out)
{
	struct commands c;

	c.nr = commands_list(c.list);
	if (strcmp(shell, "bash") == 0)
		bash(&c, out);
	else if (strcmp(shell, "zsh") == 0)
		zsh(&c, out);
	else if (strcmp(shell, "fish") == 0)
		fish(&c, out);
	else
		return false;
	return true;
}
