/* SPDX-License-Identifier: BSD-2-Clause */
/* disturber.c - see disturber.h. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tests/functional/disturber.h"
#include "tests/functional/func.h"

#define PACKETS	   64
#define SERIAL	   "/dev/ttyS2"
#define SERIAL_IRQ "/proc/irq/4/smp_affinity"

#define RT_PERIOD  "/proc/sys/kernel/sched_rt_period_us"
#define RT_RUNTIME "/proc/sys/kernel/sched_rt_runtime_us"
#define RPS	   "/sys/class/net/lo/queues/rx-0/rps_cpus"

/* False: it cannot be written. */
static bool put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	bool done;

	if (!f)
		return false;
	done = fputs(text, f) >= 0;
	return fclose(f) == 0 && done;
}

static void must_put(const char *path, const char *text)
{
	if (put(path, text))
		return;
	print_message("# %s cannot be written\n", path);
	skip();
}

static void put_mask(const char *path, int cpu)
{
	char text[16];

	snprintf(text, sizeof(text), "%x", 1u << cpu);
	must_put(path, text);
}

static void spin(double seconds)
{
	double end = now() + seconds;

	while (now() < end)
		;
}

static void run_2_ms(void)
{
	spin(2e-3);
}

const struct disturbance disturbance_thread = {
	.dose = run_2_ms, .every_s = 20e-3, .is_there = true, .prio = 90};

static void set_rps(int cpu)
{
	put_mask(RPS, cpu);
}

static void unset_rps(void)
{
	put(RPS, "0");
}

/* To a port that nobody listens at: the receiver answers each. */
static void send_packets(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(9),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (int i = 0; i < PACKETS; i++)
		sendto(fd, "", 1, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

const struct disturbance disturbance_softirq = {.set = set_rps,
						.dose = send_packets,
						.every_s = 10e-3,
						.unset = unset_rps};

static void set_serial(int cpu)
{
	int fd = open(SERIAL, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	struct termios t;

	if (fd < 0 || tcgetattr(fd, &t)) {
		print_message("# there is no serial port " SERIAL "\n");
		skip();
	}
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	assert_int_equal(tcsetattr(fd, TCSANOW, &t), 0);
	close(fd);
	put_mask(SERIAL_IRQ, cpu);
}

/* Each wants to be sent, and is sent: two interrupts. */
static void send_bytes(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open(SERIAL, O_RDWR | O_NOCTTY | O_CLOEXEC);
	for (int i = 0; i < 8; i++) {
		if (write(fd, "x", 1) != 1)
			_exit(1);
		spin(120e-6);
	}
}

const struct disturbance disturbance_interrupt = {
	.set = set_serial, .dose = send_bytes, .every_s = 1e-3};

static void set_rt(int cpu)
{
	(void)cpu;
	must_put(RT_RUNTIME, "10000");
	must_put(RT_PERIOD, "20000");
}

static void unset_rt(void)
{
	put(RT_PERIOD, "1000000");
	put(RT_RUNTIME, "950000");
}

const struct disturbance disturbance_throttling = {
	.set = set_rt, .dose = run_2_ms, .is_there = true, .unset = unset_rt};

static void disturb(const struct disturbance *d, int cpu)
{
	struct sched_param prio = {.sched_priority = d->prio};
	cpu_set_t set;

	prctl(PR_SET_NAME, DISTURBER);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* There, or anywhere else: what disturbs is then not this thread. */
	CPU_ZERO(&set);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if ((i == cpu) == d->is_there)
			CPU_SET(i, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(1);
	if (d->prio && sched_setscheduler(0, SCHED_FIFO, &prio))
		_exit(1);
	for (;;) {
		d->dose();
		if (d->every_s > 0)
			sleep_for(d->every_s);
	}
}

pid_t disturber_start(const struct disturbance *d, int cpu)
{
	pid_t pid;

	if (d->set)
		d->set(cpu);
	pid = fork();
	if (pid == 0)
		disturb(d, cpu);
	assert_true(pid > 0);
	return pid;
}

void disturber_stop(const struct disturbance *d, pid_t pid)
{
	int status = 0;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (d->unset)
		d->unset();
	must(WIFSIGNALED(status), "the disturber ended by itself");
}
