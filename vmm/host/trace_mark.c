/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_mark.c - see trace_mark.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "vmm/host/trace_files.h"
#include "vmm/host/trace_mark.h"
#include "vmm/host/tracefs.h"

#define MARKER	     "trace_marker"
#define NAME_MAX_LEN 64

int trace_mark_open(const char *instance)
{
	int root;

	if (!*instance || strlen(instance) > NAME_MAX_LEN ||
	    strchr(instance, '/') || strcmp(instance, "..") == 0) {
		errno = EINVAL;
		return -1;
	}
	root = tracefs_dir();
	if (root < 0)
		return -1;
	if (strcmp(instance, ".") == 0)
		return trace_open_in(root, O_WRONLY, MARKER);
	return trace_open_in(root, O_WRONLY, "instances/%s/" MARKER, instance);
}
