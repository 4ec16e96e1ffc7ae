/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slow_path.h - one register in several places: what is done for a write is the
 * same in all of them, only where differs.  Only for payloads with
 * PAYLOAD_SLOW_PATH.  32-bit accesses.
 */
#ifndef ABI_SLOW_PATH_H
#define ABI_SLOW_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/layout.h"

/* Who handles a register; its port is PORT_SLOW_PATH + 4 times that. */
enum slow_place {
	SLOW_KERNEL, /* KVM, without an exit to userspace; reads as SLOW_INLINE
		      */
	SLOW_INLINE, /* the vCPU's thread */
	SLOW_HELPER, /* a helper thread */
	SLOW_LOCKED, /* that, with a lock that SLOW_HOLD takes */
	NR_SLOW_PLACES,
};

/* Write: counts one more.  Read: how many writes there were. */
#define SLOW_PORT(place) (PORT_SLOW_PATH + 4u * (place))

/*
 * Write of the address of a struct slow_hold: the vCPU's thread takes the lock,
 * waits until the helper wants it, SLOW_AWAIT_US at most, holds it for hold_us
 * more, and returns when it has let go of it.
 */
#define SLOW_HOLD_PORT SLOW_PORT(NR_SLOW_PLACES)

#define SLOW_MAX_HOLD_US 10000u /* more are as many */
#define SLOW_AWAIT_US	 100000u
#define SLOW_ALIGN	 64u

struct slow_hold {
	uint32_t hold_us; /* the guest writes */
	uint32_t pad[15];
	/* The host: how often the lock was taken, before it waits, ... */
	uint64_t held;
	/* ... and in how many of these the helper waited for it, after it. */
	uint64_t contended;
	uint64_t pad2[6];
};

_Static_assert(offsetof(struct slow_hold, held) == 64, "a line a writer");
_Static_assert(sizeof(struct slow_hold) == 128, "whole lines");

#endif
