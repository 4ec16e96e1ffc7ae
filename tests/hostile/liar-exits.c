/* SPDX-License-Identifier: BSD-2-Clause */
/* liar-exits.c - exits that the vmm did not see make the run an ERROR. */
#include "guest-firmware/fw.h"

enum {
	MORE,
	FEWER,
	MSR_FOR_MMIO
};

static void liar_exits(void)
{
	struct measure m = metric_add("lies", 0, 0, 1);
	struct param_value p;

	params_load(&p, 1);
	window_begin(&m);
	measure_record(&m, 1000, rdtsc());
	if (p.lo == MORE)
		me()->counts.pio++;
	else
		mmio_write32(MMIO_DOORBELL, 0);
	if (p.lo == MSR_FOR_MMIO)
		me()->counts.msr += 2;
	window_end(&m);
	metric_done(&m);
}

PAYLOAD("liar-exits", liar_exits, .summary = "counts exits that were none",
	.limit_ms = 2000, .hists = 1,
	.params = {
		{.name = "case",
		 .choices = "more|fewer|other",
		 .kind = PARAM_ENUM},
	});
