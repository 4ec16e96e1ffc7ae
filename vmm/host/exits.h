/* SPDX-License-Identifier: BSD-2-Clause */
/* exits.h - names of the exits that KVM_CAP_X86_DISABLE_EXITS switches off. */
#ifndef VMM_HOST_EXITS_H
#define VMM_HOST_EXITS_H

#include <stddef.h>
#include <stdint.h>

/* The KVM_X86_DISABLE_EXITS_* of a name of len bytes; 0: there is none. */
uint32_t exits_bit(const char *name, size_t len);

/* "hlt, pause" into text; "none" for 0.  text. */
const char *exits_names(uint32_t bits, char *text, size_t len);

#endif
