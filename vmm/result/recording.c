/* SPDX-License-Identifier: BSD-2-Clause */
/* recording.c - see recording.h. */
#include <inttypes.h>
#include <stdlib.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/result/recording.h"

#define EVENTS_VERSION 1

struct recording *recording_new(void)
{
	struct recording *r = calloc(1, sizeof(*r));

	if (!r)
		die_errno("no memory for what --explain recorded");
	return r;
}

static int by_end(const void *a, const void *b)
{
	const struct raw_entry *x = a, *y = b;

	return (x->tsc > y->tsc) - (x->tsc < y->tsc);
}

void recording_add(struct recording *r, const struct result_metric *m,
		   enum span_kind kind, struct raw_entry *samples, size_t nr)
{
	struct recorded_metric *to = &r->metrics[r->nr++];

	*to = (struct recorded_metric){
		.kind = kind, .vcpu = m->vcpu, .samples = samples, .nr = nr};
	text_copy(to->name, sizeof(to->name), m->name, sizeof(m->name));
	qsort(samples, nr, sizeof(*samples), by_end);
}

bool recorded_span(const struct recorded_metric *m, size_t i, struct span *span)
{
	const struct raw_entry *e = &m->samples[i];

	if (e->value <= 0)
		return false;
	*span = (struct span){.kind = m->kind,
			      .vcpu = m->vcpu,
			      .begin = e->tsc - (uint64_t)e->value,
			      .end = e->tsc};
	return true;
}

static void write_host(const struct recording *r, FILE *out)
{
	const struct span_host *h = &r->host;

	fprintf(out,
		"latvisor-events %d\nkernel %s\nkvm %s\nunit %s\n"
		"tsc_khz %" PRIu64 "\nrealtime %d\nmain %" PRId32 "\n",
		EVENTS_VERSION, r->kernel, r->kvm_module, ticks_unit(&r->ticks),
		r->tsc_khz, h->realtime, h->main_tid);
	if (h->arms)
		fputs("arms 1\n", out);
	for (uint32_t v = 0; v < h->nr_vcpus; v++)
		fprintf(out, "vcpu %" PRIu32 " %" PRId32 " %d\n", v, h->tid[v],
			h->cpu[v]);
	for (unsigned int i = 0; i < h->nr_earlier; i++)
		if (h->earlier[i].tid != h->tid[h->earlier[i].vcpu])
			fprintf(out, "earlier %" PRIu32 " %" PRId32 "\n",
				h->earlier[i].vcpu, h->earlier[i].tid);
	for (unsigned int k = 0; k < NR_TRACE_KINDS; k++)
		if (r->trace.lacks & TRACE_BIT(k))
			fprintf(out, "lacks %s\n", trace_kind_name(k));
}

static void write_blocks(const struct blocks *b, FILE *out)
{
	for (size_t i = 0; i < b->nr; i++)
		if (b->list[i].traced)
			fprintf(out, "block %" PRIu64 " %" PRIu64 "%s\n",
				b->list[i].begin, b->list[i].end,
				b->list[i].lossy ? " lossy" : "");
}

static void write_metric(const struct recorded_metric *m, FILE *out)
{
	fprintf(out, "metric %s %" PRIu32 " %s\n", span_kind_name(m->kind),
		m->vcpu, m->name);
	for (size_t i = 0; i < m->nr; i++)
		fprintf(out, "sample %" PRId64 " %" PRIu64 "\n",
			m->samples[i].value, m->samples[i].tsc);
}

bool recording_write(const struct recording *r, FILE *out)
{
	write_host(r, out);
	write_blocks(r->trace.blocks, out);
	for (unsigned int i = 0; i < r->nr; i++)
		write_metric(&r->metrics[i], out);
	fputs("events\n", out);
	trace_log_write(r->trace.log, out);
	return !ferror(out);
}

void recording_free(struct recording *r)
{
	for (unsigned int i = 0; r && i < r->nr; i++)
		free(r->metrics[i].samples);
	free(r);
}
