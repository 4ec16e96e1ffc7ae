/* SPDX-License-Identifier: BSD-2-Clause */
/* run.c - see run.h. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/timeline.h"
#include "vmm/base/verdict.h"
#include "vmm/host/claim.h"
#include "vmm/payload/note.h"
#include "vmm/report/crash_page.h"
#include "vmm/report/report.h"
#include "vmm/result/judge.h"
#include "vmm/result/merge.h"
#include "vmm/result/result.h"
#include "vmm/run/run.h"
#include "vmm/setup/modes.h"

/* Why a step without a single sample ended: text for struct metric. */
static void why_unusable(const struct vm *vm, enum stop_reason why, char *text,
			 size_t len)
{
	const struct result_area *area = vm_result(vm);

	if (why == STOP_STEP)
		snprintf(text, len,
			 "the first did not return within %ju ms: not usable",
			 (uintmax_t)(area->step.first_tsc / vm->tsc_khz));
	else if (area->trap.valid)
		snprintf(text, len, "the first one traps, vector %ju (%s)",
			 (uintmax_t)area->trap.vector,
			 dump_vector_name(area->trap.vector));
	else
		snprintf(text, len, "KVM cannot emulate the instruction");
}

/* The metric of the step that is running, or NULL. */
static struct metric *open_metric(const struct vm *vm)
{
	struct result_area *area = vm_result(vm);
	uint32_t last = area->nr_metrics - 1;
	struct metric *m = &area->metrics[last];

	if (area->step.start_tsc == 0 || last >= RESULT_MAX_METRICS ||
	    m->step != area->step.index || m->status != METRIC_OPEN)
		return NULL;
	return m;
}

/*
 * Can the payload go on without the step that ended it?  Yes when the step's
 * time was over, or when the step said that some hosts cannot do it and it
 * died before its first sample.
 */
static bool step_ended(const struct vm *vm, enum stop_reason why)
{
	const struct metric *m = open_metric(vm);
	const struct hist *h;

	if (why == STOP_STEP)
		return true;
	if (why != STOP_CRASH || !m || vm_result(vm)->step.first_tsc == 0)
		return false;
	h = vm_hva(vm, m->hist_gpa, sizeof(*h));
	return h && h->count == 0;
}

/*
 * What becomes of a metric that its step left open: SKIP when the step said
 * that some hosts cannot do it and there is no sample.
 */
static void end_metric(const struct vm *vm, enum stop_reason why,
		       struct metric *m, struct result *result)
{
	const struct hist *h = vm_hva(vm, m->hist_gpa, sizeof(*h));

	if (h && h->count == 0 && vm_result(vm)->step.first_tsc) {
		m->status = METRIC_SKIP;
		why_unusable(vm, why, m->reason, sizeof(m->reason));
		return;
	}
	m->status = METRIC_TIMEOUT;
	result->timeouts++;
}

/*
 * The step keeps its samples; the VM is made anew around the same RAM and
 * starts at the next one.  The number of that one.
 */
static uint64_t end_step(struct vm *vm, enum stop_reason why,
			 struct result *result)
{
	struct result_area *area = vm_result(vm);
	uint32_t nr = area->nr_metrics;
	bool any = false;

	for (uint32_t i = 0; i < nr && i < RESULT_MAX_METRICS; i++) {
		struct metric *m = &area->metrics[i];

		if (m->step != area->step.index || m->status != METRIC_OPEN)
			continue;
		end_metric(vm, why, m, result);
		any = true;
	}
	result->timeouts += !any;
	result->restarts++;
	area->trap.valid = 0;
	area->step.start_tsc = 0;
	return area->step.index + 1;
}

/* Runs the VM to the end of the payload, over as many restarts as it takes. */
static enum stop_reason run_vm(struct vm *vm, const struct run_setup *setup,
			       struct result *result)
{
	struct supervisor s = {.raw = result->raw};
	uint64_t resume_step = 0;
	enum stop_reason why;

	supervisor_open(&s);
	for (;;) {
		vm_create(vm, setup, resume_step, result->restarts != 0);
		placement_settle(&setup->placement);
		why = supervise(&s, vm, setup);
		if (!step_ended(vm, why) ||
		    result->restarts == RESULT_MAX_METRICS)
			break;
		resume_step = end_step(vm, why, result);
		vm_destroy(vm);
	}
	supervisor_close(&s);
	supervise_rest(vm, setup);
	result->console_lost = s.console_lost;
	return why;
}

static void warn_refused(const struct run_setup *setup)
{
	for (unsigned int i = 0; i < setup->placement.nr_refused; i++)
		warn("NOT REAL-TIME, figures are for teaching only: the host "
		     "refused %s",
		     setup->placement.refused[i]);
}

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

