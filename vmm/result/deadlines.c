/* SPDX-License-Identifier: BSD-2-Clause */
/* deadlines.c - see deadlines.h. */
#include <string.h>

#include "vmm/result/deadlines.h"

#define WARN_ONE_IN 1000
#define FAIL_ONE_IN 2
#define BLIND_SHARE 0.01
/* Of pulses: how late the main thread is for them is a metric of its own. */
#define BLIND_SHARE_PULSE 0.05

uint64_t result_deadlines(const struct result_metric *m)
{
	struct dist d = metric_dist(m);

	return dist_samples(&d) + m->left_out + m->missed;
}

static bool has_deadlines(const struct result_metric *m)
{
	return m->flags & METRIC_DEADLINES && m->hist;
}

/* Those of all vCPUs together, by the first of that name. */
static void check_missed(struct result *r, unsigned int first)
{
	const struct result_metric *m = &r->metrics[first];
	uint64_t missed = 0, all = 0;

	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		const struct result_metric *other = &r->metrics[i];

		if (!has_deadlines(other) || strcmp(other->name, m->name) != 0)
			continue;
		if (i < first)
			return;
		missed += other->missed;
		all += result_deadlines(other);
	}
	if (missed > all / FAIL_ONE_IN)
		result_verdict(
			r, VERDICT_FAIL,
			"%s: %ju of %ju deadlines were missed: this host "
			"does not keep such a period",
			m->name, (uintmax_t)missed, (uintmax_t)all);
	else if (missed > all / WARN_ONE_IN)
		result_warn(r, "%s: %ju of %ju deadlines were missed (%.2f %%)",
			    m->name, (uintmax_t)missed, (uintmax_t)all,
			    (double)missed * 100 / (double)all);
}

static void check_blind(struct result *r, const struct result_metric *m)
{
	double share =
		m->flags & METRIC_PULSE ? BLIND_SHARE_PULSE : BLIND_SHARE;
	double all;

	if (!m->blind || !m->window)
		return;
	all = (double)m->window->counts.tsc;
	if ((double)m->blind > all * share)
		result_warn(r,
			    "%s: for %.1f %% of its time an event was due and "
			    "its sender could not send it",
			    m->name, (double)m->blind * 100 / all);
}

void result_check_deadlines(struct result *r)
{
	for (unsigned int i = 0; i < r->nr_metrics; i++) {
		if (has_deadlines(&r->metrics[i]))
			check_missed(r, i);
		check_blind(r, &r->metrics[i]);
	}
}
