/* SPDX-License-Identifier: BSD-2-Clause */
/* catalog.h - the payloads that are installed or built. */
#ifndef VMM_PAYLOAD_CATALOG_H
#define VMM_PAYLOAD_CATALOG_H

struct dirent;

struct catalog {
	char *folder;
	struct dirent **list;
	int nr;
};

/*
 * The path of a payload: itself when it has a slash, else NAME.elf in the
 * payload folder.  Dies when there is none, naming those that are there.
 * The caller frees it.
 */
char *catalog_find(const char *payload);

/* What is in the payload folder, in order.  Dies when it cannot be read. */
void catalog_open(struct catalog *c);
void catalog_close(struct catalog *c);

/* The name of payload i of nr. */
const char *catalog_name(const struct catalog *c, int i);

#endif
