/* SPDX-License-Identifier: BSD-2-Clause */
/* catalog.h - the payloads that are installed or built. */
#ifndef VMM_PAYLOAD_CATALOG_H
#define VMM_PAYLOAD_CATALOG_H

/*
 * The path of a payload: itself when it has a slash, else NAME.elf in the
 * payload folder.  Dies when there is none, naming those that are there.
 * The caller frees it.
 */
char *catalog_find(const char *payload);

/* "latvisor list": every payload, a line each; an exit status. */
int catalog_list(void);

/* "latvisor list NAME": its parameters; an exit status. */
int catalog_describe(const char *payload);

#endif