/* Why it cannot run, for "NAME needs ..."; NULL: it can. */
static const char *lacks_lapic(const struct run_setup *setup)
{
	if (setup->config.irqchip == IRQCHIP_NONE &&
	    setup->image.note.flags & PAYLOAD_NEEDS_LAPIC)
		return "a local APIC: use --irqchip split or kernel";
	return NULL;
}

static const char *lacks_priority(const struct run_setup *setup)
{
	if (setup->image.note.flags & PAYLOAD_RIVAL)
		return rival_impossible(&setup->placement,
					&setup->config.placement);
	return NULL;
}

static void check_strict(const struct run_setup *setup)
{
	const struct placement *p = &setup->placement;

	if (setup->config.strict && !p->realtime)
		die("--strict wants real-time scheduling, the host refused %s",
		    p->nr_refused ? p->refused[0]
				  : "nothing, but --prio 0 asks for none");
}

static struct run_outcome skip(const struct run_setup *setup, const char *needs)
{
	warn("SKIP: %s needs %s", setup->image.note.name, needs);
	return (struct run_outcome){.status = verdict_status(VERDICT_SKIP)};
}

void run_report(struct result *r, void *arg)
{
	const char *json = r->setup->config.json;
	const struct ticks *ticks = &r->setup->config.ticks;
	int err = r->raw ? raw_write(r->raw, ticks, r->vm->tsc_khz) : 0;
	int json_err = 0;

	(void)arg;
	report_text(r, config_out(&r->setup->config));
	timeline_mark("report");
	if (json)
		json_err = report_json(r, json);
	/* Neither is lost for the other's sake. */
	if (json_err)
		die("cannot write the result to %s: %s", json,
		    strerror(-json_err));
	if (err)
		die("cannot write the samples to --raw %s: %s",
		    r->setup->config.raw, strerror(-err));
}

static void vm_init(struct vm *vm, struct run_setup *setup)
{
	*vm = (struct vm){
		.config = &setup->config,
		.image = &setup->image,
		.nr_vcpus = setup->config.nr_vcpus,
	};
	vm->nr_windows =
		note_windows(&setup->image.note, setup->config.nr_vcpus);
	kvm_open(&vm->kvm);
	modes_check(&vm->kvm, &setup->config, &setup->image.note,
		    setup->params);
	pulser_check(&vm->kvm, &setup->image.note);
	timeline_mark("/dev/kvm");
}

static void vm_free(struct vm *vm)
{
	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		free(vm->vcpus[i].windows);
		free(vm->vcpus[i].noise);
	}
	free(vm->vcpus);
	vm_free_memory(vm);
	close(vm->kvm.fd);
}

static struct result *result_new(const struct run_setup *setup,
				 const struct vm *vm)
{
	struct result *r = calloc(1, sizeof(*r));

	if (r)
		r->checks = calloc(RESULT_MAX_CHECKS, sizeof(*r->checks));
	if (!r || !r->checks)
		die_errno("no memory for the result");
	r->setup = setup;
	r->vm = vm;
	return r;
}

static void result_free(struct result *r)
{
	raw_free(r->raw);
	result_merge_free(r);
	result_judge_free(r);
	free(r->checks);
	free(r);
}

/* From what the guest left behind to a verdict. */
static void evaluate(struct result *r, enum stop_reason why,
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
		raw_check(r);
	result_judge(r);
	if (r->setup->config.strict && r->nr_warnings)
		result_verdict(r, VERDICT_FAIL, "--strict: %s", r->warnings[0]);
}

struct run_outcome run_payload(struct run_setup *setup, run_taker *take,
			       void *arg)
{
	struct run_outcome outcome;
	enum stop_reason why;
	struct claim claim;
	struct result *r;
	struct vm vm;

	if (lacks_lapic(setup))
		return skip(setup, lacks_lapic(setup));
	/* Only this tells what the host grants. */
	placement_apply(&setup->placement, &setup->config.placement);
	check_strict(setup);
	if (lacks_priority(setup)) {
		placement_relax(&setup->placement);
		return skip(setup, lacks_priority(setup));
	}
	claim_cpus(&claim, setup->placement.cpu, setup->config.nr_vcpus);
	r = result_new(setup, &vm);
	if (!setup->config.again)
		warn_refused(setup);
	timeline_mark("scheduling");
	vm_init(&vm, setup);
	clock_gettime(CLOCK_REALTIME, &r->started);
	r->begin = clocks_read();
	if (setup->config.raw)
		r->raw = raw_open(setup->config.raw);
	vm_memory(&vm);
	timeline_mark("guest memory");
	why = run_vm(&vm, setup, r);
	r->end = clocks_read();
	placement_relax(&setup->placement);
	evaluate(r, why, &claim);
	claim_release(&claim);
	take(r, arg);
	outcome.status = result_status(r);
	outcome.interrupted = r->interrupted;
	if (r->stuck) { /* a thread may still use all of it */
		fflush(NULL);
		_exit(outcome.status);
	}
	vm_destroy(&vm);
	vm_free(&vm);
	result_free(r);
	return outcome;
}
