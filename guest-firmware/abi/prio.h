/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prio.h - the guest tells the host how urgent it is, and calls a rival.  Only
 * for payloads with PAYLOAD_RIVAL.  Two 32-bit registers at PORT_PRIO.
 *
 * P being the priority of --prio: a vCPU starts boosted.
 */
#ifndef ABI_PRIO_H
#define ABI_PRIO_H

/*
 * Write: the priority of the vCPU that writes.  It holds when the write has
 * returned.
 */
#define PRIO_HINT   0
#define PRIO_NORMAL 0 /* SCHED_FIFO P - 2 */
#define PRIO_BOOST  1 /* SCHED_FIFO P */

/*
 * Write: the rival burns that many microseconds, 1 or more, on the CPU of the
 * last vCPU, at SCHED_FIFO P - 1; more than the maximum are the maximum.  One
 * that is asked for while another has not begun takes its place.  Read: how
 * many bursts are over.
 */
#define PRIO_RIVAL	  4
#define PRIO_MAX_BURST_US 10000u

#define PRIO_LEN 8 /* ports */

#endif
