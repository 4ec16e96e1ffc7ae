/* SPDX-License-Identifier: BSD-2-Clause */
/* evaluate.c - see evaluate.h. */
#include "vmm/result/evaluate.h"
#include "vmm/base/text.h"
#include "vmm/machine/devices.h"
#include "vmm/payload/params.h"
#include "vmm/result/check.h"
#include "vmm/result/deadlines.h"
#include "vmm/result/diagnose.h"
#include "vmm/result/effect.h"
#include "vmm/result/exits_take.h"
#include "vmm/result/explain_take.h"
#include "vmm/result/judge.h"
#include "vmm/result/merge.h"
#include "vmm/result/proof_take.h"
#include "vmm/result/raw_check.h"
#include "vmm/result/take.h"

/* Nobody refused it. */
static void warn_ordinary(struct result *r, const struct placement_wish *wish)
{
	uint32_t i = 0;

	while (i < r->nr_vcpus && r->vcpus[i].policy.kind != POLICY_OTHER)
		i++;
	if (i < r->nr_vcpus && wish->nr_policies)
		result_warn(r,
			    "not real-time: --sched other asks for ordinary "
			    "scheduling of vCPU %u",
			    i);
	else if (i < r->nr_vcpus)
		result_warn(r, "not real-time: --prio 0 asks for ordinary "
			       "scheduling");
}

static void add_warnings(struct result *r, struct claim *claim)
{
	int cpu = claim_contested(claim), hidden = claim_hidden(claim);

	if (cpu >= 0)
		result_warn(
			r,
			"another latvisor measured on CPU %d meanwhile: the "
			"two wait for each other",
			cpu);
	else if (hidden >= 0)
		result_warn(r,
			    "cannot tell whether another latvisor measured on "
			    "CPU %d meanwhile: other users hold all names that "
			    "tell of one (@latvisor/cpu%d.*)",
			    hidden, hidden);
	for (unsigned int i = 0; i < r->machine.nr_refused; i++)
		result_warn(r, "not real-time: the host refused %s",
			    r->machine.refused[i]);
	if (r->console_lost)
		result_warn(r,
			    "%ju bytes of the guest's text were lost: it "
			    "printed faster than they could be read",
			    (uintmax_t)r->console_lost);
	if (r->restarts)
		result_warn(r,
			    "the guest was started anew %ju time%s after a "
			    "test that this host could not finish",
			    (uintmax_t)r->restarts, plural(r->restarts));
}

/* What it costs to be handled there is then something else. */
static void warn_helper(struct result *r, const struct vm *vm)
{
	if (vm->placement->shared && devices_any(vm, DEVICE_HELPER))
		result_warn(r,
			    "the helper thread of devices had no CPU of its "
			    "own, it took that of vCPU %u: give it one by more "
			    "CPUs or fewer --vcpus",
			    vm->nr_vcpus - 1);
}

/* Pages that the guest wrote to, and those that KVM has logged. */
static void take_dirty(struct result *r, const struct vm *vm)
{
	const struct lazy_log *log = &vm->lazy_log;

	if (!atomic_load(&log->is_done))
		return;
	result_check_add(r, "dirty pages", log->vcpu, -1,
			 (struct check_pair){.guest = log->guest_count,
					     .host = log->host_count},
			 CHECK_EQUAL);
}

static void check_effect(struct result *r, const struct run_setup *setup)
{
	int idle = params_find_role(&setup->image.note, PARAM_ROLE_IDLE);

	if (idle >= 0)
		result_check_effect(r, (enum idle_mode)setup->params[idle].lo);
}

/* Whatever was measured: somebody else may have been at work. */
static void check_sandbox(struct result *r)
{
	char text[256];

	if (sandbox_refused(text, sizeof(text)))
		result_verdict(r, VERDICT_ERROR, "%s", text);
}

void result_evaluate(struct result *r, const struct ended_run *run)
{
	const struct config *c = &run->setup->config;

	result_describe(r, run->setup);
	host_read(&r->host);
	add_warnings(r, run->claim);
	warn_helper(r, run->vm);
	result_take(r, run->vm, run->why, run->setup->limit_ms);
	warn_ordinary(r, &c->placement);
	if (config_records(c))
		result_explain(r, run);
	if (c->exits)
		result_exits(r, run);
	check_effect(r, run->setup);
	result_merge(r);
	result_analyse(r);
	result_check_counts(r);
	take_dirty(r, run->vm);
	check_sandbox(r);
	result_check_disturbed(r);
	proof_check(r);
	result_check_deadlines(r);
	if (run->raw)
		result_check_raw(r, run->raw);
	/* One of several is judged with them: rounds_end(). */
	if (run->setup->is_round)
		return;
	result_diagnose(r, NULL);
	r->in_suite = run->setup->in_suite;
	result_judge(r);
	result_judge_verdict(r);
	if (c->strict && r->nr_warnings)
		result_verdict(r, VERDICT_FAIL, "--strict: %s", r->warnings[0]);
}
