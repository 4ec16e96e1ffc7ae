/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slow-path-storm.c - a helper thread and a lock for all vCPUs, without
 * measure; and a run that ends while some of them wait for the two.
 */
#include "guest-firmware/fw.h"
#include "guest-firmware/slow_path.h"

enum {
	CRASH,
	DONE,
	STRING,
	STORM
};

static struct slow_hold hold __attribute__((aligned(SLOW_ALIGN)));

/* Holds the lock again and again, as long as it may and longer. */
static void hold_on(void *arg)
{
	(void)arg;
	hold.hold_us = UINT32_MAX;
	for (;;)
		slow_hold(&hold);
}

/* What vCPU 0 waits for while vCPU 1 goes on. */
static void ask_on(void *arg)
{
	uint64_t t1;

	(void)arg;
	for (;;)
		slow_write(SLOW_LOCKED, &t1);
}

/* vCPU 1 is in an exit that takes long; with three, one waits for another. */
static void end_with_others(void)
{
	if (nr_vcpus() > 2)
		on_vcpu(2, ask_on, NULL);
	on_vcpu(1, hold_on, NULL);
	slow_await_hold(&hold, 3);
}

/* A thousand at once, of which each has to be waited for. */
static __attribute__((noreturn)) void write_string(void)
{
	static const uint32_t text[1024];
	const uint32_t *from = text;
	uint64_t n = sizeof(text) / sizeof(*text);

	for (;;) {
		from = text;
		n = sizeof(text) / sizeof(*text);
		__asm__ volatile("rep outsl"
				 : "+S"(from), "+c"(n)
				 : "d"((uint16_t)SLOW_PORT(SLOW_HELPER))
				 : "memory");
	}
}

static __attribute__((noreturn)) void storm(void *arg)
{
	uint64_t t1;

	(void)arg;
	for (uint32_t i = me()->id;; i++) {
		slow_write((enum slow_place)(i % NR_SLOW_PLACES), &t1);
		if (i % 64 == 0)
			slow_hold(&hold);
		slow_nr_writes((enum slow_place)(i / 3 % NR_SLOW_PLACES));
	}
}

static void slow_path_storm(void)
{
	struct param_value p;

	params_load(&p, 1);
	switch (p.lo) {
	case CRASH:
		end_with_others();
		__builtin_trap();
	case DONE: /* without a look at the others */
		end_with_others();
		fw_control(CTL_DONE, 0);
		break;
	case STRING:
		write_string();
	case STORM:
		for (uint32_t i = 1; i < nr_vcpus(); i++)
			on_vcpu(i, storm, NULL);
		storm(NULL);
	}
}

PAYLOAD("slow-path-storm", slow_path_storm,
	.summary = "all vCPUs want a helper thread and a lock at once",
	.flags = PAYLOAD_SLOW_PATH, .max_vcpus = 3, .limit_ms = 5000,
	.params = {
		{.name = "case",
		 .choices = "crash|done|string|storm",
		 .kind = PARAM_ENUM},
	});
