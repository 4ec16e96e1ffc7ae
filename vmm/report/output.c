/* SPDX-License-Identifier: BSD-2-Clause */
/* output.c - see output.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/atomic_file.h"
#include "vmm/base/die.h"
#include "vmm/base/timeline.h"
#include "vmm/report/output.h"
#include "vmm/report/perfetto.h"
#include "vmm/report/report.h"
#include "vmm/result/write.h"
#include "vmm/run/trace_dat.h"

static bool write_events(const void *arg, FILE *out)
{
	return recording_write(arg, out);
}

static bool write_perfetto(const void *arg, FILE *out)
{
	return perfetto_write(arg, out);
}

/* Of what --explain recorded; false, and a sentence: it is not there. */
static bool write_recording(const struct recording *r, const char *option,
			    const char *path, file_writer *write)
{
	int err;

	if (!path)
		return true;
	if (!r->taken) {
		warn("%s %s is not written: nothing was recorded", option,
		     path);
		return false;
	}
	err = atomic_file_write(path, write, r);
	if (err)
		warn("cannot write what was recorded to %s %s: %s", option,
		     path, strerror(-err));
	return err == 0;
}

void report_output(struct result *r, struct run_report *run, void *arg)
{
	const struct config *c = &run->setup->config;
	int err = 0, json_err = 0;
	bool traced, listed, joined;

	(void)arg;
	if (c->output.raw)
		err = raw_write(run->raw, &r->ticks, r->machine.tsc_khz);
	if (err)
		r->raw.path[0] = '\0';
	report_text(r, config_out(c));
	timeline_mark("report");
	if (c->output.json)
		json_err = result_write(r, c->output.json);
	traced = write_recording(run->recording, "--perfetto",
				 c->output.perfetto, write_perfetto);
	listed = write_recording(run->recording, "--events", c->output.events,
				 write_events);
	joined = trace_dat_write(c->dat);
	/* None is lost for another's sake. */
	if (err)
		warn("cannot write the samples to --raw %s: %s", c->output.raw,
		     strerror(-err));
	if (json_err)
		die("cannot write the result to %s: %s", c->output.json,
		    strerror(-json_err));
	if (err || !traced || !listed || !joined)
		exit(STATUS_USAGE);
}
