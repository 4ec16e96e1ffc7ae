/* SPDX-License-Identifier: BSD-2-Clause */
/* sources.c - see sources.h. */
#include "vmm/machine/sources.h"
#include "vmm/base/die.h"

void source_add(struct sources *s, int fd,
		void (*ready)(struct vm *vm, void *arg), void *arg)
{
	unsigned int i = 0;

	while (i < s->nr && s->list[i].fd >= 0)
		i++;
	if (i == MAX_SOURCES)
		die("the devices want more than %d files polled: raise "
		    "MAX_SOURCES",
		    MAX_SOURCES);
	s->list[i] = (struct source){.fd = fd, .ready = ready, .arg = arg};
	if (i == s->nr)
		s->nr++;
}

void source_remove(struct sources *s, int fd)
{
	for (unsigned int i = 0; i < s->nr; i++)
		if (s->list[i].fd == fd)
			s->list[i].fd = -1;
}
