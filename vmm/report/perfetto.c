/* SPDX-License-Identifier: BSD-2-Clause */
/* perfetto.c - see perfetto.h. */
#include <inttypes.h>

#include "vmm/base/version.h"
#include "vmm/report/perfetto.h"
#include "vmm/report/perfetto_parts.h"

/* The first shown block's begin. */
static uint64_t base_of(const struct recording *r, const struct shown *s)
{
	for (size_t i = 0; i < r->trace.blocks->nr; i++)
		if (s->block[i])
			return r->trace.blocks->list[i].begin;
	return 0;
}

static json_t *count_of(size_t nr, size_t all)
{
	return json_pack("{s:I, s:I}", "shown", (json_int_t)nr, "recorded",
			 (json_int_t)all);
}

/* What a viewer shows beside the trace. */
static json_t *about(const struct recording *r, const struct shown *s,
		     const struct trace_json *j, size_t no_room)
{
	json_t *o = json_object();
	char tsc[24], program[64];

	snprintf(program, sizeof(program), "latvisor %s", version_string());
	/* Numbers of JavaScript end at 2^53. */
	snprintf(tsc, sizeof(tsc), "%" PRIu64, j->base);
	set_text(o, "written_by", program);
	set_text(o, "kernel", r->kernel);
	set_text(o, "kvm_module", r->kvm_module);
	set_text(o, "a_microsecond_is",
		 r->ticks.insns ? "1 instruction: this host's clock counts "
				  "them"
				: "1 us");
	set(o, "tsc_khz", number(r->tsc_khz));
	set_text(o, "tsc_at_0", tsc);
	set(o, "blocks", count_of(s->nr_blocks, s->of_blocks));
	set(o, "samples", count_of(s->nr_samples - no_room, s->of_samples));
	return o;
}

bool perfetto_write(const struct recording *r, FILE *out)
{
	struct shown *s = shown_choose(r, PERFETTO_MOST);
	struct trace_json j = {.out = out,
			       .base = base_of(r, s),
			       .ticks = r->ticks,
			       .tsc_khz = r->tsc_khz};
	size_t no_room;

	trace_json_begin(&j);
	trace_json_process(&j, PID_GUEST, "guest");
	trace_json_process(&j, PID_HOST, "host CPUs");
	perfetto_cpus(&j, r, s);
	no_room = perfetto_samples(&j, r, s);
	trace_json_end(&j, about(r, s, &j, no_room));
	shown_free(s);
	return !j.failed;
}
