/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prio.h - telling the host how urgent this vCPU is, and calling a rival: the
 * guest's side of abi/prio.h.  For payloads with PAYLOAD_RIVAL.  Each call is
 * an exit; prio_hint_uncounted() leaves its count to the caller.
 */
#ifndef FW_PRIO_H
#define FW_PRIO_H

#include <stdint.h>

#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/prio.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/x86.h"

/* PRIO_BOOST or PRIO_NORMAL. */
static inline void prio_hint_uncounted(uint32_t value)
{
	outl(PORT_PRIO + PRIO_HINT, value);
}

static inline void prio_hint(uint32_t value)
{
	me()->counts.pio++;
	prio_hint_uncounted(value);
}

/* The rival wants the last vCPU's CPU for burst_us. */
static inline void prio_rival(uint32_t burst_us)
{
	me()->counts.pio++;
	outl(PORT_PRIO + PRIO_RIVAL, burst_us);
}

/* How many of its bursts are over. */
static inline uint32_t prio_bursts(void)
{
	me()->counts.pio++;
	return inl(PORT_PRIO + PRIO_RIVAL);
}

#endif
