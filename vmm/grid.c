/* SPDX-License-Identifier: BSD-2-Clause */
/* grid.c - see grid.h. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/die.h"
#include "vmm/grid.h"
#include "vmm/modes.h"
#include "vmm/params.h"

static const struct param_desc *find_param(const struct payload_note *note,
					   const char *key, size_t len)
{
	for (unsigned int i = 0; i < params_count(note); i++)
		if (strlen(note->params[i].name) == len &&
		    strncmp(note->params[i].name, key, len) == 0)
			return &note->params[i];
	return NULL;
}

static const char *add_value(struct axis *a, const char *key, size_t key_len,
			     const char *value, size_t len, char *error,
			     size_t error_len)
{
	if (a->nr == GRID_MAX_VALUES) {
		snprintf(error, error_len,
			 "%.*s has more than %d values: take fewer",
			 (int)key_len, key, GRID_MAX_VALUES);
		return error;
	}
	a->values[a->nr] = strndup(value, len);
	if (!a->values[a->nr] ||
	    asprintf(&a->assignments[a->nr], "%.*s=%s", (int)key_len, key,
		     a->values[a->nr]) < 0)
		die_errno("no memory for the sweep");
	a->nr++;
	return NULL;
}

static const char *add_all(struct axis *a, const struct kvm *kvm,
			   const char *key, size_t key_len, char *error,
			   size_t len)
{
	char word[sizeof(a->desc->choices)];
	const char *wrong = NULL;

	for (uint64_t i = 0; !wrong; i++) {
		if (strcmp(param_choice(a->desc, i, word, sizeof(word)), "?") ==
		    0)
			return NULL;
		if (mode_offered(kvm, a->desc, i))
			wrong = add_value(a, key, key_len, word, strlen(word),
					  error, len);
	}
	return wrong;
}

static const char *parse_axis(struct axis *a, const struct kvm *kvm,
			      const struct payload_note *note, const char *arg,
			      char *error, size_t len)
{
	size_t key_len = strcspn(arg, "=");
	const char *p = arg + key_len + 1;

	a->desc = find_param(note, arg, key_len);
	if (arg[key_len] == '=' && a->desc && strcmp(p, "all") == 0 &&
	    a->desc->kind == PARAM_ENUM)
		return add_all(a, kvm, arg, key_len, error, len);
	/* What is wrong with another one params_set() says best. */
	if (arg[key_len] != '=' || !a->desc) {
		struct param_setting settings[PAYLOAD_MAX_PARAMS];

		return params_set(note, settings, arg, error, len);
	}
	for (;;) {
		size_t n = strcspn(p, ",");
		const char *wrong =
			add_value(a, arg, key_len, p, n, error, len);

		if (wrong || p[n] == '\0')
			return wrong;
		p += n + 1;
	}
}

static bool is_taken(const struct grid *g, const char *key, size_t len)
{
	for (unsigned int i = 0; i < g->nr_axes; i++)
		if (strlen(g->axes[i].desc->name) == len &&
		    strncmp(g->axes[i].desc->name, key, len) == 0)
			return true;
	return false;
}

const char *grid_parse(struct grid *g, const struct kvm *kvm,
		       const struct payload_note *note, const char *const *args,
		       int nr, char *error, size_t len)
{
	memset(g, 0, sizeof(*g));
	g->nr_rows = 1;
	for (int i = 0; i < nr; i++) {
		size_t key_len = strcspn(args[i], "=");
		const char *wrong;

		if (is_taken(g, args[i], key_len)) {
			snprintf(error, len,
				 "%.*s is given twice: say all of its values "
				 "in one list",
				 (int)key_len, args[i]);
			return error;
		}
		/* None is taken twice: after the last one nothing fits. */
		wrong = parse_axis(&g->axes[g->nr_axes++], kvm, note, args[i],
				   error, len);
		if (wrong)
			return wrong;
		g->nr_rows *= g->axes[g->nr_axes - 1].nr;
		if (g->nr_rows > GRID_MAX_ROWS) {
			snprintf(error, len,
				 "more than %d combinations: take fewer values",
				 GRID_MAX_ROWS);
			return error;
		}
	}
	return NULL;
}

unsigned int grid_value(const struct grid *g, unsigned int row,
			unsigned int axis)
{
	for (unsigned int i = g->nr_axes - 1; i > axis; i--)
		row /= g->axes[i].nr;
	return row % g->axes[axis].nr;
}

static bool is_number(const struct axis *a)
{
	for (unsigned int i = 0; i < a->nr; i++)
		if (!isdigit((unsigned char)*a->values[i]))
			return false;
	return a->desc->kind != PARAM_ENUM;
}

int grid_number_axis(const struct grid *g)
{
	for (int i = (int)g->nr_axes - 1; i >= 0; i--)
		if (g->axes[i].nr > 1 && is_number(&g->axes[i]))
			return i;
	return -1;
}

void grid_label(const struct grid *g, unsigned int row, int but, char *text,
		size_t len)
{
	size_t at = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < g->nr_axes && at < len; i++) {
		const struct axis *a = &g->axes[i];

		if (a->nr < 2 || (int)i == but)
			continue;
		at += (size_t)snprintf(
			text + at, len - at, "%s%s%s%s", at ? " " : "",
			a->desc->kind == PARAM_ENUM ? "" : a->desc->name,
			a->desc->kind == PARAM_ENUM ? "" : "=",
			a->values[grid_value(g, row, i)]);
	}
}

void grid_free(struct grid *g)
{
	for (unsigned int i = 0; i < g->nr_axes; i++) {
		for (unsigned int k = 0; k < g->axes[i].nr; k++) {
			free(g->axes[i].values[k]);
			free(g->axes[i].assignments[k]);
		}
	}
}
