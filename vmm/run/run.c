/* SPDX-License-Identifier: BSD-2-Clause */
/* run.c - see run.h. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/base/timeline.h"
#include "vmm/base/verdict.h"
#include "vmm/host/claim.h"
#include "vmm/host/sandbox.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/vcpu.h"
#include "vmm/payload/note.h"
#include "vmm/result/evaluate.h"
#include "vmm/result/result.h"
#include "vmm/run/confine.h"
#include "vmm/run/run.h"
#include "vmm/run/step.h"
#include "vmm/run/supervise.h"
#include "vmm/run/trace_dat.h"
#include "vmm/run/tracer.h"
#include "vmm/setup/modes.h"

/* Runs the VM to the end of the payload, over as many restarts as it takes. */
static enum stop_reason run_vm(struct vm *vm, const struct run_setup *setup,
			       struct result *result, struct raw *raw,
			       struct tracer *tracer)
{
	struct supervisor s = {
		.raw = raw,
		.tracer = tracer,
		.tells_overruns = setup->placement.tells_overruns,
	};
	uint64_t resume_step = 0;
	enum stop_reason why;

	supervisor_open(&s);
	confine(setup);
	timeline_mark("sandbox");
	for (;;) {
		vm_create(vm, setup, resume_step, result->restarts != 0);
		placement_settle(&setup->placement);
		why = supervise(&s, vm, setup);
		for (uint32_t i = 0; tracer && i < vm->nr_vcpus; i++)
			tracer_add_vcpu(tracer, vm->vcpus[i].tid, i);
		if (!step_ended(vm, why) ||
		    result->restarts == RESULT_MAX_METRICS)
			break;
		resume_step = step_end(vm, why, result);
		vm_destroy(vm);
	}
	supervisor_close(&s);
	supervise_rest(vm, setup);
	if (s.nr_stops)
		result_warn(result,
			    "the process was stopped (SIGSTOP, Ctrl-Z) and "
			    "went on %u time%s, for %.2f s at most: what it "
			    "measured has that in it",
			    s.nr_stops, plural(s.nr_stops),
			    (double)s.stopped_ns / 1e9);
	result->machine.placed.overruns_known = s.tells_overruns;
	result->machine.placed.overruns = s.nr_overruns;
	if (s.nr_overruns)
		result_warn(result,
			    "vCPUs used up their RUNTIME of SCHED_DEADLINE %ju "
			    "time%s at least, and had no CPU until their next "
			    "PERIOD: see --sched",
			    (uintmax_t)s.nr_overruns, plural(s.nr_overruns));
	/* Of what a guest says it printed: JSON has no larger numbers. */
	result->console_lost =
		s.console_lost < INT64_MAX ? s.console_lost : INT64_MAX;
	return why;
}

static void warn_refused(const struct run_setup *setup)
{
	for (unsigned int i = 0; i < setup->placement.nr_refused; i++)
		warn("NOT REAL-TIME, figures are for teaching only: the host "
		     "refused %s",
		     setup->placement.refused[i]);
}

/* Why it cannot run, for "NAME needs ..."; NULL: it can. */
static const char *lacks_lapic(const struct run_setup *setup)
{
	if (setup->config.machine.irqchip == IRQCHIP_NONE &&
	    setup->image.note.flags & PAYLOAD_NEEDS_LAPIC)
		return "a local APIC: use --irqchip split or kernel";
	return NULL;
}

static void check_strict(const struct run_setup *setup)
{
	const struct placement *p = &setup->placement;

	if (setup->config.strict && !p->realtime)
		die("--strict wants real-time scheduling, the host refused %s",
		    p->nr_refused ? p->refused[0]
				  : "nothing, but --prio 0 or --sched other "
				    "asks for none");
}

static struct run_outcome skip(const struct run_setup *setup, const char *needs)
{
	warn("SKIP: %s needs %s", setup->image.note.name, needs);
	return (struct run_outcome){.status = verdict_status(VERDICT_SKIP)};
}

static void vm_init(struct vm *vm, struct run_setup *setup)
{
	*vm = (struct vm){
		.config = &setup->config,
		.image = &setup->image,
		.placement = &setup->placement,
		.nr_vcpus = setup->config.machine.nr_vcpus,
	};
	vm->nr_windows = note_windows(&setup->image.note,
				      setup->config.machine.nr_vcpus);
	kvm_open(&vm->kvm);
	modes_settle(&vm->kvm, &setup->config, &setup->image.note,
		     setup->params);
	timeline_mark("/dev/kvm");
}

static void vm_free(struct vm *vm)
{
	for (uint32_t i = 0; vm->vcpus && i < vm->nr_vcpus; i++) {
		free(vm->vcpus[i].windows);
		free(vm->vcpus[i].noise);
		free(vm->vcpus[i].exits_by_reason);
	}
	free(vm->vcpus);
	devices_free(vm);
	vm_free_memory(vm);
	close(vm->kvm.fd);
}

