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
#include "guest-firmware/idle.h"
#include "guest-firmware/irq.h"
#include "guest-firmware/lapic.h"
#include "guest-firmware/metric.h"
#include "guest-firmware/param.h"
#include "guest-firmware/param_desc.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/print.h"
#include "guest-firmware/pv.h"
#include "guest-firmware/smp.h"
#include "guest-firmware/timer.h"
#include "guest-firmware/trap.h"
#include "guest-firmware/x86.h"

/*
 * Declares the payload: one a file; its name is the file's.  The fields are
 * those of struct payload_note, which says what one that is left out means.
 */
#define PAYLOAD(payload_name, fn, ...)                             \
	void (*const payload_main)(void) = fn;                     \
	const struct payload_elf_note payload_note __attribute__(( \
		section(".note.latvisor"), used, aligned(4))) = {  \
		.namesz = sizeof(PAYLOAD_NOTE_NAME),               \
		.descsz = sizeof(struct payload_note),             \
		.type = PAYLOAD_NOTE_TYPE,                         \
		.name = PAYLOAD_NOTE_NAME,                         \
		.desc = {.abi_version = ABI_VERSION,               \
			 .name = payload_name,                     \
			 __VA_ARGS__},                             \
	}

struct payload_elf_note {
	uint32_t namesz, descsz, type;
	char name[12]; /* sizeof(PAYLOAD_NOTE_NAME) rounded up to 4 */
	struct payload_note desc;
};

extern void (*const payload_main)(void);
extern const struct payload_elf_note payload_note;

static inline struct result_area *fw_result(void)
{
	return (struct result_area *)LAYOUT_RESULT;
}

/*
 * Publishes this vCPU's counts and asks the vmm for a CTL_* service: one exit
 * to userspace.
 */
void fw_control(uint32_t op, uint32_t arg);

/* xorshift64*: fast, good enough to spread samples over a period. */
uint64_t random_below(uint64_t *state, uint64_t bound);

#endif
