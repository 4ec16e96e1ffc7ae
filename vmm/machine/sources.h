/* SPDX-License-Identifier: BSD-2-Clause */
/* sources.h - files that the main thread polls for the devices of a VM. */
#ifndef VMM_MACHINE_SOURCES_H
#define VMM_MACHINE_SOURCES_H

struct vm;

#define MAX_SOURCES 8

struct source {
	int fd;					 /* -1: it was removed */
	void (*ready)(struct vm *vm, void *arg); /* fd can be read */
	void *arg;
};

struct sources {
	unsigned int nr; /* of list, removed ones too */
	struct source list[MAX_SOURCES];
};

/* Before the main thread begins to poll.  Dies when there is no room. */
void source_add(struct sources *s, int fd,
		void (*ready)(struct vm *vm, void *arg), void *arg);
void source_remove(struct sources *s, int fd);

#endif
