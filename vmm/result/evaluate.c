/* SPDX-License-Identifier: BSD-2-Clause */
/* evaluate.c - see evaluate.h. */
#include "vmm/result/evaluate.h"
#include "vmm/result/judge.h"
#include "vmm/result/merge.h"

static void add_warnings(struct result *r, const struct claim *claim)
{
	const struct run_setup *s = r->setup;

	if (claim_contested(claim) >= 0)
		result_warn(
			r,
			"another latvisor measured on CPU %d meanwhile: the "
			"two wait for each other",
			claim_contested(claim));
	for (unsigned int i = 0; i < s->placement.nr_refused; i++)
		result_warn(r, "not real-time: the host refused %s",
			    s->placement.refused[i]);
	if (s->config.placement.prio == 0)
		result_warn(r, "not real-time: --prio 0 asks for ordinary "
			       "scheduling");
	if (r->console_lost)
		result_warn(r,
			    "%ju bytes of the guest's text were lost: it "
			    "printed faster than they could be read",
			    (uintmax_t)r->console_lost);
	if (r->restarts)
		result_warn(r,
			    "the guest was started anew %ju time%s after a "
			    "test that this host could not finish",
			    (uintmax_t)r->restarts,
			    r->restarts == 1 ? "" : "s");
}

void result_evaluate(struct result *r, enum stop_reason why,
		     const struct claim *claim)
{
	r->stuck = why == STOP_STUCK;
	host_read(&r->host);
	add_warnings(r, claim);
	result_take(r, why);
	result_merge(r);
	result_analyse(r);
	result_check_counts(r);
	if (r->raw)
		result_check_raw(r);
	result_judge(r);
	if (r->setup->config.strict && r->nr_warnings)
		result_verdict(r, VERDICT_FAIL, "--strict: %s", r->warnings[0]);
}
