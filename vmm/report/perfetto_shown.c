/* SPDX-License-Identifier: BSD-2-Clause */
/* perfetto_shown.c - see perfetto_parts.h: which blocks and samples. */
#include <stdlib.h>

#include "vmm/base/room.h"
#include "vmm/report/perfetto_parts.h"

static int longest_first(const void *a, const void *b)
{
	const struct shown_sample *x = a, *y = b;
	uint64_t n = x->span.end - x->span.begin;
	uint64_t m = y->span.end - y->span.begin;

	return (n < m) - (n > m);
}

static int first_first(const void *a, const void *b)
{
	const struct shown_sample *x = a, *y = b;

	return (x->span.begin > y->span.begin) -
	       (x->span.begin < y->span.begin);
}

/* All that have a span, the worst of them numbered. */
static void fill(struct shown_metric *to, const struct recorded_metric *m)
{
	to->samples = room_for(m->nr, sizeof(*to->samples), PERFETTO_ROOM);
	for (size_t i = 0; i < m->nr; i++)
		to->nr += recorded_span(m, i, &to->samples[to->nr].span);
	qsort(to->samples, to->nr, sizeof(*to->samples), longest_first);
	for (unsigned int i = 0; i < EXPLAIN_WORST && i < to->nr; i++)
		to->samples[i].worst = i + 1;
}

/* Those whose block is shown, in their order. */
static void keep_shown(struct shown_metric *m, const struct blocks *b,
		       const struct shown *s)
{
	size_t nr = 0;

	for (size_t i = 0; i < m->nr; i++) {
		long block = blocks_find(b, m->samples[i].span.begin);

		if (block >= 0 && s->block[block])
			m->samples[nr++] = m->samples[i];
	}
	m->nr = nr;
	qsort(m->samples, m->nr, sizeof(*m->samples), first_first);
}

/* Events and samples of a block. */
static size_t weigh(const struct recording *r, const struct block *b)
{
	size_t sum = trace_log_find(r->trace.log, b->end) -
		     trace_log_find(r->trace.log, b->begin);

	for (unsigned int i = 0; i < r->nr; i++) {
		const struct recorded_metric *m = &r->metrics[i];
		size_t low = 0, high = m->nr;

		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (m->samples[middle].tsc < b->begin)
				low = middle + 1;
			else
				high = middle;
		}
		while (low < m->nr && m->samples[low++].tsc <= b->end)
			sum++;
	}
	return sum;
}

static bool can_be_shown(const struct block *b)
{
	return b->traced && !b->lossy && b->end > b->begin;
}

static void show(const struct recording *r, struct shown *s, size_t block,
		 size_t *left)
{
	size_t weight;

	if (s->block[block])
		return;
	weight = weigh(r, &r->trace.blocks->list[block]);
	*left -= weight < *left ? weight : *left;
	s->block[block] = true;
	s->nr_blocks++;
}

static void choose_blocks(const struct recording *r, struct shown *s,
			  size_t left)
{
	const struct blocks *b = r->trace.blocks;

	for (unsigned int k = 0; k < r->nr; k++)
		for (size_t i = 0; i < s->metrics[k].nr; i++) {
			const struct shown_sample *e =
				&s->metrics[k].samples[i];
			long at = blocks_find(b, e->span.begin);

			if (e->worst && at >= 0 && can_be_shown(&b->list[at]))
				show(r, s, (size_t)at, &left);
		}
	for (size_t i = 0; i < b->nr; i++) {
		if (!can_be_shown(&b->list[i]))
			continue;
		s->of_blocks++;
		if (weigh(r, &b->list[i]) <= left)
			show(r, s, i, &left);
	}
}

struct shown *shown_choose(const struct recording *r, size_t most)
{
	struct shown *s = room_for(1, sizeof(*s), PERFETTO_ROOM);

	s->block =
		room_for(r->trace.blocks->nr, sizeof(*s->block), PERFETTO_ROOM);
	for (unsigned int i = 0; i < r->nr; i++) {
		fill(&s->metrics[i], &r->metrics[i]);
		s->of_samples += s->metrics[i].nr;
	}
	choose_blocks(r, s, most);
	for (unsigned int i = 0; i < r->nr; i++) {
		keep_shown(&s->metrics[i], r->trace.blocks, s);
		s->nr_samples += s->metrics[i].nr;
	}
	return s;
}

void shown_free(struct shown *s)
{
	for (unsigned int i = 0; i < RESULT_MAX_METRICS; i++)
		free(s->metrics[i].samples);
	free(s->block);
	free(s);
}
