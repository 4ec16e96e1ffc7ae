/* SPDX-License-Identifier: BSD-2-Clause */
/* cpu_cgroup.c - see cpu_cgroup.h. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/host/cpu_cgroup.h"

/*
 * "0::/a/b" is v2's, "4:cpu,cpuacct:/a/b" v1's, which has the controller then
 * and comes before it.
 */
static bool take_line(struct cpu_cgroup *c, const char *line)
{
	const char *names = strchr(line, ':');
	const char *group = names ? strchr(names + 1, ':') : NULL;

	if (!group || strlen(group + 1) >= sizeof(c->group))
		return false;
	if (group == names + 1)
		c->top = "/sys/fs/cgroup";
	else if (strncmp(names, ":cpu,", 5) == 0 ||
		 strncmp(names, ":cpu:", 5) == 0)
		c->top = "/sys/fs/cgroup/cpu";
	else
		return false;
	snprintf(c->group, sizeof(c->group), "%s", group + 1);
	return true;
}

bool cpu_cgroup_read(struct cpu_cgroup *c, pid_t pid)
{
	char path[32], text[4096], *line, *rest = text;
	bool found = false;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	while (!found && (line = strsep(&rest, "\n")) != NULL)
		found = take_line(c, line);
	return found;
}
