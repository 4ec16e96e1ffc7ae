/* SPDX-License-Identifier: BSD-2-Clause */
/* setup.c - see setup.h. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "vmm/base/atomic_file.h"
#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/payload/catalog.h"
#include "vmm/setup/modes.h"
#include "vmm/setup/setup.h"

/* A result that cannot be written is found out before the run, not after. */
static void check_writable(const char *path, const char *option)
{
	struct stat st;
	bool there;
	int err;

	if (!path)
		return;
	if (strcmp(path, "-") == 0) {
		if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY)
			die("%s -: standard output is closed", option);
		return;
	}
	if (*path == '\0')
		die("%s wants the name of a file, got an empty one", option);
	there = stat(path, &st) == 0;
	if (path[strlen(path) - 1] == '/' || (there && S_ISDIR(st.st_mode)))
		die("%s wants the name of a file, got the folder %s", option,
		    path);
	if (there && (S_ISBLK(st.st_mode) || S_ISSOCK(st.st_mode)))
		die("%s wants the name of a file, got %s, a disk or a socket",
		    option, path);
	err = atomic_file_try(path);
	if (err)
		die("%s wants a file that can be written, %s cannot, name "
		    "another one: %s",
		    option, path, strerror(-err));
}

/* Two names of one file, whether it is there or not. */
static bool is_same_file(const char *a, const char *b)
{
	struct file_place pa, pb;

	return strcmp(a, "-") != 0 && file_place(a, &pa) == 0 &&
	       file_place(b, &pb) == 0 && strcmp(pa.path, pb.path) == 0;
}

/* What a run leaves behind, and how it was asked for. */
struct wanted_file {
	const char *option, *path; /* path NULL: it was not */
	const char *what;	   /* is no text to be read; NULL: - is one */
};

static void check_file(const struct wanted_file *f)
{
	if (f->path && f->what &&
	    (strcmp(f->path, "-") == 0 || file_is_stdout(f->path)))
		die("%s wants the name of a file, got %s: %s are not written "
		    "to standard output",
		    f->option, f->path, f->what);
	check_writable(f->path, f->option);
}

static void check_files(const struct output_wish *output)
{
	const struct wanted_file files[] = {
		{"--json", output->json, NULL},
		{"--raw", output->raw, "samples"},
		{"--dump-dtb", output->dtb, "device trees"},
		{"--perfetto", output->perfetto, "traces"},
		{"--events", output->events, "events"},
		{"--trace-dat", output->trace_dat, "traces"},
	};
	size_t nr = sizeof(files) / sizeof(*files);

	for (size_t i = 0; i < nr; i++)
		check_file(&files[i]);
	for (size_t i = 0; i < nr; i++)
		for (size_t k = i + 1; k < nr; k++)
			if (files[i].path && files[k].path &&
			    is_same_file(files[i].path, files[k].path))
				die("%s and %s want two files, got %s for both",
				    files[i].option, files[k].option,
				    files[k].path);
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
	uint32_t nr = s->config.machine.nr_vcpus;

	if (nr == 0)
		nr = s->config.placement.nr_cpus ? s->config.placement.nr_cpus
						 : default_vcpus(note);
	if (nr < note->min_vcpus || nr > note->max_vcpus) {
		if (note->min_vcpus == note->max_vcpus)
			die("%s takes %u vCPU%s, got %u: see --cpus and "
			    "--vcpus",
			    note->name, note->min_vcpus,
			    plural(note->min_vcpus), nr);
		die("%s takes %u to %u vCPUs, got %u: see --cpus and --vcpus",
		    note->name, note->min_vcpus, note->max_vcpus, nr);
	}
	s->config.machine.nr_vcpus = nr;
}

/* The mean of all periods of a sample, in us; 0: it has none. */
static uint64_t sample_us(const struct run_setup *s)
{
	uint64_t us = 0;

	for (unsigned int i = 0; i < params_count(&s->image.note); i++)
		if (s->image.note.params[i].role == PARAM_ROLE_PERIOD)
			us += s->params[i].lo / 2 + s->params[i].hi / 2;
	return us;
}

