/* SPDX-License-Identifier: BSD-2-Clause */
/* aside.c - see aside.h. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/run/aside.h"

#define SIGNALLED 128 /* and its number: what a shell makes of it */

/* Until a message comes, or the program ends.  A stop is the program's matter.
 */
static _Noreturn void wait_for_message(int fd, aside_work *work,
				       const void *arg)
{
	char message[4096];
	ssize_t n;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	n = recv(fd, message, sizeof(message) - 1, 0);
	if (n <= 0)
		_exit(0);
	message[n] = '\0';
	work(arg, message, (size_t)n, fd);
	_exit(0);
}

int aside_start(const char *option, aside_work *work, const void *arg)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		die_errno("cannot prepare for %s", option);
	pid = fork();
	if (pid < 0)
		die_errno("cannot prepare for %s", option);
	if (pid == 0) {
		close(ends[0]);
		wait_for_message(ends[1], work, arg);
	}
	close(ends[1]);
	return ends[0];
}

int aside_wait(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return ASIDE_NOT_STARTED;
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : SIGNALLED + WTERMSIG(status);
}
