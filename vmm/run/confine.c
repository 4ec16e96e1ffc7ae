/* SPDX-License-Identifier: BSD-2-Clause */
/* confine.c - see confine.h. */
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/host/sandbox.h"
#include "vmm/run/confine.h"

/* By what the payload's note asks for. */
static unsigned int needs(const struct run_setup *setup)
{
	const struct payload_note *note = &setup->image.note;
	unsigned int needs = setup->more ? NEED_RUNS : 0;

	/* KVM's way of delivering a pulse is found out by its tracepoint. */
	if (note->flags & (PAYLOAD_COUNTS_MSRS | PAYLOAD_PULSE))
		needs |= NEED_COUNTERS;
	if (note->flags & PAYLOAD_RIVAL)
		needs |= NEED_PRIORITY;
	if (config_records(&setup->config))
		needs |= NEED_TRACE;
	for (uint32_t i = 0; i < setup->config.machine.nr_vcpus; i++)
		if (placement_policy(&setup->config.placement, i).kind ==
		    POLICY_DEADLINE)
			needs |= NEED_DEADLINE;
	if (setup->placement.memory.nr_host > 1)
		needs |= NEED_NODES;
	if (note->lazy_len)
		needs |= NEED_LAZY;
	return needs;
}

static const char *file_of(const char *output)
{
	return output && strcmp(output, "-") != 0 ? output : NULL;
}

void confine(const struct run_setup *setup)
{
	const struct output_wish *output = &setup->config.output;
	struct sandbox_wish wish = {
		.off = setup->config.no_sandbox,
		.needs = needs(setup),
		.files = {file_of(output->json), file_of(output->raw),
			  file_of(output->dtb), file_of(output->perfetto),
			  file_of(output->events), file_of(output->trace_dat),
			  file_of(setup->later)},
		.payloads = setup->payload,
	};

	sandbox_enter(&wish);
	if (sandbox_missing() && !setup->again)
		warn("NOT CONFINED, run no guest that you do not trust: %s",
		     sandbox_missing());
}
