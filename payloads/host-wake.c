/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host-wake.c - from an event of the host to the first instruction of the
 * guest's handler: a timer of the host expires, the main thread writes an
 * eventfd, KVM turns it into an MSI.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/pulse.h"

enum {
	PARAM_SAMPLES,
	PARAM_GAP_US,
	PARAM_WARMUP,
	PARAM_IDLE,
	PARAM_POLL_NS,
	NR_PARAMS
};

static struct pulse pulse __attribute__((aligned(PULSE_ALIGN)));

/* Both parts of each pulse's way. */
struct wake {
	struct idle idle;
	struct measure wake;  /* fired to handler */
	struct measure timer; /* due to woken: the host's part */
	uint64_t blind_tsc;   /* before the window */
};

/* Returns when the n-th pulse has come. */
static void wait_for_pulse(const struct idle *idle, uint64_t n)
{
	if (idle_blocks(idle)) {
		pulse_halt(&pulse, n);
	} else {
		pulse_expect(&pulse, n);
		idle_wait(idle);
	}
	while (me()->irq_vector != VECTOR_PULSE)
		idle_wait(idle);
	lapic_eoi();
	pulse_came(&pulse, n);
}

static void record(const struct wake *w)
{
	uint64_t came = me()->irq_tsc;

	/* First: a sample above --break-at ends the run. */
	w->wake.metric->blind = pulse.blind_tsc - w->blind_tsc;
	measure_record(&w->wake, came - pulse.fired_tsc, came);
	measure_record_signed(&w->timer,
			      (int64_t)(pulse.woken_tsc - pulse.due_tsc),
			      pulse.woken_tsc);
}

static void host_wake(void)
{
	struct param_value p[NR_PARAMS];
	uint64_t samples, n = 0;
	struct wake w;

	params_load(p, NR_PARAMS);
	samples = p[PARAM_SAMPLES].lo;
	w.idle = idle_load(&p[PARAM_IDLE], &p[PARAM_POLL_NS]);
	w.wake = metric_add("host_wake", 0, METRIC_PULSE, samples);
	w.timer = metric_add("host_timer", 0,
			     METRIC_SIGNED | METRIC_NO_WINDOW | METRIC_NO_SPAN,
			     samples);
	if (idle_blocks(&w.idle))
		w.wake.metric->blocking = samples;
	if (!pulse_start(&pulse, p[PARAM_GAP_US].lo, p[PARAM_GAP_US].hi,
			 idle_rest(&w.idle))) {
		verdict_skip("this KVM takes no interrupt route for an "
			     "eventfd (KVM_SET_GSI_ROUTING)");
		return;
	}
	idle_prepare(&w.idle);
	for (uint64_t i = 0; i < p[PARAM_WARMUP].lo; i++)
		wait_for_pulse(&w.idle, ++n);
	window_begin(&w.wake);
	w.blind_tsc = pulse.blind_tsc;
	for (uint64_t i = 0; i < samples; i++) {
		wait_for_pulse(&w.idle, ++n);
		record(&w);
	}
	window_end(&w.wake);
	pulse_stop();
	metric_done(&w.wake);
	metric_done(&w.timer);
}

METRICS(METRIC("host_wake"), METRIC("host_timer"));

PAYLOAD("host-wake", host_wake,
	.summary = "from an eventfd that a host timer fires to the handler",
	.flags = PAYLOAD_NEEDS_LAPIC | PAYLOAD_PULSE, .limit_ms = 5000,
	.hists = 3,
	.params = {
		PARAM_DESC_SAMPLES("pulses that are measured", 1000000000000,
				   10000),
		PARAM_DESC_GAP_US("between one pulse and the next, random",
				  PULSE_MIN_GAP_US, PULSE_MAX_GAP_US, 200,
				  1000),
		PARAM_DESC_WARMUP("pulses before the first sample", 100000,
				  100),
		PARAM_DESC_IDLE,
		PARAM_DESC_POLL_NS,
	});
