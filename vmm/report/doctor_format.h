/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_format.h - what mends a host, as other tools take it. */
#ifndef VMM_REPORT_DOCTOR_FORMAT_H
#define VMM_REPORT_DOCTOR_FORMAT_H

#include <stdio.h>

#include "vmm/report/doctor.h"

/* Their names, a blank between: command_option.values. */
#define DOCTOR_FORMATS "tuned libvirt cmdline grub ansible"

bool doctor_has_format(const char *name);

/*
 * What the checks that fail or warn want, for the vCPUs' CPUs, in a format that
 * there is.
 */
void doctor_format(const struct doctor *d, const char *name, FILE *out);

#endif
