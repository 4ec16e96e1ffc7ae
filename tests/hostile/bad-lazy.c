/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bad-lazy.c - what is done once for lazy RAM is asked for twice or in a wrong
 * order: CRASH; a count that is not KVM's: ERROR.
 */
#include "guest-firmware/fw.h"

enum {
	POPULATE,
	LOG,
	COUNT_FIRST,
	COUNT,
	LIE,
	RACE
};

static _Atomic uint64_t ready __attribute__((aligned(64)));

static void both_log(void *arg)
{
	(void)arg;
	ready++;
	wait_for(&ready, 2);
	fw_control(CTL_LOG_DIRTY, 0);
}

static void bad_lazy(void)
{
	struct param_value p;

	params_load(&p, 1);
	switch (p.lo) {
	case POPULATE:
		fw_control(CTL_POPULATE, 0);
		fw_control(CTL_POPULATE, 0xffffff);
		break;
	case LOG:
		fw_control(CTL_LOG_DIRTY, 0);
		fw_control(CTL_LOG_DIRTY, 0);
		break;
	case COUNT_FIRST:
		fw_control(CTL_COUNT_DIRTY, 0);
		break;
	case COUNT:
		fw_control(CTL_LOG_DIRTY, 0);
		fw_control(CTL_COUNT_DIRTY, 0);
		fw_control(CTL_COUNT_DIRTY, 0);
		break;
	case LIE:
		fw_control(CTL_LOG_DIRTY, 0);
		*(volatile uint64_t *)fw_boot->lazy = 1;
		fw_control(CTL_COUNT_DIRTY, 0xffffff);
		break;
	case RACE:
		/* Not atomic on purpose, so one at a time. */
		on_vcpu(1, both_log, NULL);
		wait_for(&ready, 1);
		both_log(NULL);
		vcpu_join(1);
		break;
	}
}

PAYLOAD("bad-lazy", bad_lazy, .summary = "misuses what lazy memory offers",
	.max_vcpus = 2, .limit_ms = 2000, .lazy_len = 16 << 20,
	.params = {
		{.name = "case",
		 .choices = "populate|log|count-first|count|lie|race",
		 .kind = PARAM_ENUM},
	});
