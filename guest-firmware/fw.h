/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fw.h - all that a payload includes.  The smallest one:
 *
 *	#include "guest-firmware/fw.h"
 *
 *	static void hello(void)
 *	{
 *		print("hello\n");
 *	}
 *
 *	PAYLOAD("hello", hello, .summary = "says hello", .limit_ms = 1000);
 *
 * The function runs on vCPU 0 with interrupts off; returning from it is a
 * PASS unless a verdict_*() was given before.
 */
#ifndef FW_FW_H
#define FW_FW_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/payload.h"
#include "guest-firmware/abi/result.h"
#include "guest-firmware/clock.h"
#include "guest-firmware/control.h"
#include "guest-firmware/gap.h"
#include "guest-firmware/idle.h"
#include "guest-firmware/irq.h"
#include "guest-firmware/lapic.h"
#include "guest-firmware/metric.h"
#include "guest-firmware/param.h"
#include "guest-firmware/param_desc.h"
#include "guest-firmware/payload.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/print.h"
#include "guest-firmware/pv.h"
#include "guest-firmware/random.h"
#include "guest-firmware/smp.h"
#include "guest-firmware/timer.h"
#include "guest-firmware/trap.h"
#include "guest-firmware/verdict.h"
#include "guest-firmware/x86.h"

#endif
