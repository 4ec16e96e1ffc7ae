/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_files.c - see trace_files.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/host/trace_files.h"
#include "vmm/host/tracefs.h"

#define PATH_LEN 128
#define PIECE	 1024

int trace_open_in(int dir, int flags, const char *fmt, ...)
{
	char path[PATH_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	return openat(dir, path, flags | O_CLOEXEC);
}

void trace_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

int trace_write_fd(int fd, const char *text)
{
	size_t len = strlen(text);

	return write(fd, text, len) == (ssize_t)len ? 0 : -errno;
}

int trace_write_in(int dir, const char *name, const char *text)
{
	int fd = trace_open_in(dir, O_WRONLY, "%s", name);
	int err = fd < 0 ? -errno : trace_write_fd(fd, text);

	trace_close(fd);
	return err;
}

char *trace_read(void *arg, const char *name, size_t *len)
{
	FILE *f = tracefs_open(name);
	char *text = NULL;
	size_t room = 0, n;

	(void)arg;
	if (!f)
		return NULL;
	*len = 0;
	do {
		char *more = realloc(text, room + PIECE + 1);

		if (!more)
			die_errno("no memory for the host's events");
		text = more;
		room += PIECE;
		n = fread(text + *len, 1, room - *len, f);
		*len += n;
	} while (n);
	text[*len] = '\0';
	fclose(f);
	return text;
}
