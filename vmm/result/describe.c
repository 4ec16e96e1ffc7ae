/* SPDX-License-Identifier: BSD-2-Clause */
/* describe.c - see take.h: what was asked. */
#include <stdio.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/base/version.h"
#include "vmm/host/exits.h"
#include "vmm/result/take.h"

static void describe_params(struct result *r, const struct run_setup *setup)
{
	const struct payload_note *note = &setup->image.note;

	r->nr_params = params_count(&setup->image.note);
	for (unsigned int i = 0; i < r->nr_params; i++) {
		const struct param_desc *d = &note->params[i];
		struct result_param *to = &r->params[i];

		*to = (struct result_param){
			.kind = d->kind,
			.lo = setup->params[i].lo,
			.hi = setup->params[i].hi,
		};
		memcpy(to->name, d->name, sizeof(to->name));
		if (d->kind == PARAM_ENUM) {
			char word[sizeof(d->choices)];

			snprintf(to->choice, sizeof(to->choice), "%s",
				 param_choice(d, setup->params[i].lo, word,
					      sizeof(word)));
		}
	}
}

static void describe_placement(struct result_placed *p,
			       const struct run_setup *setup)
{
	const struct placement_wish *wish = &setup->config.placement;
	struct cpumask others =
		cpumask_from_set(&setup->placement.housekeeping);

	p->known = true;
	p->chosen = wish->nr_cpus     ? CPUS_NAMED
		    : wish->tell_cpus ? CPUS_AUTO
				      : CPUS_DEFAULT;
	memcpy(p->why, setup->placement.cpus_why, sizeof(p->why));
	p->housekeeping_named = wish->names_housekeeping;
	cpumask_to_list(&others, p->housekeeping, sizeof(p->housekeeping));
}

void result_describe(struct result *r, const struct run_setup *setup)
{
	const struct config *c = &setup->config;
	struct result_machine *m = &r->machine;

	snprintf(r->version, sizeof(r->version), "%s", version_string());
	snprintf(r->commit, sizeof(r->commit), "%s", version_commit());
	if (c->command)
		text_copy(r->command, sizeof(r->command), c->command,
			  strlen(c->command));
	memcpy(r->payload, setup->image.note.name, sizeof(r->payload));
	r->counts_msrs = (setup->image.note.flags & PAYLOAD_COUNTS_MSRS) != 0;
	describe_params(r, setup);
	r->ticks = c->ticks;
	r->nr_thresholds = c->nr_thresholds;
	memcpy(r->thresholds, c->thresholds, sizeof(r->thresholds));
	snprintf(m->irqchip, sizeof(m->irqchip), "%s",
		 irqchip_name(c->machine.irqchip));
	exits_names(c->machine.disable_exits, m->disabled_exits,
		    sizeof(m->disabled_exits));
	m->halt_poll_ns = c->machine.halt_poll_ns;
	m->priority = placement_top_prio(&c->placement, c->machine.nr_vcpus);
	memcpy(m->priority_why, setup->placement.prio_why,
	       sizeof(m->priority_why));
	describe_placement(&m->placed, setup);
	m->page_len = c->machine.page_len;
	m->realtime = setup->placement.realtime;
	m->sandbox_known = true;
	m->sandbox = sandbox_state();
	m->dma_latency = setup->placement.dma_latency;
	m->nr_refused = setup->placement.nr_refused;
	for (unsigned int i = 0; i < m->nr_refused; i++)
		memcpy(m->refused[i], setup->placement.refused[i],
		       sizeof(m->refused[i]));
	if (c->output.raw) {
		r->raw.asked = true;
		text_copy(r->raw.path, sizeof(r->raw.path), c->output.raw,
			  sizeof(r->raw.path));
	}
}
