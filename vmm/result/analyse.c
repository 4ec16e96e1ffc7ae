/* SPDX-License-Identifier: BSD-2-Clause */
/* analyse.c - every metric of a result, by statistics/. */
#include <stdlib.h>

#include "vmm/result/result.h"

/* Again from the beginning: rounds add to both. */
static void join_deadlines(struct result *r, struct result_metric *m)
{
	free(m->deadlines);
	m->deadlines = NULL;
	if (!m->hist || !m->unmet || m->missed == 0)
		return;
	if (!result_gather(&m->deadlines, m->hist) ||
	    !result_gather(&m->deadlines, m->unmet))
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: its deadlines are more than there "
			       "can be",
			       m->name);
}

static void analyse(struct result *r, struct result_metric *m, uint64_t *work)
{
	struct dist d = metric_dist(m);

	join_deadlines(r, m);
	if (m->nr_rounds)
		analysis_of_rounds(&m->analysis, &d, m->rounds, m->nr_rounds);
	else
		analysis_make(&m->analysis, &d, m->series);
	/* Rare cases of an operation are the host's, not the operation's. */
	m->has_tail = m->analysis.count && m->nr_rounds == 0 &&
		      result_is_shown(m) && !(m->flags & METRIC_PER_OP);
	if (m->has_tail)
		tail_estimate(&m->tail, &d, m->series, work);
}

void result_analyse(struct result *r)
{
	uint64_t work = TAIL_WORK;

	/* What is true of all vCPUs comes first, if there is not enough. */
	for (unsigned int i = 0; i < r->nr_merged; i++)
		analyse(r, &r->merged[i], &work);
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		analyse(r, &r->metrics[i], &work);
}
