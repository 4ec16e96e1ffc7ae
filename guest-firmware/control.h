/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.h - what the vmm left for the guest, what the guest leaves for it,
 * and the port by which it asks.
 */
#ifndef FW_CONTROL_H
#define FW_CONTROL_H

#include "guest-firmware/abi/boot.h"
#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/result.h"

/* Every vCPU stores the same value, before it uses it. */
extern const struct boot_record *fw_boot;

static inline struct result_area *fw_result(void)
{
	return (struct result_area *)LAYOUT_RESULT;
}

/*
 * Publishes this vCPU's counts and asks the vmm for a CTL_* service: one exit
 * to userspace.
 */
void fw_control(uint32_t op, uint32_t arg);

#endif
