/* SPDX-License-Identifier: BSD-2-Clause */
/* setup.c - see setup.h. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/catalog.h"
#include "vmm/die.h"
#include "vmm/modes.h"
#include "vmm/setup.h"

/* A result that cannot be written is found out before the run, not after. */
static void check_writable(const char *path, const char *option)
{
	char *dir, *slash;
	struct stat st;

	if (!path || strcmp(path, "-") == 0)
		return;
	if (*path == '\0')
		die("%s wants the name of a file, got an empty one", option);
	if (path[strlen(path) - 1] == '/' ||
	    (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		die("%s wants the name of a file, got the folder %s", option,
		    path);
	dir = strdup(path);
	if (!dir)
		die_errno("no memory");
	slash = strrchr(dir, '/');
	if (slash)
		slash[slash == dir] = '\0';
	if (access(slash ? dir : ".", W_OK) != 0)
		die_errno("%s %s: its folder cannot be written to", option,
			  path);
	free(dir);
}

static void check_raw(const struct config *config)
{
	const char *json = config->json;

	if (!config->raw)
		return;
	if (strcmp(config->raw, "-") == 0)
		die("--raw wants the name of a file, got -: samples are not "
		    "written to standard output");
	if (json && strcmp(config->raw, json) == 0)
		die("--raw and --json want two files, got %s for both", json);
	check_writable(config->raw, "--raw");
}

/* The payload's wish, or what it can do with where there are fewer CPUs. */
static uint32_t default_vcpus(const struct payload_note *note)
{
	uint32_t nr_cpus = placement_nr_cpus();

	if (nr_cpus >= note->def_vcpus)
		return note->def_vcpus;
	return nr_cpus > note->min_vcpus ? nr_cpus : note->min_vcpus;
}

static void choose_vcpus(struct run_setup *s)
{
	const struct payload_note *note = &s->image.note;
	uint32_t nr = s->config.nr_vcpus;

	if (nr == 0)
		nr = s->config.nr_cpus ? s->config.nr_cpus
				       : default_vcpus(note);
	if (nr < note->min_vcpus || nr > note->max_vcpus) {
		if (note->min_vcpus == note->max_vcpus)
			die("%s takes %u vCPU%s, got %u: see --cpus and "
			    "--vcpus",
			    note->name, note->min_vcpus,
			    note->min_vcpus == 1 ? "" : "s", nr);
		die("%s takes %u to %u vCPUs, got %u: see --cpus and --vcpus",
		    note->name, note->min_vcpus, note->max_vcpus, nr);
	}
	s->config.nr_vcpus = nr;
}

void setup_prepare(struct run_setup *s, const struct config *config,
		   const char *payload, const char *const *assignments, int nr)
{
	char error[512];
	const char *wrong;
	char *path;

	memset(s, 0, sizeof(*s));
	s->config = *config;
	check_writable(config->json, "--json");
	check_raw(config);
	check_writable(config->dtb, "--dump-dtb");
	path = catalog_find(payload);
	wrong = image_open(&s->image, path, error, sizeof(error));
	if (wrong)
		die("payload %s %s", path, wrong);
	free(path);
	s->nr_params = params_count(&s->image.note);
	params_defaults(&s->image.note, s->params);
	for (int i = 0; i < nr; i++) {
		wrong = params_set(&s->image.note, s->params, assignments[i],
				   error, sizeof(error));
		if (wrong)
			die("%s; see 'latvisor list %s'", wrong,
			    s->image.note.name);
	}
	modes_apply(&s->config, &s->image.note, s->params);
	s->limit_ms = config->limit_ms
			      ? config->limit_ms
			      : params_limit_ms(&s->image.note, s->params);
	choose_vcpus(s);
	placement_choose(&s->placement, &s->config, s->config.nr_vcpus);
}

void setup_free(struct run_setup *s)
{
	image_close(&s->image);
}
