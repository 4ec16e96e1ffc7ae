/* SPDX-License-Identifier: BSD-2-Clause */
/* control.c - see control.h. */
#include "guest-firmware/control.h"
#include "guest-firmware/percpu.h"
#include "guest-firmware/x86.h"

const struct boot_record *fw_boot;

void fw_control(uint32_t op, uint32_t arg)
{
	struct percpu *p = me();
	struct vcpu_counts *c = &fw_result()->counts[p->id];

	p->counts.pio++; /* this one */
	p->counts.irqs = p->irqs;
	*c = p->counts;
	outl(PORT_CONTROL, op | arg << 8);
}
