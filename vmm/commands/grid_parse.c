/* SPDX-License-Identifier: BSD-2-Clause */
/* grid_parse.c - see grid_parse.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/commands/grid_parse.h"
#include "vmm/payload/params.h"
#include "vmm/setup/modes.h"

static const struct param_desc *find_param(const struct payload_note *note,
					   const char *key, size_t len)
{
	for (unsigned int i = 0; i < params_count(note); i++)
		if (strlen(note->params[i].name) == len &&
		    strncmp(note->params[i].name, key, len) == 0)
			return &note->params[i];
	return NULL;
}

static const char *add_value(struct grid *g, struct axis *a, const char *value,
			     size_t len)
{
	const char *key = a->desc->name;

	for (unsigned int i = 0; i < a->nr; i++) {
		if (strlen(a->values[i]) != len ||
		    strncmp(a->values[i], value, len) != 0)
			continue;
		snprintf(g->error, sizeof(g->error),
			 "%s: wanted each value once, got '%.*s' twice", key,
			 (int)len, value);
		return g->error;
	}

	if (a->nr == GRID_MAX_VALUES) {
		snprintf(g->error, sizeof(g->error),
			 "%s has more than %d values: take fewer", key,
			 GRID_MAX_VALUES);
		return g->error;
	}
	a->values[a->nr] = strndup(value, len);
	if (!a->values[a->nr] || asprintf(&a->assignments[a->nr], "%s=%s", key,
					  a->values[a->nr]) < 0)
		die_errno("no memory for the sweep");
	a->nr++;
	return NULL;
}

static const char *add_all(struct grid *g, struct axis *a,
			   const struct kvm *kvm)
{
	char word[sizeof(a->desc->choices)];
	const char *wrong = NULL;

	for (uint64_t i = 0; !wrong; i++) {
		if (strcmp(param_choice(a->desc, i, word, sizeof(word)), "?") ==
		    0)
			return NULL;
		if (mode_offered(kvm, a->desc, i))
			wrong = add_value(g, a, word, strlen(word));
	}
	return wrong;
}

/* What is wrong with arg, whose parameter is desc, or NULL: there is none. */
static const char *parse_axis(struct grid *g, const struct kvm *kvm,
			      const struct payload_note *note,
			      const struct param_desc *desc, const char *arg)
{
	struct axis *a = &g->axes[g->nr_axes];
	const char *p = strchr(arg, '=');

	/* What is wrong with it params_set() says best. */
	if (!p || !desc) {
		struct param_setting settings[PAYLOAD_MAX_PARAMS];

		return params_set(note, settings, arg, g->error,
				  sizeof(g->error));
	}
	/* None is taken twice: there are no more axes than parameters. */
	g->nr_axes++;
	a->desc = desc;
	p++;
	if (strcmp(p, "all") == 0 && desc->kind == PARAM_ENUM)
		return add_all(g, a, kvm);
	for (;;) {
		size_t n = strcspn(p, ",");
		const char *wrong = add_value(g, a, p, n);

		if (wrong || p[n] == '\0')
			return wrong;
		p += n + 1;
	}
}

static bool is_taken(const struct grid *g, const struct param_desc *desc)
{
	for (unsigned int i = 0; i < g->nr_axes; i++)
		if (g->axes[i].desc == desc)
			return true;
	return false;
}

const char *grid_parse(struct grid *g, const struct kvm *kvm,
		       const struct payload_note *note, const char *const *args,
		       int nr)
{
	memset(g, 0, sizeof(*g));
	g->nr_rows = 1;
	for (int i = 0; i < nr; i++) {
		const struct param_desc *desc =
			find_param(note, args[i], strcspn(args[i], "="));
		const char *wrong;

		if (desc && is_taken(g, desc)) {
			snprintf(g->error, sizeof(g->error),
				 "%s is given twice: say all of its values in "
				 "one list",
				 desc->name);
			return g->error;
		}
		wrong = parse_axis(g, kvm, note, desc, args[i]);
		if (wrong)
			return wrong;
		g->nr_rows *= g->axes[g->nr_axes - 1].nr;
		if (g->nr_rows > GRID_MAX_ROWS) {
			snprintf(g->error, sizeof(g->error),
				 "more than %d combinations: take fewer values",
				 GRID_MAX_ROWS);
			return g->error;
		}
	}
	return NULL;
}