static void set_by_duration(struct run_setup *s, const char *what, int i,
			    uint64_t value)
{
	const struct param_desc *d = &s->image.note.params[i];

	if (s->params[i].given)
		die("--duration and %s= contradict each other: say one of them",
		    d->name);
	if (value < d->min || value > d->max)
		die("--duration: that is %ju %s, %s takes %ju to %ju",
		    (uintmax_t)value, what, s->image.note.name,
		    (uintmax_t)d->min, (uintmax_t)d->max);
	s->params[i] = (struct param_setting){value, value, true};
}

/* --duration, by whichever parameter tells how long it takes. */
static void apply_duration(struct run_setup *s)
{
	const struct payload_note *note = &s->image.note;
	int seconds = params_find_role(note, PARAM_ROLE_DURATION);
	int count = params_find_role(note, PARAM_ROLE_COUNT);
	uint64_t ns = s->config.duration_ns, each_us = sample_us(s);

	if (!ns)
		return;
	if (seconds >= 0 && ns % 1000000000 == 0) {
		set_by_duration(s, "seconds", seconds, ns / 1000000000);
	} else if (count >= 0 && each_us) {
		set_by_duration(s, "samples", count, ns / 1000 / each_us);
	} else {
		die("--duration: %s takes as long as it takes; see 'latvisor "
		    "list %s' for its parameters",
		    note->name, note->name);
	}
}

/*
 * A time that may be 0 stands instead of a number of samples: the payload would
 * not look at one of them.
 */
static void check_length(const struct run_setup *s)
{
	const struct payload_note *note = &s->image.note;
	int seconds = params_find_role(note, PARAM_ROLE_DURATION);
	int count = params_find_role(note, PARAM_ROLE_COUNT);

	if (seconds >= 0 && count >= 0 && note->params[seconds].min == 0 &&
	    s->params[seconds].lo && s->params[seconds].given &&
	    s->params[count].given)
		die("%s=%ju and %s=%ju contradict each other: say one of them",
		    note->params[seconds].name,
		    (uintmax_t)s->params[seconds].lo, note->params[count].name,
		    (uintmax_t)s->params[count].lo);
}

/* Is there a vCPU whose priority nobody said? */
static bool wants_priority(const struct run_setup *s)
{
	const struct placement_wish *wish = &s->config.placement;

	for (uint32_t i = 0; i < s->config.machine.nr_vcpus; i++)
		if (placement_policy(wish, i).prio == VCPU_PRIO_CHOSEN)
			return true;
	return false;
}

/* What is not said follows from the threads of the vCPUs' CPUs. */
static void choose_priority(struct run_setup *s)
{
	struct placement *p = &s->placement;
	int *prio = &s->config.placement.prio;
	struct tree machine;
	bool wanted;

	if (*prio != VCPU_PRIO_CHOSEN)
		return;
	wanted = wants_priority(s);
	*prio = VCPU_PRIO_DEFAULT;
	if (!wanted || tree_open(&machine, NULL) != 0)
		return;
	*prio = priority_choose(&machine, p->cpu, s->config.machine.nr_vcpus,
				p->prio_why);
	tree_close(&machine);
}

void setup_prepare(struct run_setup *s, const struct config *config,
		   const char *payload, const char *const *assignments, int nr)
{
	char error[512];
	const char *wrong;

	memset(s, 0, sizeof(*s));
	s->config = *config;
	check_files(&config->output);
	s->payload = catalog_find(payload);
	wrong = image_open(&s->image, s->payload, error, sizeof(error));
	if (wrong)
		die("payload %s %s", s->payload, wrong);
	params_defaults(&s->image.note, s->params);
	for (int i = 0; i < nr; i++) {
		wrong = params_set(&s->image.note, s->params, assignments[i],
				   error, sizeof(error));
		if (wrong)
			die("%s; see 'latvisor list %s'", wrong,
			    s->image.note.name);
	}
	apply_duration(s);
	check_length(s);
	modes_apply(&s->config, &s->image.note, s->params);
	s->limit_ms = config->limit_ms
			      ? config->limit_ms
			      : params_limit_ms(&s->image.note, s->params);
	choose_vcpus(s);
	placement_choose(&s->placement, &s->config.placement,
			 s->config.machine.nr_vcpus);
	choose_priority(s);
}

void setup_free(struct run_setup *s)
{
	image_close(&s->image);
	free(s->payload);
}
