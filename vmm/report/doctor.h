/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor.h - what checks of the host have found, as text, JSON and Markdown. */
#ifndef VMM_REPORT_DOCTOR_H
#define VMM_REPORT_DOCTOR_H

#include <stdio.h>

#include "vmm/host/check.h"

#define DOCTOR_SCHEMA "latvisor-doctor/1"

struct doctor {
	const struct check_host *host;
	const char *root; /* NULL: this machine */
	const struct check_found *found;
	size_t nr;
};

/* One screen: the failures by weight; all: every check, by group. */
void doctor_text(const struct doctor *d, bool all, FILE *out);

/* To a file, or "-"; 0 or -errno.  docs/host-setup.md tells what is in it. */
int doctor_json(const struct doctor *d, const char *path);

/* docs/host-setup.md: every check, nothing found. */
void doctor_markdown(FILE *out);

/* "no, 3 of 84 fail: a, b, c.", of one line. */
void doctor_verdict(const struct doctor *d, FILE *out);

#endif
