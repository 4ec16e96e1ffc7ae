/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * access_name.h - names of what a guest reads and writes on an exit: MSRs (SDM
 * vol 4, APM vol 2 appendix A, Documentation/virt/kvm/x86/msr.rst), registers
 * of the local APIC (SDM vol 3, 11.4.1), ports of a PC.  NULL: it has none
 * here.
 */
#ifndef VMM_HOST_ACCESS_NAME_H
#define VMM_HOST_ACCESS_NAME_H

#include <stddef.h>
#include <stdint.h>

/* MSRs of the APIC in its x2APIC mode: SDM vol 3, 11.12.1.2. */
#define MSR_X2APIC     0x800
#define MSR_X2APIC_END 0x840

/* Its page, where nobody moved it: SDM vol 3, 11.4.1. */
#define APIC_PAGE     0xfee00000
#define APIC_PAGE_LEN 0x1000

/* "IA32_TSC_DEADLINE"; "x2APIC EOI" is of two words: apic_register_name(). */
const char *msr_name(uint32_t msr);

/* "EOI", of an offset into the APIC's page. */
const char *apic_register_name(uint64_t offset);

/* "PIC", "PIT", ... */
const char *port_name(uint64_t port);

#endif