/* Everything is copied by then: the VM is gone, but for a thread that is lost.
 */
static struct run_outcome end_run(struct result *r, struct run_report *run,
				  struct vm *vm, run_taker *take, void *arg)
{
	struct run_outcome outcome = {
		.status = result_status(r),
		.interrupted = r->interrupted,
		.broke = r->nr_broke > 0,
	};

	if (!r->stuck) {
		vm_destroy(vm);
		vm_free(vm);
	}
	run->status = outcome.status;
	if (!run->setup->more)
		sandbox_files_only();
	take(r, run, arg);
	if (r->stuck) { /* a thread may still use all of it */
		fflush(NULL);
		_exit(outcome.status);
	}
	raw_free(run->raw);
	recording_free(run->recording);
	if (!run->kept)
		result_free(r);
	return outcome;
}

static struct run_outcome skip_vm(struct run_setup *setup, struct vm *vm,
				  const char *needs)
{
	struct run_outcome outcome = skip(setup, needs);

	placement_relax(&setup->placement);
	vm_free(vm);
	return outcome;
}

static void take_duration(struct result *r, const struct vm *vm,
			  const struct clocks *begin)
{
	struct clocks end = clocks_read();
	uint64_t first;

	r->duration_ns = end.mono_ns - begin->mono_ns;
	r->duration_tsc = end.tsc - begin->tsc;
	/* Read once: after STOP_STUCK the guest may still write. */
	first = *(const volatile uint64_t *)&vm_result(vm)->boot_tsc;
	if (first > begin->tsc && first < end.tsc)
		r->start_tsc = first - begin->tsc;
}

/* Before the sandbox.  NULL: nobody asked; or why says what is missing. */
static struct tracer *open_tracer(const struct run_setup *setup, char *why,
				  size_t why_len)
{
	const struct config *c = &setup->config;
	struct tracer_wish wish = {
		.cpus = setup->placement.cpu,
		.nr = c->machine.nr_vcpus,
		.watch = config_watches(c),
		.pages = trace_dat_pages(c->dat),
	};

	if (c->explain)
		wish.kinds |= TRACE_EXPLAIN;
	if (c->explain && setup->image.note.flags & PAYLOAD_ARMS)
		wish.kinds |= TRACE_BIT(TRACE_KVM_MSR);
	if (c->exits)
		wish.kinds |= TRACE_EXITS;
	return wish.kinds ? tracer_open(&wish, why, why_len) : NULL;
}

/* Before the sandbox: where samples go, and what was recorded. */
static void open_outputs(struct run_report *run)
{
	const struct output_wish *o = &run->setup->config.output;

	if (o->raw || config_records(&run->setup->config))
		run->raw = raw_open(o->raw, run->setup->more);
	if (o->perfetto || o->events)
		run->recording = recording_new();
}

struct run_outcome run_payload(struct run_setup *setup, run_taker *take,
			       void *arg)
{
	struct run_report run = {.setup = setup};
	struct clocks begin;
	char no_trace[160] = "";
	struct tracer *tracer;
	struct explain_trace trace;
	struct run_outcome outcome;
	struct ended_run ended;
	const char *lack;
	struct claim claim;
	struct result *r;
	struct vm vm;

	if (lacks_lapic(setup))
		return skip(setup, lacks_lapic(setup));
	/* Only this tells what the host grants. */
	placement_apply(&setup->placement, &setup->config.placement,
			setup->config.machine.nr_vcpus);
	check_strict(setup);
	timeline_mark("scheduling");
	vm_init(&vm, setup);
	/* Asked once: KVM may answer otherwise the next time. */
	lack = devices_lack(&vm);
	if (lack)
		return skip_vm(setup, &vm, lack);
	claim_cpus(&claim,
		   cpu_lock_open(CPU_LOCK_FOLDER, !sandbox_state().seccomp),
		   setup->placement.cpu, setup->config.machine.nr_vcpus);
	r = result_new();
	if (!setup->again)
		warn_refused(setup);
	clock_gettime(CLOCK_REALTIME, &r->started);
	begin = clocks_read();
	open_outputs(&run);
	tracer = open_tracer(setup, no_trace, sizeof(no_trace));
	vm_memory(&vm);
	devices_alloc(&vm);
	timeline_mark("guest memory");
	ended = (struct ended_run){
		.setup = setup,
		.vm = &vm,
		.why = run_vm(&vm, setup, r, run.raw, tracer),
		.claim = &claim,
		.raw = run.raw,
		.recording = run.recording,
		.no_trace = no_trace,
	};
	if (tracer) {
		trace = tracer_trace(tracer);
		ended.trace = &trace;
	}
	take_duration(r, &vm, &begin);
	placement_relax(&setup->placement);
	result_evaluate(r, &ended);
	tracer_end(tracer);
	claim_release(&claim);
	outcome = end_run(r, &run, &vm, take, arg);
	tracer_close(tracer);
	return outcome;
}
