/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * steady.c - preloaded into Bochs, which seeds what RDRAND gives, and dates
 * some of its devices, by this machine's clock: with these two boots from the
 * same input are the same to the instruction.  LAB_SEED makes them differ.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define NOW 1700000000 /* bochsrc's time0 */

void srand(unsigned int seed)
{
	(void)seed;
}

/* 0 to RAND_MAX, the high bits of a 64-bit congruential generator. */
int rand(void)
{
	static uint64_t state;
	const char *seed = getenv("LAB_SEED");

	if (state == 0)
		state = 1 + (seed ? strtoull(seed, NULL, 10) : 0);
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (int)(state >> 33);
}

time_t time(time_t *t)
{
	if (t)
		*t = NOW;
	return NOW;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	(void)zone;
	*tv = (struct timeval){.tv_sec = NOW};
	return 0;
}
