/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * take.h - a result out of a run: everything is copied, and nothing that the
 * guest wrote is believed.
 */
#ifndef VMM_RESULT_TAKE_H
#define VMM_RESULT_TAKE_H

#include "vmm/machine/vcpu.h"
#include "vmm/result/result.h"
#include "vmm/result/stop.h"
#include "vmm/setup/setup.h"

/* What was asked: payload, parameters, machine, limits. */
void result_describe(struct result *r, const struct run_setup *setup);

/*
 * The end of the run: metrics, verdict, counts, crash.  The vCPUs' threads have
 * ended, but for STOP_STUCK.  The VM is not needed after it.
 */
void result_take(struct result *r, const struct vm *vm, enum stop_reason why,
		 uint64_t limit_ms);

/* Parts of it, each in a file of its name. */

void take_vcpus(struct result *r, const struct vm *vm);
void take_metrics(struct result *r, const struct vm *vm);

/*
 * The samples of a metric that has the rest already.  What contradicts itself
 * is left out, and the run an ERROR.
 */
void take_samples(struct result *r, const struct vm *vm,
		  struct result_metric *to, const struct metric *m);

/*
 * Once the payload has ended: what is done has its windows, begun and ended;
 * in take_metrics.c.
 */
void take_windows(struct result *r, const struct vm *vm);

void take_crash(struct result *r, const struct vm *vm);

/*
 * A place's symbol, and its instruction out of len bytes of code; in
 * take_crash.c.  take_code(): up to 15 bytes at rip, where the identity map has
 * it in RAM; how many.
 */
void take_place(struct result_place *p, const struct vm *vm,
		const unsigned char *code, unsigned int len);
#define TAKE_CODE_LEN 15
unsigned int take_code(const struct vm *vm, uint64_t rip,
		       unsigned char code[TAKE_CODE_LEN]);

/* Where the vCPUs are that the limit stopped; in take_crash.c. */
void take_stopped(struct result *r, const struct vm *vm);

/*
 * The samples above --break-at, if there are any.  whole: the payload came to
 * its end, so no such sample can be on its way.
 */
void take_break(struct result *r, const struct vm *vm, bool whole);

#endif
