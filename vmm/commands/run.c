/* SPDX-License-Identifier: BSD-2-Clause */
/* run.c - latvisor run: one payload, once. */
#include "vmm/commands/run.h"
#include "vmm/base/die.h"
#include "vmm/base/timeline.h"
#include "vmm/report/output.h"
#include "vmm/run/run.h"
#include "vmm/setup/setup.h"

int run(const struct options *o)
{
	struct run_setup setup;
	struct run_outcome outcome;

	timeline_enable(o->config.timeline);
	if (o->nr_args < 1)
		die("run wants a payload: see 'latvisor list'");
	setup_prepare(&setup, &o->config, o->args[0],
		      (const char *const *)o->args + 1, o->nr_args - 1);
	timeline_mark("payload read");
	ticks_announce(&o->config.ticks, config_out(&o->config));
	outcome = run_payload(&setup, report_output, NULL);
	setup_free(&setup);
	timeline_print();
	return outcome.status;
}
